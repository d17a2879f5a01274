//! All flags for one visitor: what they share is looked at once.

use super::{
    Recorder, Scene, evaluate, is_short, short,
    unit::{self, Identity},
};
use crate::{
    EDGE,
    context::{Attributes, Value},
    hash,
    table::{Definition, Table},
};

/// Writes the decision words of all flags, in their order.
pub fn evaluate_all<'a, A: Attributes<'a>>(scene: &Scene<'_>, attributes: A, words: &mut [u32]) {
    let mut ids = Ids::default();
    for (flag, word) in scene.table.flags.iter().zip(words) {
        let decision = match &flag.definition {
            Some(definition) if EDGE && is_short(definition, scene) => {
                ids.see(&definition.bucket_by, scene.table, attributes);
                short(definition, scene, attributes, || ids.identify(scene.table, definition, attributes))
            }
            _ => evaluate(flag, scene, &attributes, &mut Recorder::silent()),
        };
        *word = decision.word();
    }
}

/// What the `bucketBy` attributes of one flag hold: the next flag has the same, as a rule.
#[derive(Default)]
struct Ids<'t, 'a> {
    bucket_by: &'t [u16],
    /// The only one that is there, its hash and its text.
    lone: Option<(u16, u64, &'a [u8])>,
    /// Whether any list may hold it.
    may_be_listed: bool,
    /// Whether there is more, or something else.
    is_unusual: bool,
}

impl<'t, 'a> Ids<'t, 'a> {
    fn see(&mut self, bucket_by: &'t [u16], table: &Table, attributes: impl Attributes<'a>) {
        // Three numbers, as a rule: too few for a call of `memcmp`.
        if self.bucket_by.iter().eq(bucket_by) {
            return;
        }
        *self = Ids { bucket_by, ..Ids::default() };
        for attribute in bucket_by {
            match attributes.value(*attribute) {
                Value::Missing | Value::Text([]) => {}
                Value::Text(id) if self.lone.is_none() => {
                    self.lone = Some((*attribute, attributes.hash(*attribute, id), id));
                }
                Value::Text(_) | Value::Number(_) | Value::Boolean(_) | Value::List(_) | Value::Unusable => {
                    self.is_unusual = true;
                }
            }
        }
        self.may_be_listed = self.lone.is_some_and(|(attribute, unit, id)| {
            let digest = table.salted.as_ref().map(|salted| attributes.source(attribute).digest(id, salted));
            table.lists.may_hold(digest.map_or(unit, |digest| hash::unit(&digest)))
        });
    }

    #[inline(always)]
    fn identify(&self, table: &Table, definition: &Definition, attributes: impl Attributes<'a>) -> Identity {
        if self.is_unusual {
            return unit::identify(table, definition, attributes);
        }
        let Some((attribute, unit, id)) = self.lone else { return Identity { unit: None, listed: None } };
        let list = definition.list.filter(|_| self.may_be_listed);
        Identity {
            unit: Some(unit),
            listed: list.and_then(|list| table.listed(list, unit, id, attributes.source(attribute))),
        }
    }
}
