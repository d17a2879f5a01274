//! Texts compared whatever the case of their letters. Values of snapshots are folded once, texts of visitors as they are read.

#[cfg(not(feature = "full"))]
pub use fold_ascii as fold;

/// A letter in the case that comparisons are made in: ASCII's lower case, and what folds to that.
pub fn fold_ascii(letter: char) -> char {
    match letter {
        // The only two others that fold to ASCII: with ASCII values the core and the full build never differ.
        'ſ' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

/// A letter in the case that comparisons are made in: Unicode's simple case folding (CaseFolding.txt, statuses C and S).
#[cfg(feature = "full")]
pub fn fold(letter: char) -> char {
    unicode_case_mapping::case_folded(letter).and_then(|folded| char::from_u32(folded.get())).unwrap_or(letter)
}

/// Whether this build can compare a text whatever its case.
pub fn is_foldable(text: &str) -> bool {
    cfg!(feature = "full") || text.is_ascii()
}

/// A text, folded.
pub fn folded(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        out.push(fold(letter));
    }
    out
}

/// What is left of a text behind a folded part that it begins with.
pub fn behind<'t>(text: &'t str, part: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for letter in part.chars() {
        rest.next().filter(|own| fold(*own) == letter)?;
    }
    Some(rest.as_str())
}

/// Whether a text ends in a folded part.
pub fn ends_with(text: &str, part: &str) -> bool {
    let mut rest = text.chars().rev();
    part.chars().rev().all(|letter| rest.next().map(fold) == Some(letter))
}

/// Whether a text holds a folded part.
pub fn contains(text: &str, part: &str) -> bool {
    let mut rest = text.chars();
    loop {
        if behind(rest.as_str(), part).is_some() {
            return true;
        }
        if rest.next().is_none() {
            return false;
        }
    }
}
