//! zstd dictionaries that resources are packed with where they lie, trained on made-up charts: a text alone is too short to
//! repeat itself. They hold no patient's word.

/// By number, from 1. A later one is added; what was packed with an earlier one stays readable.
pub const DICTIONARIES: &[&[u8]] = &[include_bytes!("../dict/0001.zdict")];
/// The one that new texts are packed with.
pub const NEWEST: &[u8] = DICTIONARIES[DICTIONARIES.len() - 1];
