//! Regular expressions, in linear time and of a bounded size: together that bounds what one decision takes.

use crate::limits;
use regex_lite::{Regex, RegexBuilder};

/// None for what is no regular expression, or takes more than [`limits::PATTERN_BYTES`].
pub fn compiled(text: &str, folded: bool) -> Option<Regex> {
    RegexBuilder::new(text).case_insensitive(folded).size_limit(limits::PATTERN_BYTES).build().ok()
}
