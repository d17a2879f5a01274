//! How a variant stands, and on what grounds: plain data, in words for whoever is on call.

use super::{Condition, Evidence, Lack, State, orders};
use crate::{directive::Grounds, json::Writer};
use std::fmt::{self, Display, Formatter};

/// How one variant of a guarded flag stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The flag's key.
    pub flag: String,
    /// The variant's name.
    pub variant: String,
    /// The name of the variant that it is compared with.
    pub control: String,
    /// The guard's generation.
    pub generation: u64,
    /// The judge's word.
    pub state: State,
    /// What speaks most strongly against the variant; none without requests.
    pub evidence: Option<Grounds>,
    /// Whether the control is served in its place at present: it is rolled back, or ejected for a while.
    pub withdrawn: bool,
}

impl Grounds {
    /// Evidence with its time: `end` is that of its newest slot, in milliseconds since 1970.
    pub(crate) fn of(evidence: &Evidence, end: u64, slot_ms: u64) -> Grounds {
        let length = slot_ms.saturating_mul(evidence.slots as u64);
        Grounds {
            condition: evidence.condition,
            since: i64::try_from(end.saturating_sub(length)).unwrap_or(i64::MAX),
            failed: evidence.failed,
            requests: evidence.requests,
            control_failed: evidence.control_failed,
            control_requests: evidence.control_requests,
            limit: evidence.limit,
            edge_ms: evidence.edge_ms,
        }
    }
}

impl State {
    /// The state in one word, `suspect` say.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Insufficient(_) => "insufficient",
            State::Ok => "ok",
            State::Suspect => "suspect",
            State::Breach => "breach",
        }
    }
}

impl Lack {
    /// What is missing, in one word: `requests`, `power`, `stale`, `control` or `volume`.
    pub fn as_str(self) -> &'static str {
        match self {
            Lack::Requests => "requests",
            Lack::Power => "power",
            Lack::Stale => "stale",
            Lack::Control => "control",
            Lack::Volume => "volume",
        }
    }

    /// What is missing, in words.
    fn words(self) -> &'static str {
        match self {
            Lack::Requests => "too few requests",
            Lack::Power => "too few requests to rule out a breach of five times the limit",
            Lack::Stale => "the newest report is older than three slots",
            Lack::Control => "the control has no requests to compare with",
            Lack::Volume => "less than half of the requests that the control's let expect",
        }
    }
}

/// Writes standings for the JavaScript side.
pub fn written(standings: &[Standing]) -> String {
    let mut json = Writer::default();
    json.list("", standings.len(), &|json, at| {
        if let Some(standing) = standings.get(at) {
            write(json, standing);
        }
    });
    json.text
}

fn write(json: &mut Writer, standing: &Standing) {
    json.raw("{\"flag\":");
    json.string(Some(&standing.flag));
    json.raw(",\"variant\":");
    json.string(Some(&standing.variant));
    json.raw(",\"control\":");
    json.string(Some(&standing.control));
    json.whole(",\"generation\":", standing.generation);
    json.raw(",\"state\":\"");
    json.raw(standing.state.as_str());
    if let State::Insufficient(lack) = standing.state {
        json.raw("\",\"lack\":\"");
        json.raw(lack.as_str());
    }
    json.raw(if standing.withdrawn { "\",\"withdrawn\":true" } else { "\",\"withdrawn\":false" });
    if let Some(grounds) = &standing.evidence {
        json.raw(",\"evidence\":");
        orders::write_grounds(json, grounds);
    }
    json.raw("}");
}

/// `checkout canary: breach: since 12:03:20, 31 of 402 failed, limit 1 %; control 2 of 7,911`, times in UTC.
impl Display for Standing {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}: {}", self.flag, self.variant, self.state.as_str())?;
        if let State::Insufficient(lack) = self.state {
            write!(out, ": {}", lack.words())?;
        }
        match &self.evidence {
            Some(grounds) => write!(out, ": {grounds}"),
            None => Ok(()),
        }
    }
}

