//! A flag's variants, and which of them is on and which is off.

use super::Compiler;
use crate::{
    error::Code,
    snapshot::{
        check::{self, Issues, quote},
        document::Node,
        suggest,
    },
    table::Variant,
};

/// The variants of a flag while it is compiled.
pub struct Variants {
    pub list: Box<[Variant]>,
    pub on: Option<u8>,
    pub off: u8,
}

impl Variants {
    /// Reads `variants`, `onVariant` and `offVariant`; nothing where there is no off variant.
    pub fn of(compiler: &mut Compiler<'_>, node: Node<'_>) -> Option<Variants> {
        let list = list(compiler, node);
        let mut variants = Variants { list, on: None, off: 0 };
        variants.on = match node.get("onVariant") {
            Some(name) => Some(variants.named(name, compiler.issues)?),
            None => variants.place("on"),
        };
        let off = match node.get("offVariant") {
            Some(name) => variants.named(name, compiler.issues),
            None => variants.place("off").or_else(|| {
                let message = "there is no variant `off`: name the one for those who are out in `offVariant`";
                compiler.issues.add(node, Code::Incomplete, &[message]);
                None
            }),
        };
        variants.off = off?;
        Some(variants)
    }

    /// The place of the variant that a string names.
    pub fn named(&self, node: Node<'_>, issues: &mut Issues) -> Option<u8> {
        let name = node.text()?;
        let place = self.place(&name);
        if place.is_none() {
            let hint = suggest::hint(&name, self.list.iter().map(|variant| variant.name.as_str()));
            issues.add(node, Code::UnknownVariant, &["there is no variant ", &quote(&name), &hint]);
        }
        place
    }

    /// The on variant, where something needs it.
    pub fn on_for(&self, node: Node<'_>, issues: &mut Issues) -> Option<u8> {
        if self.on.is_none() {
            let message = "there is no variant `on`: name the one for those who are in in `onVariant`";
            issues.add(node, Code::Incomplete, &[message]);
        }
        self.on
    }

    fn place(&self, name: &str) -> Option<u8> {
        let place = self.list.iter().position(|variant| variant.name == name)?;
        u8::try_from(place).ok()
    }
}

fn list(compiler: &mut Compiler<'_>, node: Node<'_>) -> Box<[Variant]> {
    let Some(variants) = node.get("variants") else {
        return ["on", "off"].map(|name| Variant { name: name.into(), value: None }).into();
    };
    check::not_empty(variants, "the variants", compiler.issues);
    let variant = |(name, value): (Node<'_>, Node<'_>)| Variant {
        name: name.text().unwrap_or_default().into_owned(),
        value: Some(compiler.span(value)),
    };
    variants.members().map(variant).collect()
}
