//! What the caller asks for.

use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;

pub const HELP: &str = "\
Simulates guards: at most 1 % may fail, window 5m, slot 10s, confidence 0.95.

usage: simulate [OPTIONS]

  --seed N         another draw (default 1); the same number gives the same tables
  --quick          a hundredth of the days and a tenth of the runs: some seconds
  --isolates N     isolates that report to one coordinator, 1 to 1000 (default 20)
  --loss SHARE     of their reports that are lost, 0 to 1 (default 0.3)
  --late DURATION  how late the others arrive at most, 5s or 500ms say (default 5s)
  --json           the tables as JSON
  --help           this text
";

pub struct Arguments {
    pub seed: u64,
    pub quick: bool,
    pub isolates: u32,
    pub loss: f64,
    pub late_ms: u32,
    pub json: bool,
}

impl Arguments {
    /// So many, or fewer where it is to be quick.
    pub fn scaled(&self, count: u32, quick_divisor: u32) -> u32 {
        if self.quick { (count / quick_divisor).max(1) } else { count }
    }
}

/// None where help is asked for.
pub fn read() -> Result<Option<Arguments>, String> {
    parse(Parser::from_env()).map_err(|error| error.to_string())
}

fn parse(mut parser: Parser) -> Result<Option<Arguments>, lexopt::Error> {
    let mut read = Arguments { seed: 1, quick: false, isolates: 20, loss: 0.3, late_ms: 5_000, json: false };
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("seed") => read.seed = parser.value()?.parse()?,
            Arg::Long("quick") => read.quick = true,
            Arg::Long("json") => read.json = true,
            Arg::Long("isolates") => read.isolates = within(parser.value()?, "isolates", 1, 1_000)?,
            Arg::Long("loss") => read.loss = within(parser.value()?, "loss", 0.0, 1.0)?,
            Arg::Long("late") => read.late_ms = duration(&parser.value()?)?,
            Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => return Err(argument.unexpected()),
        }
    }
    Ok(Some(read))
}

fn within<T>(value: OsString, name: &str, from: T, to: T) -> Result<T, lexopt::Error>
where
    T: std::str::FromStr<Err: Into<Box<dyn std::error::Error + Send + Sync>>> + PartialOrd + std::fmt::Display,
{
    let value: T = value.parse()?;
    let inside = value >= from && value <= to;
    if inside { Ok(value) } else { Err(format!("--{name} takes {from} to {to}, not {value}").into()) }
}

/// Milliseconds of `5s` or `500ms`, at most ten minutes.
fn duration(value: &OsString) -> Result<u32, lexopt::Error> {
    let text = value.to_string_lossy();
    let (digits, unit) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        _ => 0,
    };
    let length = digits.parse().ok().and_then(|count: u32| count.checked_mul(factor));
    let right = length.filter(|&length| factor > 0 && length <= 600_000);
    right.ok_or_else(|| format!("--late takes a duration such as 5s or 500ms, 10 minutes at most, not {text}").into())
}
