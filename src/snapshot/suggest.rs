//! "did you mean": the nearest of the known names.

/// A hint to append to a message, or nothing where no name is near.
pub fn hint<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> String {
    let near = known.map(|name| (distance(wrong, name), name)).min_by_key(|(distance, _)| *distance);
    match near {
        Some((distance, name)) if distance <= allowed(wrong) => ["; did you mean `", name, "`?"].concat(),
        _ => String::new(),
    }
}

/// A third of the letters may be wrong; more is another word.
fn allowed(wrong: &str) -> usize {
    (wrong.chars().count() / 3).clamp(1, 3)
}

/// Letters to insert, drop or replace (Levenshtein), ignoring case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().take(64).enumerate() {
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
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
