//! SemVer 2.0.0, section 11, with versions that leave out minor and patch.

use std::cmp::Ordering;

/// How one version is to another; none where one is no version.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((core_a, pre_a), (core_b, pre_b)) = (parts(a)?, parts(b)?);
    let cores = core_a.iter().zip(&core_b).map(|(a, b)| numbers(a, b)).find(|order| order.is_ne());
    Some(cores.unwrap_or_else(|| releases(&pre_a, &pre_b)))
}

pub fn is_version(text: &str) -> bool {
    parts(text).is_some()
}

/// Major, minor and patch; and the identifiers of the pre-release, none for a release.
fn parts(text: &str) -> Option<([&str; 3], Option<Vec<&str>>)> {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
        return None;
    }
    let (core, pre) = match text.split_once('-') {
        Some((core, pre)) => (core, Some(pre.split('.').collect::<Vec<_>>())),
        None => (text, None),
    };
    let sound = |identifier: &&str| is_identifier(identifier) && (!is_digits(identifier) || is_number(identifier));
    if pre.as_ref().is_some_and(|pre| !pre.iter().all(sound)) {
        return None;
    }
    let given: Vec<&str> = core.split('.').collect();
    if given.len() > 3 || !given.iter().all(|number| is_number(number)) {
        return None;
    }
    let number = |place: usize| given.get(place).copied().unwrap_or("0");
    Some(([number(0), number(1), number(2)], pre))
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

/// Without leading zeros.
fn is_number(text: &str) -> bool {
    is_digits(text) && (text == "0" || !text.starts_with('0'))
}

/// Numbers of any length: without leading zeros, the longer one is the greater.
fn numbers(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// "A pre-release version has lower precedence than a normal version."
fn releases(a: &Option<Vec<&str>>, b: &Option<Vec<&str>>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| identifiers(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
    }
}

/// "Numeric identifiers always have lower precedence than non-numeric identifiers."
fn identifiers(a: &str, b: &str) -> Ordering {
    match (is_digits(a), is_digits(b)) {
        (true, true) => numbers(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}
