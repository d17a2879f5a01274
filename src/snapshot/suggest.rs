//! "did you mean": the nearest of the known names.

use crate::limits;

/// A hint to append to a message, or nothing where no name is near.
pub fn hint(wrong: &str, known: &mut dyn Iterator<Item = &str>) -> String {
    let allowed = allowed(wrong);
    let (mut nearest, mut best) = ("", allowed.saturating_add(1));
    if wrong.len() > limits::HINTED_BYTES {
        return String::new();
    }
    // A letter has four bytes at most.
    for name in known.filter(|name| name.len().abs_diff(wrong.len()) <= allowed.saturating_mul(4)) {
        let distance = distance(wrong, name, best);
        if distance < best {
            (nearest, best) = (name, distance);
        }
    }
    if nearest.is_empty() { String::new() } else { ["; did you mean `", nearest, "`?"].concat() }
}

/// A third of the letters may be wrong; more is another word.
fn allowed(wrong: &str) -> usize {
    (wrong.len() / 3).clamp(1, 3)
}

/// Letters to insert, drop or replace (Levenshtein), ignoring case; at least `enough` where it is no less. Most names differ in enough
/// letters soon: ten hints among 10,000 names of 50 letters took 5 s to the end of each.
fn distance(left: &str, right: &str, enough: usize) -> usize {
    let right: Vec<char> = right.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line.saturating_add(1);
        let mut next = vec![before];
        for (other, above) in right.iter().zip(row.iter().skip(1)) {
            let change = usize::from(*other != letter.to_ascii_lowercase());
            let best = diagonal.saturating_add(change).min(before.saturating_add(1)).min(above.saturating_add(1));
            diagonal = *above;
            before = best;
            next.push(best);
        }
        if next.iter().all(|letters| *letters >= enough) {
            return enough;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
