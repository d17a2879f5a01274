//! Writes JSON for the JavaScript side, piece by piece, without the formatting machinery that the shipped module leaves out.

use crate::number;

#[derive(Default)]
pub struct Writer {
    pub text: String,
}

impl Writer {
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A value as it is written in the snapshot.
    pub fn span(&mut self, text: Option<&str>) {
        self.raw(text.unwrap_or("null"));
    }

    pub fn numbers(&mut self, before: &str, values: &[u16]) {
        self.list(before, values.len(), &|json, at| {
            json.raw(&number::text(values.get(at).copied().unwrap_or_default().into()));
        });
    }

    pub fn whole(&mut self, before: &str, value: u64) {
        self.raw(before);
        self.raw(&number::text(value));
    }

    /// A number that is not negative, to the sixth decimal.
    pub fn decimal(&mut self, before: &str, value: f64) {
        let millionths = (value * 1e6 + 0.5) as u64;
        self.whole(before, millionths / 1_000_000);
        let padded = number::text((millionths % 1_000_000).saturating_add(1_000_000));
        let fraction = padded.get(1..).unwrap_or_default().trim_end_matches('0');
        if !fraction.is_empty() {
            self.raw(".");
            self.raw(fraction);
        }
    }

    pub fn list(&mut self, before: &str, count: usize, write: &dyn Fn(&mut Writer, usize)) {
        self.raw(before);
        for at in 0..count {
            self.raw(if at == 0 { "[" } else { "," });
            write(self, at);
        }
        self.raw(if count == 0 { "[]" } else { "]" });
    }

    pub fn string<T: AsRef<str> + ?Sized>(&mut self, text: Option<&T>) {
        match text {
            Some(text) => self.quoted(text.as_ref()),
            None => self.raw("null"),
        }
    }

    fn quoted(&mut self, text: &str) {
        self.raw("\"");
        for character in text.chars() {
            match character {
                '"' | '\\' => self.raw("\\"),
                // `\u00` and two hexadecimal digits.
                '\0'..='\x1f' => {
                    self.raw(if character < '\x10' { "\\u000" } else { "\\u001" });
                    self.text.extend(char::from_digit(u32::from(character) & 15, 16));
                    continue;
                }
                _ => {}
            }
            self.text.push(character);
        }
        self.raw("\"");
    }
}
