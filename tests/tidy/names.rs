//! Files are named after what they are about.

use crate::hold;

const NOBODY_KNOWS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff"];

#[test]
fn no_file_or_folder_is_a_drawer_for_odds_and_ends() {
    hold(|source| {
        let parts = source.path.split(['/', '.', '-', '_']);
        parts
            .filter(|part| NOBODY_KNOWS.contains(&part.to_lowercase().as_str()))
            .map(|part| format!("\"{part}\" names no concept"))
            .collect()
    });
}
