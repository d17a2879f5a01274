//! A flag's variants, and which of them is on and which is off.

use super::Compiler;
use crate::{
    error::Code,
    snapshot::{check, document::Node, issues::Issues},
    table::Variant,
};

/// The variants of a flag while it is compiled.
pub struct Variants {
    pub list: Vec<Variant>,
    pub on: Option<u8>,
    pub off: u8,
    /// `onVariant` names one that isn't there, which has been said.
    on_is_wrong: bool,
}

impl Variants {
    /// Reads `variants`, `onVariant` and `offVariant`; nothing where there is no off variant.
    pub fn of(compiler: &mut Compiler<'_>, node: Node<'_>) -> Option<Variants> {
        let mut variants = Variants { list: list(compiler, node), on: None, off: 0, on_is_wrong: false };
        let on = variants.named_or(node.get("onVariant"), "on", compiler.issues);
        let off = variants.named_or(node.get("offVariant"), "off", compiler.issues);
        if off.is_none() && node.get("offVariant").is_none() {
            let message = "there is no variant `off`: name the one for those who are out in `offVariant`";
            compiler.issues.add(node, Code::Incomplete, message);
        }
        variants.on = on;
        variants.on_is_wrong = on.is_none() && node.get("onVariant").is_some();
        variants.off = off?;
        Some(variants)
    }

    fn named_or(&self, node: Option<Node<'_>>, default: &str, issues: &mut Issues) -> Option<u8> {
        match node {
            Some(name) => self.named(name, issues),
            None => self.place(default),
        }
    }

    /// The place of the variant that a string names.
    pub fn named(&self, node: Node<'_>, issues: &mut Issues) -> Option<u8> {
        let name = node.text()?;
        let place = self.place(name);
        if place.is_none() {
            let known = &mut self.list.iter().map(|variant| variant.name.as_str());
            issues.add_unknown(node, Code::UnknownVariant, "there is no variant {text}{}", known);
        }
        place
    }

    /// The on variant, where something needs it.
    pub fn on_for(&self, node: Node<'_>, issues: &mut Issues) -> Option<u8> {
        if self.on.is_none() && !self.on_is_wrong {
            let message = "there is no variant `on`: name the one for those who are in in `onVariant`";
            issues.add(node, Code::Incomplete, message);
        }
        self.on
    }

    fn place(&self, name: &str) -> Option<u8> {
        let place = self.list.iter().position(|variant| variant.name == name)?;
        u8::try_from(place).ok()
    }
}

fn list(compiler: &mut Compiler<'_>, node: Node<'_>) -> Vec<Variant> {
    let mut list = Vec::new();
    match node.get("variants") {
        None => list.extend(["on", "off"].map(|name| Variant { name: name.into(), value: None })),
        Some(variants) => check::not_empty(variants, "`variants`", compiler.issues),
    }
    for (name, value) in node.members_of("variants") {
        let name = name.text().unwrap_or_default().into();
        list.push(Variant { name, value: Some(compiler.span(value)) });
    }
    list
}
