//! Revisions only go up.

use crate::{
    error::Code,
    number,
    snapshot::{check::Issues, document::Node},
    table::Table,
};

/// The revision of a snapshot whose members have been checked.
pub fn of(root: Node<'_>) -> Option<u64> {
    root.get("revision").and_then(Node::number).map(|revision| revision as u64)
}

/// Compares with the revision in use. The same bytes again never come here.
pub fn check(root: Node<'_>, previous: Option<&Table>, issues: &mut Issues) {
    let Some(last) = previous.and_then(|table| table.revision) else { return };
    let in_use = number::text(last);
    match (root.get("revision"), of(root)) {
        (Some(node), Some(next)) if next < last => {
            let message = [
                "revision ",
                node.raw(),
                " is lower than ",
                &in_use,
                " in use; to go back, publish the old content under a higher one",
            ];
            issues.add(node, Code::StaleRevision, &message);
        }
        (Some(node), Some(next)) if next == last => {
            let message = ["revision ", &in_use, " is in use with other content; publish a change under a higher one"];
            issues.add(node, Code::RevisionConflict, &message);
        }
        (None, _) => {
            let message = ["there is no revision, after a snapshot with revision ", &in_use, "; give it a higher one"];
            issues.add(root, Code::RevisionMissing, &message);
        }
        _ => {}
    }
}
