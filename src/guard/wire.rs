//! JSON that comes from elsewhere, read and checked as snapshots are.

use crate::{
    error::LoadError,
    snapshot::{
        check,
        document::{Document, Node},
        issues::Issues,
        place,
        schema::{Shape, Type},
    },
};

/// A text of a shape, with nothing twice in it. `more` is what the shape can't say, asked where all else is right.
///
/// # Errors
/// Everything that is wrong with the text.
pub fn document<'t>(
    text: &'t str,
    shape: &'static Shape,
    more: fn(Node<'_>, &mut Issues),
) -> Result<Document<'t>, LoadError> {
    let document = Document::read(text).map_err(|issue| LoadError { problems: place::locate(None, text, &[issue]) })?;
    let mut issues = Issues::default();
    check::check(document.root(), &Type::Object(shape), &mut issues);
    if issues.count == 0 {
        more(document.root(), &mut issues);
    }
    let problems = place::locate(Some(&document), text, &issues.into_list());
    if problems.is_empty() { Ok(document) } else { Err(LoadError { problems }) }
}
