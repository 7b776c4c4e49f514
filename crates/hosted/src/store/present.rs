//! Which of some records the practice has.

use practice::resource::ResourceKey;

use super::{PracticeStore, StoreError, db::values};

/// Keys that are asked for at most: each is a query, and a change can name hundreds of thousands.
const ASKED: usize = 1_000;

impl PracticeStore {
    /// Those of the first thousand of `keys` that are not here, in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn absent(&self, keys: &[ResourceKey]) -> Result<Vec<ResourceKey>, StoreError> {
        const FIND: &str = "select 1 from resource where kind = ? and id = ?";
        let mut absent = Vec::new();
        for key in keys.iter().take(ASKED) {
            if !self.db.exists(FIND, values![key.kind.as_str(), key.id.as_str()])? {
                absent.push(key.clone());
            }
        }
        Ok(absent)
    }
}
