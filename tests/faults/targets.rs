//! The targets of cargo-fuzz, which are compiled nowhere else in a run of the tests: each takes any bytes.

use std::{collections::BTreeSet, fs};

/// What cargo-fuzz makes a program of is a function here.
macro_rules! fuzz_target {
    (|$bytes:ident: &[u8]| $body:block) => {
        pub(crate) fn take($bytes: &[u8]) $body
    };
}
pub(crate) use fuzz_target;

macro_rules! targets {
    ($($name:ident at $file:literal),+ $(,)?) => {
        $(#[path = $file] pub(crate) mod $name;)+
        const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

targets! {
    change at "../../fuzz/fuzz_targets/change.rs",
    page at "../../fuzz/fuzz_targets/page.rs",
    search at "../../fuzz/fuzz_targets/search.rs",
    text at "../../fuzz/fuzz_targets/text.rs",
}

#[test]
fn every_fuzz_target_is_here() {
    let fuzz = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz");
    let names: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let files = fs::read_dir(format!("{fuzz}/fuzz_targets")).unwrap();
    let stem = |file: fs::DirEntry| file.path().file_stem().unwrap().to_string_lossy().into_owned();
    assert_eq!(files.map(|file| stem(file.unwrap())).collect::<BTreeSet<_>>(), names);
    let manifest = fs::read_to_string(format!("{fuzz}/Cargo.toml")).unwrap();
    let bins: BTreeSet<String> =
        manifest.split("[[bin]]\n").skip(1).map(|bin| bin.split('"').nth(1).unwrap().to_owned()).collect();
    assert_eq!(bins, names, "a target that cargo-fuzz does not know");
}
