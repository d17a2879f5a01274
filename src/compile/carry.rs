//! Last sound definitions: what a broken flag, segment or layer keeps from the snapshot before.

use crate::{
    digest::Salted,
    snapshot::document::Document,
    table::{Keys, Table},
};

/// Where broken definitions find their last sound ones.
#[derive(Clone, Copy)]
pub enum Carried<'a> {
    /// In the table that was in use before.
    From(&'a Table),
    /// In a text that [`Carry::into_text`] gave: an instance is being restored.
    Text(&'a str),
}

/// What a definition is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Flag,
    Segment,
    Layer,
}

impl Section {
    /// What stands before a name in the text of carried definitions.
    fn mark(self) -> &'static str {
        match self {
            Section::Flag => "f:",
            Section::Segment => "s:",
            Section::Layer => "l:",
        }
    }

    /// What a message calls it.
    pub fn called(self) -> &'static str {
        match self {
            Section::Flag => "flag",
            Section::Segment => "segment",
            Section::Layer => "layer",
        }
    }
}

/// Finds last sound definitions, and gathers those in use in a text that stands behind the snapshot's: a JSON object.
pub struct Carry<'a> {
    from: Option<&'a Table>,
    document: Option<Document<'a>>,
    /// Where the text will begin in the table's.
    base: usize,
    text: String,
}

impl<'a> Carry<'a> {
    /// Lists that are hashed with another salt, or not at all, would be read as what they are not: then nothing is carried.
    pub fn new(carried: Carried<'a>, salted: Option<&Salted>, base: usize) -> Carry<'a> {
        let (from, document) = match carried {
            Carried::From(table) if table.salted.as_deref().map(|own| &own.salt) != salted.map(|own| &own.salt) => {
                (None, None)
            }
            Carried::From(table) => (Some(table), None),
            Carried::Text("") => (None, None),
            Carried::Text(text) => (None, Document::read(text).ok()),
        };
        Carry { from, document, base, text: String::new() }
    }

    /// The last sound definition, as it was written.
    pub fn last(&self, section: Section, name: &str) -> Option<String> {
        let text = match (self.from, &self.document) {
            (Some(table), _) => last_in(table, section, name)?,
            (None, document) => document.as_ref()?.root().get(&[section.mark(), name].concat())?.raw(),
        };
        Some(text.into())
    }

    /// Adds a definition, under its quoted name; gives where it begins in the table's text.
    pub fn add(&mut self, section: Section, quoted: &str, definition: &str) -> usize {
        self.text.push_str(if self.text.is_empty() { "{\"" } else { ",\"" });
        self.text.push_str(section.mark());
        self.text.push_str(quoted.strip_prefix('"').unwrap_or(quoted));
        self.text.push(':');
        let at = self.base.saturating_add(self.text.len());
        self.text.push_str(definition);
        at
    }

    /// The whole text; empty where nothing is carried.
    pub fn into_text(mut self) -> String {
        if !self.text.is_empty() {
            self.text.push('}');
        }
        self.text
    }
}

fn last_in<'t>(table: &'t Table, section: Section, name: &str) -> Option<&'t str> {
    let place = |names: &Keys| names.place(name).map(|place| place as usize);
    let (span, sound) = match section {
        Section::Flag => table.flags.get(place(&table.keys)?).map(|flag| (flag.span, flag.definition.is_some()))?,
        Section::Segment => {
            let segment = table.segments.get(place(&table.segment_names)?)?;
            (segment.span, segment.condition.is_some())
        }
        Section::Layer => {
            table.layers.get(place(&table.layer_names)?).map(|layer| (layer.span, layer.line.is_some()))?
        }
    };
    sound.then(|| span.of(&table.text))
}

#[cfg(test)]
mod tests {
    use super::{Carried, Carry, Section};

    #[test]
    fn definitions_of_one_name_are_told_apart_in_a_text() {
        let all = [(Section::Flag, "1"), (Section::Segment, "2"), (Section::Layer, "3")];
        let mut carry = Carry::new(Carried::Text(""), None, 0);
        all.iter().for_each(|(section, definition)| _ = carry.add(*section, "\"name\"", definition));
        let text = carry.into_text();
        let carried = Carry::new(Carried::Text(&text), None, 0);
        for (section, definition) in all {
            assert_eq!(carried.last(section, "name").as_deref(), Some(definition));
        }
    }
}
