//! The page's own arrows: `views` -> `features` -> `shared` -> `host`, and one door to the shell.

use crate::{hold, source::Source};

#[test]
fn a_feature_of_the_page_imports_itself_shared_and_host_only() {
    hold(|source| {
        let Some(room) = room(&source.path) else { return vec![] };
        let allowed: &[&str] = match room.as_str() {
            "host" => &["host", "gen"],
            "shared" => &["shared", "host"],
            "views" | "" => return vec![],
            feature => &[feature, "shared", "host"],
        };
        imports(source)
            .filter(|target| !allowed.iter().any(|ok| target == ok || target.starts_with(&format!("{ok}/"))))
            .map(|target| format!("imports {target}"))
            .collect()
    });
}

#[test]
fn the_page_reaches_the_shell_through_one_door() {
    hold(|source| {
        let inside = source.path.starts_with("ui/src/") && !source.path.starts_with("ui/src/host/");
        let reaches = |line: &str| line.contains("@tauri-apps") || line.contains("__TAURI");
        if !inside {
            return vec![];
        }
        source.lines().filter(|(_, line)| reaches(line)).map(|(number, line)| format!("{number}: {line}")).collect()
    });
}

/// `features/chart`, `shared`, `host`, `views`; nothing for what is not the page's source.
fn room(path: &str) -> Option<String> {
    let inside = path.strip_prefix("ui/src/")?;
    let mut parts = inside.split('/');
    let first = parts.next()?;
    let second = parts.next();
    Some(match (first, second) {
        ("features", Some(feature)) => format!("features/{feature}"),
        (_, None) => String::new(),
        (first, Some(_)) => first.to_owned(),
    })
}

/// The relative imports of a file, as paths from `ui/src`.
fn imports(source: &Source) -> impl Iterator<Item = String> {
    let folder: Vec<&str> = source.path.trim_start_matches("ui/src/").split('/').collect();
    let folder = folder[..folder.len() - 1].to_vec();
    source
        .text
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            if !(line.starts_with("import") || line.starts_with("export") || line.starts_with('}')) {
                return None;
            }
            line.split(['"', '\'']).find(|part| part.starts_with('.')).map(str::to_owned)
        })
        .map(move |relative| {
            let mut path: Vec<String> = folder.iter().map(|part| (*part).to_owned()).collect();
            for part in relative.split('/') {
                match part {
                    "." => {}
                    ".." => drop(path.pop()),
                    part => path.push(part.to_owned()),
                }
            }
            path.join("/")
        })
}
