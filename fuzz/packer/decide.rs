//! What the crate decides natively, for `fuzz/packer`: reads questions, a JSON line each, and answers each with a JSON line.

use pointsman::{Context, Engine, ErrorCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    error::Error,
    io::{self, BufRead, Write},
};

/// A snapshot, visitors, and a time in milliseconds since 1970.
#[derive(Deserialize)]
struct Question {
    snapshot: String,
    contexts: Vec<Context>,
    now: i64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question = serde_json::from_str(&line?)?;
        writeln!(out, "{}", answer(&question)?)?;
        out.flush()?;
    }
    Ok(())
}

/// Null where the snapshot is refused; else each visitor's decisions, in the order of the flags.
fn answer(Question { snapshot, contexts, now }: &Question) -> Result<Value, serde_json::Error> {
    let Ok(engine) = Engine::from_slice(snapshot.as_bytes()) else { return Ok(Value::Null) };
    contexts.iter().map(|context| visitor(&engine, context, *now)).collect()
}

fn visitor(engine: &Engine, context: &Context, now: i64) -> Result<Value, serde_json::Error> {
    engine.flags().map(|key| decided(engine, key, context, now)).collect()
}

/// One decision as JavaScript has it, and its explanation in words.
fn decided(engine: &Engine, key: &str, context: &Context, now: i64) -> Result<Value, serde_json::Error> {
    let explanation = engine.explain(key, context, now);
    let told = engine.evaluate(key, context, now);
    Ok(json!({
        "flagKey": key,
        "variant": told.variant,
        "value": serde_json::from_str::<Value>(told.value)?,
        "reason": told.reason.as_str(),
        "detail": told.detail,
        "rule": told.rule,
        "errorCode": told.error_code.map(ErrorCode::as_str),
        "text": explanation.to_string(),
    }))
}
