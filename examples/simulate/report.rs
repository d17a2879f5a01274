//! Tables as text and as JSON.

use crate::arguments::Arguments;
use serde::Serialize;
use serde_json::json;
use std::iter;

#[derive(Serialize)]
pub struct Table {
    pub title: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    pub name: String,
    pub cells: Vec<String>,
    /// What the rule is documented with; empty where nothing is.
    pub documented: Vec<String>,
    pub rests_on: String,
}

/// A column's name.
pub fn requests(count: u32) -> String {
    format!("n={}", grouped(count))
}

/// A share in per cent.
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 1_000.0).round() / 10.0)
}

/// `12345` as `12,345`.
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into()).collect();
    groups.join(",")
}

/// One value for each column, or one for all.
pub fn documented(values: &str, columns: usize) -> Vec<String> {
    let values: Vec<String> = values.split_whitespace().map(String::from).collect();
    match values.as_slice() {
        [one] => vec![one.clone(); columns],
        _ => values,
    }
}

/// The median and the 95th percentile of waiting times, in whole seconds; `-` where it lies beyond anybody's patience.
pub fn median_and_tail(mut waited: Vec<Option<f64>>) -> String {
    let seconds = |wait: &Option<f64>| wait.unwrap_or(f64::INFINITY);
    waited.sort_by(|one, other| seconds(one).total_cmp(&seconds(other)));
    let at = |percent: usize| waited.get(waited.len() * percent / 100).copied().flatten();
    match (at(50), at(95)) {
        (None, _) => "-".into(),
        (Some(median), None) => format!("{median:.0} / -"),
        (Some(median), Some(tail)) => format!("{median:.0} / {tail:.0}"),
    }
}

pub fn json(arguments: &Arguments, tables: &[Table]) -> String {
    format!("{:#}\n", json!({ "seed": arguments.seed, "quick": arguments.quick, "tables": tables }))
}

pub fn text(arguments: &Arguments, tables: &[Table]) -> String {
    let about = "limit 1 %, window 5m, slot 10s; n candidate requests a window; in brackets: as documented";
    let mut text = format!("{about}; seed {}\n", arguments.seed);
    for table in tables {
        text.push_str(&format!("\n{}\n{}", table.title, lines(table)));
    }
    text
}

fn lines(table: &Table) -> String {
    let header = iter::once("").chain(table.columns.iter().map(String::as_str)).chain(["rests on"]);
    let mut grid: Vec<Vec<String>> = vec![header.map(String::from).collect()];
    grid.extend(table.rows.iter().map(fields));
    let widths: Vec<usize> = (0..=table.columns.len() + 1).map(|column| width(&grid, column)).collect();
    grid.iter().map(|row| line(row, &widths)).collect()
}

fn fields(row: &Row) -> Vec<String> {
    let documented = row.documented.iter().map(|value| format!(" [{value}]")).chain(iter::repeat(String::new()));
    let cells = row.cells.iter().zip(documented).map(|(seen, documented)| format!("{seen}{documented}"));
    iter::once(row.name.clone()).chain(cells).chain([row.rests_on.clone()]).collect()
}

fn width(grid: &[Vec<String>], column: usize) -> usize {
    grid.iter().flat_map(|row| row.get(column)).map(|field| field.chars().count()).max().unwrap_or_default()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let padded: Vec<String> = row.iter().zip(widths).map(|(field, width)| format!("{field:<width$}")).collect();
    format!("  {}\n", padded.join("  ").trim_end())
}
