//! Which of some records the practice has.

use practice::resource::ResourceKey;

use super::{PracticeStore, StoreError, db::values};

impl PracticeStore {
    /// Those of `keys` that are not here, in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn absent(&self, keys: &[ResourceKey]) -> Result<Vec<ResourceKey>, StoreError> {
        const FIND: &str = "select 1 from resource where kind = ? and id = ?";
        let mut absent = Vec::new();
        for key in keys {
            if !self.db.exists(FIND, values![key.kind.as_str(), key.id.as_str()])? {
                absent.push(key.clone());
            }
        }
        Ok(absent)
    }
}
