//! An explanation is rendered for whatever is decided, and says what was decided.

use super::{parts, visit::Visit};
use pointsman::Engine;

/// `bytes` are a snapshot and a visit.
pub fn law(bytes: &[u8]) {
    let [snapshot, visit] = parts(bytes);
    let Ok(engine) = Engine::from_slice(snapshot) else { return };
    let visit = Visit::read(visit);
    for key in engine.flags().chain(["nowhere"]) {
        let answer = engine.evaluate(key, &visit.context, visit.now);
        let explanation = engine.explain(key, &visit.context, visit.now);
        assert_eq!(explanation.evaluation, answer);
        let text = explanation.to_string();
        let told = [answer.reason.as_str(), answer.detail];
        assert!(told.iter().all(|word| text.contains(word)), "{text}");
    }
}
