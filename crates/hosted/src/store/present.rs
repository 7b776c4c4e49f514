//! Which of some records the practice has.

use std::collections::HashSet;

use practice::resource::ResourceKey;

use super::{PracticeStore, StoreError, db::to_value};

/// Keys that are asked for at most: a change can name hundreds of thousands.
const ASKED: usize = 1_000;

/// What one statement asks for.
const AT_ONCE: usize = 50;

impl PracticeStore {
    /// Those of the first thousand of `keys` that are not here, in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn absent(&self, keys: &[ResourceKey]) -> Result<Vec<ResourceKey>, StoreError> {
        let mut absent = Vec::new();
        for keys in keys.get(..ASKED).unwrap_or(keys).chunks(AT_ONCE) {
            let marks = vec!["(?, ?)"; keys.len()].join(", ");
            let find = format!("select kind, id from resource where (kind, id) in (values {marks})");
            let asked: Vec<_> =
                keys.iter().flat_map(|key| [to_value(key.kind.as_str()), to_value(key.id.as_str())]).collect();
            let here: HashSet<(String, String)> =
                self.db.all(&find, &asked, |row| Ok((row.get("kind")?, row.get("id")?)))?.into_iter().collect();
            let known = |key: &&ResourceKey| here.contains(&(key.kind.as_str().to_owned(), key.id.as_str().to_owned()));
            absent.extend(keys.iter().filter(|key| !known(key)).cloned());
        }
        Ok(absent)
    }
}