impl Display for Grounds {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (failed, requests) = (grouped(self.failed), grouped(self.requests));
        write!(out, "since {}, {failed} of {requests} ", time_of_day(self.since))?;
        self.limit_words(out)?;
        if self.control_requests == 0 {
            return Ok(());
        }
        write!(out, "; control {} of {}", grouped(self.control_failed), grouped(self.control_requests))
    }
}

impl Grounds {
    fn limit_words(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (limit, percent, edge) = (rounded(self.limit), rounded(self.limit * 100.0), rounded(self.edge_ms));
        match self.condition {
            Condition::ErrorMax => write!(out, "failed, limit {percent} %"),
            Condition::ErrorOverControl => write!(out, "failed, limit {percent} % more than the control"),
            Condition::LatencyMax => write!(out, "took longer than {edge} ms, limit {percent} %"),
            Condition::LatencyOverControl => {
                write!(out, "took {edge} ms or longer, limit {limit} times the control's latency")
            }
        }
    }
}

/// To the fourth decimal.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// `7,911`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        text.push(digit);
        if left > 0 && left % 3 == 0 {
            text.push(',');
        }
    }
    text
}

/// `12:03:20` of a time in milliseconds since 1970, UTC.
fn time_of_day(ms: i64) -> String {
    let seconds = ms.div_euclid(1_000).rem_euclid(86_400);
    let part = |length: i64, of: i64| seconds.div_euclid(length).rem_euclid(of);
    format!("{:02}:{:02}:{:02}", part(3_600, 24), part(60, 60), part(1, 60))
}

#[cfg(test)]
mod tests {
    use super::{Standing, written};
    use crate::{
        directive::Grounds,
        guard::{Condition, Lack, State},
    };

    fn standing(state: State) -> Standing {
        Standing {
            flag: "f".into(),
            variant: "on".into(),
            control: "off".into(),
            generation: 3,
            state,
            evidence: None,
            withdrawn: false,
        }
    }

    /// As the npm package's type `Standing` has it.
    #[test]
    fn standings_as_javascript_reads_them() {
        let begin = r#"{"flag":"f","variant":"on","control":"off","generation":3,"state":"#;
        for (state, text) in [
            (State::Ok, r#""ok""#),
            (State::Suspect, r#""suspect""#),
            (State::Insufficient(Lack::Requests), r#""insufficient","lack":"requests""#),
            (State::Insufficient(Lack::Power), r#""insufficient","lack":"power""#),
            (State::Insufficient(Lack::Stale), r#""insufficient","lack":"stale""#),
            (State::Insufficient(Lack::Control), r#""insufficient","lack":"control""#),
            (State::Insufficient(Lack::Volume), r#""insufficient","lack":"volume""#),
        ] {
            assert_eq!(written(&[standing(state)]), [r"[", begin, text, r#","withdrawn":false}]"#].concat());
        }
        let evidence = Some(Grounds {
            condition: Condition::LatencyMax,
            since: 1,
            failed: 2,
            requests: 3,
            control_failed: 4,
            control_requests: 5,
            limit: 0.05,
            edge_ms: 320.0,
        });
        let breach = Standing { evidence, withdrawn: true, ..standing(State::Breach) };
        let grounds = r#"{"condition":"latency.max","since":1,"failed":2,"requests":3,"controlFailed":4,"controlRequests":5,"limit":0.05,"edgeMs":320}"#;
        let breach_text = [begin, r#""breach","withdrawn":true,"evidence":"#, grounds, "}"].concat();
        let ok_text = [begin, r#""ok","withdrawn":false}"#].concat();
        assert_eq!(written(&[breach, standing(State::Ok)]), ["[", &breach_text, ",", &ok_text, "]"].concat());
        assert_eq!(written(&[]), "[]");
    }
}
