//! One flag: its variants, who is listed, its rules and its rollout.

use super::{Compiler, variants::Variants};
use crate::{
    EDGE,
    error::Code,
    snapshot::{
        check,
        document::Node,
        schema::{FLAG, Type},
    },
    sort,
    table::{Definition, Outcome, Plan, Rollout, Rule},
};

/// What a visitor's id is looked for in, where a flag doesn't say.
const BUCKET_BY: [&str; 3] = ["targetingKey", "userId", "visitorId"];

impl Compiler<'_> {
    /// The flag, or nothing where anything is wrong with it.
    pub fn flag(&mut self, key: &str, node: Node<'_>) -> Option<Definition> {
        let before = self.issues.count;
        check::check(node, &Type::Object(&FLAG), self.issues);
        if self.issues.count > before {
            return None;
        }
        let definition = self.definition(key, node);
        definition.filter(|_| self.issues.count == before)
    }

    fn definition(&mut self, key: &str, node: Node<'_>) -> Option<Definition> {
        let variants = Variants::of(self, node)?;
        let salt = node.text_of("salt").unwrap_or(key);
        self.exclusive(node, "rollout", "rolloutPercentage");
        self.exclusive(node, "whitelist", "whitelistUsers");
        let rules = self.rules(node, &variants, salt);
        let rollout = self.flag_rollout(node, &variants, salt);
        let given = node.get("whitelist").or(node.get("whitelistUsers"));
        let list = given.and_then(|given| self.whitelist(node, given, &variants));
        let layer = node.get("layer").and_then(|part| self.layer_range(part));
        let guard = node.get("guard").filter(|_| EDGE).and_then(|guard| self.guard(guard, &variants)).map(Box::new);
        let needs_unit = rollout.as_ref().is_some_and(needs_unit) || rules.iter().any(rule_needs_unit);
        let bucket_by = if needs_unit || list.is_some() { self.bucket_by(node) } else { Vec::new() };
        Some(Definition {
            enabled: node.get("enabled").and_then(Node::boolean).unwrap_or(false),
            on: variants.on,
            off: variants.off,
            bucket_by,
            list,
            needs_unit,
            layer,
            rules,
            rollout,
            guard,
            server_only: node.get("serverOnly").and_then(Node::boolean).unwrap_or(false),
            metadata: node.get("metadata").map(|metadata| self.span(metadata)),
            variants: variants.list,
            asked: std::mem::take(&mut self.asked),
        })
    }

    /// Adds an issue where both members are given.
    pub fn exclusive(&mut self, node: Node<'_>, one: &str, other: &str) {
        if node.get(one).is_some()
            && let Some(second) = node.get(other)
        {
            let both = [one, "` and `", other].concat();
            self.issues.add_with(second, Code::Conflict, "`{}` exclude each other: keep one", &both);
        }
    }

    /// The attributes that the member `bucketBy` of an object names.
    pub fn bucket_by(&mut self, node: Node<'_>) -> Vec<u16> {
        let mut numbers = Vec::new();
        match node.get("bucketBy") {
            None => numbers.extend(BUCKET_BY.iter().filter_map(|name| self.attribute(name, node))),
            Some(by) => numbers.extend(by.text().and_then(|name| self.attribute(name, by))),
        }
        for name in node.elements_of("bucketBy") {
            numbers.extend(name.text().and_then(|text| self.attribute(text, name)));
        }
        numbers
    }

    fn rules(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Vec<Rule> {
        let mut rules = Vec::new();
        for rule in node.elements_of("rules") {
            rules.extend(self.rule(rule, variants, salt));
        }
        rules
    }

    #[inline(never)]
    fn rule(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rule> {
        let outcome = self.outcome(node, variants, salt);
        let condition = self.condition(node.get("if")?);
        let name = node.text_of("name").map(String::from);
        Some(Rule { name, condition: condition?, outcome: outcome? })
    }

    fn outcome(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Outcome> {
        self.exclusive(node, "rollout", "serve");
        self.exclusive(node, "serve", "onMiss");
        if let Some(serve) = node.get("serve") {
            return variants.named(serve, self.issues).map(Outcome::Serve);
        }
        let Some(rollout) = node.get("rollout") else {
            self.issues.add(node, Code::Incomplete, "a rule needs a `serve` or a `rollout`");
            return None;
        };
        let rollout = self.rollout(rollout, variants, salt)?;
        Some(Outcome::Rollout { rollout, or_continue: node.text_of("onMiss") == Some("continue") })
    }

    /// The flag's own rollout, in either form. Without one, everybody gets the on variant.
    fn flag_rollout(&mut self, node: Node<'_>, variants: &Variants, salt: &str) -> Option<Rollout> {
        if let Some(rollout) = node.get("rollout") {
            return self.rollout(rollout, variants, salt);
        }
        let variant = variants.on_for(node, self.issues)?;
        let percentage = node.number_of("rolloutPercentage")?;
        Some(self.share(variant, percentage, salt))
    }

    /// The flag's list in the index of lists.
    #[inline(never)]
    fn whitelist(&mut self, node: Node<'_>, given: Node<'_>, variants: &Variants) -> Option<u32> {
        if node.get("rollout").or(node.get("rolloutPercentage")).is_none() {
            let message =
                "a whitelist needs a rollout beside it, or everybody is in: add `rolloutPercentage`, 0 for nobody else";
            self.issues.add(given, Code::Incomplete, message);
        }
        let list = self.shared.lists.open();
        if let Some(users) = node.get("whitelistUsers") {
            let on = variants.on_for(users, self.issues)?;
            self.listed(list, users, on);
        }
        if node.members_of("whitelist").nth(1).is_some() {
            self.check_listed_once(given);
        }
        for (name, ids) in node.members_of("whitelist") {
            if let Some(variant) = variants.named(name, self.issues) {
                self.listed(list, ids, variant);
            }
        }
        Some(list)
    }

    fn listed(&mut self, list: u32, ids: Node<'_>, variant: u8) {
        for node in ids.elements() {
            if self.add_to(list, variant, node) == 0 {
                self.issues.add(node, Code::Empty, "an id must not be empty");
            } else {
                self.check_hashed(node);
            }
        }
    }

    /// Finds ids that stand under two variants. Twice under one says nothing new.
    fn check_listed_once(&mut self, whitelist: Node<'_>) {
        let mut ids = Vec::new();
        for (_, list) in whitelist.members() {
            ids.extend(list.elements().map(|id| (id.bytes().unwrap_or_default(), id.token())));
        }
        let list_of = |token| whitelist.members().position(|(_, list)| list.holds(token));
        let mut first: Option<(&[u8], u32)> = None;
        for (id, token) in sort::by_text(ids) {
            match first {
                Some((last, earlier)) if last == id => {
                    if list_of(earlier) != list_of(token) {
                        let message = "{text} is listed for two variants: keep one";
                        self.issues.add(whitelist.at(token), Code::DuplicateId, message);
                    }
                }
                _ => first = Some((id, token)),
            }
        }
    }
}

fn rule_needs_unit(rule: &Rule) -> bool {
    if let Outcome::Rollout { rollout, .. } = &rule.outcome { needs_unit(rollout) } else { false }
}

fn needs_unit(rollout: &Rollout) -> bool {
    !matches!(rollout.plan, Plan::Nobody | Plan::Everybody(_))
}
