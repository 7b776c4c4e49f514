//! The workstation's folder, and the rule that one folder has one window.

use crate::window;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tauri::{Wry, plugin::TauriPlugin};

/// The folder asked for, or the usual one, made if it was not there and readable by its owner alone.
pub(crate) fn prepare(asked: Option<PathBuf>) -> Result<PathBuf, String> {
    let home = asked.or_else(usual).ok_or("this account has no home folder; name one with --home")?;
    make_private(&home).map_err(|error| format!("the folder {} can't be used: {error}", home.display()))?;
    fs::canonicalize(&home).map_err(|error| format!("the folder {} can't be read: {error}", home.display()))
}

/// Where an office computer keeps its shadow chart when nobody says otherwise.
fn usual() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("shadowchart"))
}

fn make_private(home: &Path) -> std::io::Result<()> {
    if home.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(home)
}

/// A second start on the same folder raises the window that is there; another folder is another workstation.
pub(crate) fn one_window_per(home: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(format!("org.shadowchart.desktop.h{:016x}", fingerprint(home)))
        .callback(|app, _arguments, _folder| window::raise(app))
        .build()
}

/// FNV-1a: short, and the same in every build, as two builds on one folder have to meet.
fn fingerprint(home: &Path) -> u64 {
    home.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_folders_are_two_workstations_and_one_is_always_itself() {
        assert_ne!(fingerprint(Path::new("a/home")), fingerprint(Path::new("b/home")));
        assert_eq!(fingerprint(Path::new("a")), 0xaf63_dc4c_8601_ec8c, "published FNV-1a value of \"a\"");
    }
}
