//! One flag: its variants, who is listed, its rules and its rollout.

use super::{Compiler, variants::Variants};
use crate::{
    error::Code,
    hash,
    snapshot::{
        check::{self, quote},
        document::Node,
        schema::{FLAG, Type},
    },
    table::{Definition, Outcome, Rollout, Rule, Share, Target},
};

/// What a visitor's id is looked for in, where a flag doesn't say.
const BUCKET_BY: [&str; 3] = ["targetingKey", "userId", "visitorId"];

impl Compiler<'_> {
    /// The flag, or nothing where anything is wrong with it.
    pub fn flag(&mut self, key: &str, node: Node<'_>) -> Option<Definition> {
        let before = self.issues.count;
        check::duplicates(node, self.issues);
        check::check(node, &Type::Object(&FLAG), self.issues);
        if self.issues.count > before {
            return None;
        }
        let definition = self.definition(key, node);
        definition.filter(|_| self.issues.count == before)
    }

    fn definition(&mut self, key: &str, node: Node<'_>) -> Option<Definition> {
        let variants = Variants::of(self, node)?;
        let salt = node.get("salt").and_then(Node::text).unwrap_or(key.into());
        self.exclusive(node, "rollout", "rolloutPercentage");
        self.exclusive(node, "whitelist", "whitelistUsers");
        let rules = self.rules(node, &variants, &salt);
        let rollout = self.flag_rollout(node, &variants, &salt);
        let list = self.whitelist(node, &variants);
        let needs_unit = rollout.iter().chain(rules.iter().filter_map(rollout_of)).any(needs_unit);
        let bucket_by = self.bucket_by(node, needs_unit || list.is_some());
        Some(Definition {
            enabled: node.get("enabled").and_then(Node::boolean).unwrap_or(false),
            on: variants.on,
            off: variants.off,
            bucket_by,
            list,
            needs_unit,
            rules,
            rollout,
            metadata: node.get("metadata").map(|metadata| self.span(metadata)),
            variants: variants.list,
            asked: std::mem::take(&mut self.asked),
        })
    }

    /// Adds an issue where both members are given.
    pub fn exclusive(&mut self, node: Node<'_>, one: &str, other: &str) {
        if let (Some(_), Some(second)) = (node.get(one), node.get(other)) {
            let message = ["`", one, "` and `", other, "` exclude each other: keep one"];
            self.issues.add(second, Code::Conflict, &message);
        }
    }

    fn bucket_by(&mut self, node: Node<'_>, needed: bool) -> Box<[u16]> {
        if !needed {
            return Box::default();
        }
        match node.get("bucketBy") {
            None => BUCKET_BY.iter().filter_map(|name| self.attribute(name, node)).collect(),
            Some(by) => by.elements().chain(by.text().map(|_| by)).filter_map(|name| self.named(name)).collect(),
        }
    }

    fn named(&mut self, name: Node<'_>) -> Option<u16> {
        self.attribute(&name.text()?, name)
    }

    fn rules(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Box<[Rule]> {
        let rules = node.get("rules").into_iter().flat_map(Node::elements);
        rules.filter_map(|rule| self.rule(rule, variants, salt)).collect()
    }

    fn rule(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rule> {
        let outcome = self.outcome(node, variants, salt);
        let condition = self.condition(node.get("if")?);
        let name = node.get("name").and_then(Node::text).map(Into::into);
        Some(Rule { name, condition: condition?, outcome: outcome? })
    }

    fn outcome(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Outcome> {
        self.exclusive(node, "rollout", "serve");
        self.exclusive(node, "serve", "onMiss");
        let or_continue = node.get("onMiss").is_some_and(|miss| miss.is_text("continue"));
        match (node.get("serve"), node.get("rollout")) {
            (Some(serve), _) => variants.named(serve, self.issues).map(Outcome::Serve),
            (None, Some(rollout)) => {
                self.rollout(rollout, variants, salt).map(|rollout| Outcome::Rollout { rollout, or_continue })
            }
            (None, None) => {
                self.issues.add(node, Code::Incomplete, &["a rule needs a `serve` or a `rollout`"]);
                None
            }
        }
    }

    /// The flag's own rollout, in either form. Without one, everybody gets the on variant.
    fn flag_rollout(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rollout> {
        if let Some(rollout) = node.get("rollout") {
            return self.rollout(rollout, variants, salt);
        }
        let on = variants.on_for(node, self.issues)?;
        let percentage = node.get("rolloutPercentage").and_then(Node::number)?;
        let target = Target::One { variant: on, cut: hash::cut(percentage / 100.0) };
        Some(Rollout { seed: hash::seed(self.salt, hash::Kind::Flag, salt), share: Share::Fixed(percentage), target })
    }

    /// The flag's list in the whitelist index.
    fn whitelist(&mut self, node: Node<'_>, variants: &Variants) -> Option<u32> {
        let lists = node.get("whitelist").or(node.get("whitelistUsers"))?;
        if node.get("rollout").or(node.get("rolloutPercentage")).is_none() {
            let message = "a whitelist needs a rollout beside it, or everybody is in: give `rolloutPercentage`, 0 for nobody else";
            self.issues.add(lists, Code::Incomplete, &[message]);
        }
        let list = self.shared.lists;
        self.shared.lists = list.saturating_add(1);
        if node.get("whitelist").is_none() {
            let on = variants.on_for(lists, self.issues)?;
            self.listed(list, lists, on);
        }
        for (name, ids) in node.get("whitelist").into_iter().flat_map(Node::members) {
            if let Some(variant) = variants.named(name, self.issues) {
                self.listed(list, ids, variant);
            }
        }
        Some(list)
    }

    fn listed(&mut self, list: u32, ids: Node<'_>, variant: u8) {
        for node in ids.elements() {
            let id = node.text().unwrap_or_default();
            if id.is_empty() {
                self.issues.add(node, Code::Empty, &["an id must not be empty"]);
                continue;
            }
            let listed = self.shared.whitelist.add(list, variant, hash::unit(id.as_bytes()), id.as_bytes());
            if listed.is_some_and(|other| other != variant) {
                self.issues.add(node, Code::DuplicateId, &[&quote(&id), " is listed for two variants: keep one"]);
            }
        }
    }
}

fn rollout_of(rule: &Rule) -> Option<&Rollout> {
    match &rule.outcome {
        Outcome::Rollout { rollout, .. } => Some(rollout),
        Outcome::Serve(_) => None,
    }
}

/// Nobody and everybody can be told without knowing who is asking.
fn needs_unit(rollout: &Rollout) -> bool {
    match (&rollout.share, &rollout.target) {
        (Share::Fixed(percentage), Target::One { .. }) => *percentage > 0.0 && *percentage < 100.0,
        _ => true,
    }
}
