//! The store against its limits: `cargo bench -p store`. One line a figure: name, figure, limit, verdict. A limit that is
//! missed is no failure of the run, since a busy machine misses it too.
// The demo's own tests come with its source.
#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::{error::Error, process::ExitCode};

// Read as source, so that the store's tests need not build the host.
#[expect(dead_code, unused_imports, reason = "only a part of the demo is used here")]
#[path = "../../../hosted/src/demo/mod.rs"]
mod demo;

mod bulk;
mod chart;
mod day;
mod office;
mod search;
mod table;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let mut table = table::Table::default();
    let outcome = run(&mut table);
    table.print();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// `cargo bench -p store --bench store -- day` measures that part alone.
fn run(table: &mut table::Table) -> Outcome {
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    let texts = office::scattered(office::practice(1_000, 12));
    if wanted("bulk") {
        bulk::run(table, &texts)?;
    }
    if wanted("chart") {
        chart::run(table, &texts)?;
    }
    if wanted("day") {
        day::run(table, &texts)?;
    }
    if wanted("search") {
        search::run(table)?;
    }
    Ok(())
}
