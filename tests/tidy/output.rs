//! Only what talks to a terminal writes to it, and only the waiting of tests waits.

use crate::hold;

const WRITES: [&str; 3] = ["println!(", "print!(", "dbg!("];

/// The command lines' own printing, and the build script, whose standard output is cargo's.
const SPEAKS: [&str; 5] =
    ["crates/ctl/src/", "crates/hosted/src/cli/", "src-tauri/src/main.rs", "src-tauri/build.rs", "tests/tidy/"];

#[test]
fn no_library_prints() {
    hold(|source| {
        let speaks = SPEAKS.iter().any(|place| source.path.starts_with(place)) || source.is_test() || source.is_bench();
        if speaks || !source.is("rs") {
            return vec![];
        }
        source
            .product_lines()
            .filter(|(_, line)| WRITES.iter().any(|macro_| line.contains(macro_)))
            .map(|(number, line)| format!("{number}: {}", line.trim()))
            .collect()
    });
}

/// Looking again after a pause is the business of these alone; a test names what it waits for. The host's own tests do not
/// know the others' helpers.
const WAITS: [&str; 4] =
    ["tests/src/wait.rs", "tests/src/process.rs", "crates/hosted/tests/support/wait.rs", "tests/tidy/"];

#[test]
fn no_test_waits_for_time_to_pass() {
    hold(|source| {
        if !source.is("rs") || !source.is_test() || WAITS.iter().any(|place| source.path.starts_with(place)) {
            return vec![];
        }
        source
            .lines()
            .filter(|(_, line)| line.contains("sleep("))
            .map(|(number, line)| format!("{number}: {}", line.trim()))
            .collect()
    });
}
