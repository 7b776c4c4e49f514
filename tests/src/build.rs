//! Where the programs under test are.

use anyhow::{Context, Result, ensure};
use std::{
    env,
    path::{Path, PathBuf},
};

/// A program of this build, beside the test that asks: same profile, same features.
///
/// # Errors
/// It has not been built; `make test` builds all before it runs the tests.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = profile_folder()?.join(name);
    ensure!(path.exists(), "{} is not built: run `make build` first", path.display());
    Ok(path)
}

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Where screenshots go, for people to look at after a run.
///
/// # Errors
/// The folder can't be made.
pub fn screenshots() -> Result<PathBuf> {
    let folder = target()?.join("screenshots");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The WebDriver that opens Tauri windows: the one that the set-up put into the build folder, or the one on the path.
pub(crate) fn tauri_driver() -> Result<PathBuf> {
    let own = target()?.join("tools/bin/tauri-driver");
    Ok(if own.exists() { own } else { PathBuf::from("tauri-driver") })
}

/// The build folder.
///
/// # Errors
/// The test does not lie in one.
pub fn target() -> Result<PathBuf> {
    let profile = profile_folder()?;
    Ok(profile.parent().context("the build folder has a parent")?.to_path_buf())
}

/// `target/debug/deps/e2e-1234` is the test, `target/debug` its folder.
fn profile_folder() -> Result<PathBuf> {
    let test = env::current_exe()?;
    let folder = test.ancestors().nth(2).context("a test lives in the deps folder of its build")?;
    Ok(folder.to_path_buf())
}
