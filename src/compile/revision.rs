//! Revisions only go up.

use crate::{
    error::Code,
    number,
    snapshot::{document::Node, issues::Issues},
    table::Table,
};

/// The revision of a snapshot; none where it has none, or what it has is no revision.
pub fn of(root: Node<'_>) -> Option<u64> {
    let revision = root.number_of("revision").filter(|revision| *revision >= 0.0 && revision.fract() == 0.0);
    revision.map(|revision| revision as u64)
}

/// Compares with the revision in use. The same bytes again never come here.
pub fn check(root: Node<'_>, previous: Option<&Table>, issues: &mut Issues) {
    let Some(last) = previous.and_then(|table| table.revision) else { return };
    let node = root.get("revision").unwrap_or(root);
    let (code, message) = match of(root) {
        // That it is no revision has been said.
        None if root.get("revision").is_some() => return,
        None => {
            (Code::RevisionMissing, "there is no revision, after a snapshot with revision {}: give it a higher one")
        }
        Some(next) if next < last => (
            Code::StaleRevision,
            "revision {text} is lower than `{}`, in use: to go back, publish the old content under a higher one",
        ),
        Some(next) if next == last => (
            Code::RevisionConflict,
            "revision {text} is in use with other content: publish a change under a higher one",
        ),
        Some(_) => return,
    };
    issues.add_with(node, code, message, &number::text(last));
}
