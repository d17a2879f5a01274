//! Decides a flag for a few users: `cargo run --example decide [SNAPSHOT FLAG USER...]`.
//!
//! Without arguments, a built-in snapshot is used. The exit code is 0; 1 where the snapshot cannot be read or is refused;
//! 2 where the arguments are not right.

use pointsman::{Context, Engine};
use std::{
    env,
    error::Error,
    fs,
    io::{self, Write},
    process::ExitCode,
    time::SystemTime,
};

const SNAPSHOT: &[u8] = br#"{
    "flags": {
        "new-checkout": { "enabled": true, "rolloutPercentage": 25, "whitelistUsers": ["bob"] }
    }
}"#;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let decided = match arguments.as_slice() {
        [] => decide(SNAPSHOT, "new-checkout", &["alice".into(), "bob".into(), "carol".into(), String::new()]),
        [path, flag, users @ ..] if !users.is_empty() => {
            let read = fs::read(path).map_err(|error| format!("{path}: {error}").into());
            read.and_then(|snapshot| decide(&snapshot, flag, users))
        }
        _ => return told("usage: decide [SNAPSHOT FLAG USER...]", 2),
    };
    decided.map_or_else(|error| told(&error.to_string(), 1), |()| ExitCode::SUCCESS)
}

fn told(message: &str, code: u8) -> ExitCode {
    // Where even that cannot be written, the exit code says enough.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::from(code)
}

fn decide(snapshot: &[u8], flag: &str, users: &[String]) -> Result<(), Box<dyn Error>> {
    let engine = Engine::from_slice(snapshot)?;
    let mut out = io::stdout().lock();
    // A flag may be broken though the snapshot is good.
    for problem in engine.problems() {
        writeln!(out, "{problem}")?;
    }
    let now = SystemTime::UNIX_EPOCH.elapsed()?.as_millis().try_into()?;
    for user in users {
        let decision = engine.evaluate(flag, &Context::new().with("userId", user.as_str()), now);
        let (reason, detail) = (decision.reason.as_str(), decision.detail);
        writeln!(out, "{user:>8}: {} = {} ({reason}, {detail})", decision.variant.unwrap_or("none"), decision.value)?;
    }
    Ok(())
}
