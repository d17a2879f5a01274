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

    pub fn list(&mut self, before: &str, count: usize, write: &dyn Fn(&mut Writer, usize)) {
        self.raw(before);
        for at in 0..count {
            self.raw(if at == 0 { "[" } else { "," });
            write(self, at);
        }
        self.raw(if count == 0 { "[]" } else { "]" });
    }

    /// Names hold no control characters: only quotes and backslashes need an escape.
    pub fn string(&mut self, text: Option<&String>) {
        let Some(text) = text else { return self.raw("null") };
        self.raw("\"");
        for character in text.chars() {
            if matches!(character, '"' | '\\') {
                self.raw("\\");
            }
            self.text.push(character);
        }
        self.raw("\"");
    }
}
