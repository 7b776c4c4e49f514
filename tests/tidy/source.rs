//! The project's own text files: what people wrote, without what was built, fetched or generated.

use std::{fs, path::Path};

/// One file.
pub struct Source {
    /// From the project's root, with `/`.
    pub path: String,
    pub text: String,
}

const ROOTS: [&str; 9] =
    [".ci", "crates", "migrations", "scripts", "src-tauri", "tests", "ui/src", "ui/tests", "ui/scripts"];
const NOT_OURS: [&str; 4] = ["target", "node_modules", "dist", "gen"];
const WRITTEN: [&str; 10] = ["rs", "ts", "mjs", "svelte", "css", "html", "sql", "sh", "toml", "json"];

impl Source {
    pub fn is(&self, extension: &str) -> bool {
        self.path.rsplit('.').next() == Some(extension)
    }

    /// A test, wherever it is: the whole-system ones, a crate's `tests` folder, a file of unit tests.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.split('/').any(|folder| folder == "tests")
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || name.ends_with(".test.ts")
    }

    /// A benchmark, whatever crate it measures.
    pub fn is_bench(&self) -> bool {
        self.path.split('/').any(|folder| folder == "benches")
    }

    /// Numbered lines, from one.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The text before the first unit test of a Rust file, in lines.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

pub fn all() -> Vec<Source> {
    let root = tests::build::root();
    let mut found = Vec::new();
    for folder in ROOTS {
        collect(&root, folder, &mut found);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn collect(root: &Path, folder: &str, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                collect(root, &path, found);
            }
        } else if name.rsplit('.').next().is_some_and(|end| WRITTEN.contains(&end) || end == name)
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(Source { path, text });
        }
    }
}
