//! The house rules, held by reading the project's own text.
//!
//! Every rule is a function from the source files to complaints; a file that has a reason to differ is named in its
//! rule, with the reason.

mod arrows;
mod database;
mod names;
mod output;
mod size;
mod source;
mod unfinished;
mod window;

use source::Source;

/// Fails with all complaints of a rule at once.
#[track_caller]
fn hold(rule: impl Fn(&Source) -> Vec<String>) {
    let all = source::all();
    assert!(all.len() > 50, "the project's files are not where this test looks: found {}", all.len());
    let complaints: Vec<String> = all
        .iter()
        .flat_map(|source| rule(source).into_iter().map(move |complaint| format!("{}: {complaint}", source.path)))
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}
