//! The reader against serde_json, over any bytes: the same language, the same values.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "a law fails by panicking")]

use super::document::{Document, Kind, Node};
use crate::{error::Code, limits};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value with its members in order, doubles as bits.
#[derive(Debug, PartialEq)]
enum Tree {
    Null,
    Boolean(bool),
    Number(u64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

fn tree(node: Node<'_>) -> Tree {
    let own = |text: Option<&str>| String::from(text.unwrap());
    match node.kind() {
        Kind::Null => Tree::Null,
        Kind::True | Kind::False => Tree::Boolean(node.boolean().unwrap()),
        Kind::Number => Tree::Number(node.number().unwrap().to_bits()),
        Kind::Text | Kind::EscapedText => Tree::Text(own(node.text())),
        Kind::List => Tree::List(node.elements().map(tree).collect()),
        Kind::Object => Tree::Object(node.members().map(|(name, value)| (own(name.text()), tree(value))).collect()),
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

/// As `serde_json::Value` is made, but with all members of an object.
struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number((value as f64).to_bits()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number((value as f64).to_bits()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Number(value.to_bits()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// Fails unless both readers refuse, or both accept and see the same. The one difference is the bound on depth: 64 levels
/// here, 127 there.
pub fn agree(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<Tree>(bytes);
    assert_eq!(theirs.is_ok(), serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
    // What is not UTF-8 is refused before the reader sees it.
    let ours = std::str::from_utf8(bytes).map(|text| Document::read(text).map(|document| tree(document.root())));
    let shown = String::from_utf8_lossy(bytes);
    match (ours, theirs) {
        (Ok(Err(issue)), _) if issue.code == Code::LimitExceeded => {
            let opened = bytes.iter().filter(|byte| b"[{".contains(byte)).count();
            assert!(opened > limits::DEPTH, "{shown}");
        }
        (Ok(Ok(ours)), Ok(theirs)) => assert_eq!(ours, theirs, "{shown}"),
        (Ok(Err(_)) | Err(_), Err(_)) => {}
        (ours, theirs) => panic!("{shown}\nours {ours:?}\ntheirs {theirs:?}"),
    }
}
