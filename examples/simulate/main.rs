//! What a guard does on simulated traffic: `cargo run --release --example simulate`, about a minute. `--help` lists the options.
//!
//! False verdicts a day and seconds to a verdict, for the rule and for what people write by hand, beside the values that the rule is
//! documented with; then spikes, and isolates whose reports are lost or late. The exit code is 0; 2 where the arguments are not right.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "small counts, drawn here: where they overflowed, a debug build would tell"
)]

mod arguments;
mod delays;
mod false_verdicts;
mod isolates;
mod report;
mod rules;
mod spikes;
mod traffic;
mod work;

use arguments::{Arguments, HELP};
use report::Table;
use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    match arguments::read() {
        Ok(None) => told(io::stdout(), HELP, ExitCode::SUCCESS),
        Ok(Some(arguments)) => {
            let tables = tables(&arguments);
            let text =
                if arguments.json { report::json(&arguments, &tables) } else { report::text(&arguments, &tables) };
            told(io::stdout(), &text, ExitCode::SUCCESS)
        }
        Err(message) => told(io::stderr(), &format!("{message}\n\n{HELP}"), ExitCode::from(2)),
    }
}

fn told(mut out: impl Write, text: &str, code: ExitCode) -> ExitCode {
    // A reader that stops early, `head` say, is no failure.
    let _ = out.write_all(text.as_bytes());
    code
}

fn tables(arguments: &Arguments) -> Vec<Table> {
    vec![
        false_verdicts::table(arguments),
        delays::table(arguments),
        spikes::table(arguments),
        isolates::table(arguments),
    ]
}
