//! Layers: lines of their own, and the parts of them that flags claim.

use super::{
    Compiler, Shared,
    carry::{Carry, Section},
    entries::{Entries, Known, Stage},
};
use crate::{
    error::Code,
    hash,
    snapshot::{
        check,
        document::{Document, Node},
        issues::Issues,
        schema::{LAYER, Type},
    },
    sort,
    table::{Layer, LayerRange, Line, Table},
};

/// Compiles all layers. A broken one keeps its last sound definition: it refers to nothing that could be broken now.
#[inline(never)]
pub fn compile(
    root: Node<'_>,
    known: &Known,
    salt: &str,
    shared: &mut Shared,
    carry: &mut Carry<'_>,
    issues: &mut Issues,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (quoted, node) in root.members_of("layers") {
        let name = quoted.text().unwrap_or_default();
        let mut layer =
            Layer { span: node.span(), line: Compiler::new(shared, issues, salt, known, &[]).layer(name, node) };
        if layer.line.is_none()
            && let Some(last) = carry.last(Section::Layer, name)
            && let Ok(document) = Document::read(&last)
        {
            let mut untold = Issues::of_one_flag();
            let mut compiler = Compiler::new(shared, &mut untold, salt, known, &[]);
            let base = carry.add(Section::Layer, quoted.raw(), &last);
            compiler.base = u32::try_from(base).unwrap_or(u32::MAX);
            let span = compiler.span(document.root());
            layer = Layer { span, line: compiler.layer(name, document.root()) };
        }
        layers.push(layer);
    }
    layers
}

impl Compiler<'_> {
    /// One of `layers`, or nothing where anything is wrong with it.
    pub fn layer(&mut self, name: &str, node: Node<'_>) -> Option<Line> {
        let before = self.issues.count;
        check::check(node, &Type::Object(&LAYER), self.issues);
        if self.issues.count > before {
            return None;
        }
        let bucket_by = self.bucket_by(node);
        let seed = hash::seed(self.salt, hash::Kind::Layer, node.text_of("salt").unwrap_or(name));
        (self.issues.count == before).then_some(Line { bucket_by, seed })
    }

    /// A flag's part of a layer.
    #[inline(never)]
    pub fn layer_range(&mut self, node: Node<'_>) -> Option<LayerRange> {
        let cut = |name| node.number_of(name).map(|percentage| hash::cut(percentage / 100.0));
        let (from, to) = (cut("from")?, cut("to")?);
        if from > to {
            self.issues.add(node.get("from")?, Code::OutOfRange, "{text} is above `to`");
        }
        let name = node.get("name")?;
        let known = self.known;
        let layer = self.resolve(&known.layers, name, Code::UnknownLayer, "there is no layer {text}{}")?;
        match self.lines.get(layer as usize).and_then(|layer| layer.line.as_ref()) {
            Some(line) => self.asked.include(&line.bucket_by),
            None => self.issues.add(name, Code::BrokenReference, "the layer {text} is broken"),
        }
        Some(LayerRange { layer, from, to })
    }
}

/// Marks flags whose parts of a layer overlap; where one of two is carried, that one alone.
#[inline(never)]
pub fn find_overlaps(entries: &Entries<'_>, table: &Table, faulty: &mut [bool], issues: &mut Issues) {
    let mut claims = Vec::new();
    for (flag, at) in table.flags.iter().zip(0..) {
        if let Some(range) = flag.definition.as_ref().and_then(|definition| definition.layer)
            && range.from < range.to
        {
            // Big-endian numbers sort as texts.
            claims.push(([range.layer.to_be_bytes(), (range.from as u32).to_be_bytes()].concat(), range, at));
        }
    }
    let mut in_order = Vec::new();
    for ((key, _, _), place) in claims.iter().zip(0..) {
        in_order.push((key.as_slice(), place));
    }
    // Of all that came before, the claim that reaches farthest.
    let mut farthest: Option<(LayerRange, u32)> = None;
    for (_, place) in sort::by_text(in_order) {
        let Some(&(_, range, flag)) = claims.get(place as usize) else { continue };
        if let Some((before, other)) = farthest.filter(|(before, _)| before.layer == range.layer) {
            if range.from < before.to {
                mark(entries, flag, other, faulty, issues);
                mark(entries, other, flag, faulty, issues);
            }
            if range.to <= before.to {
                continue;
            }
        }
        farthest = Some((range, flag));
    }
}

fn mark(entries: &Entries<'_>, flag: u32, other: u32, faulty: &mut [bool], issues: &mut Issues) {
    let (at, other_at) = (entries.known.entry_of_flag(flag), entries.known.entry_of_flag(other));
    let (Some(entry), Some(against)) = (entries.get(at), entries.get(other_at)) else { return };
    if entry.stage == Stage::New && against.stage == Stage::Last {
        return;
    }
    let Some(is_faulty) = faulty.get_mut(at as usize) else { return };
    if let Some(layer) = entry.value.get("layer").filter(|_| entry.stage == Stage::New && !*is_faulty) {
        let message = "this part of the layer overlaps that of the flag `{}`";
        issues.add_with(layer, Code::Overlap, message, entries.known.flags.name(other));
    }
    *is_faulty = true;
}
