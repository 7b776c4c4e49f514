//! Embeds the window's files, and says so in a sentence when there are none.
#![allow(clippy::print_stdout, reason = "standard output is how a build script talks to cargo")]

use std::{fs, path::Path};

fn main() {
    let dist = Path::new("../ui/dist");
    println!("cargo::rerun-if-changed=../ui/dist");
    if !dist.join("index.html").exists() {
        // The folder has to be there for the crate to compile; its content only matters to who opens the window.
        if let Err(error) = fs::create_dir_all(dist) {
            println!("cargo::error=ui/dist can't be made: {error}");
        }
        println!(
            "cargo::warning=ui/dist is empty, so the window would have nothing to show: run `make ui` and build again"
        );
    }
    tauri_build::build();
}
