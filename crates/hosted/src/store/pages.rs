//! Full pages of the feed, kept as they are sent.

use super::{PracticeStore, StoreError, db::values};

/// A page that has as many entries as one can have.
pub struct Page {
    /// The number of its last row.
    pub last: i64,
    /// The Bundle, zstd.
    pub body: Vec<u8>,
}

impl PracticeStore {
    /// The page behind the row `after` as the host tells it in `life` to who calls it `base`, where it was kept.
    pub fn page(&self, after: i64, life: &str, base: &str) -> Result<Option<Page>, StoreError> {
        self.db.one(
            "select last, body from page where life = ? and base = ? and after = ?",
            values![life, base, after],
            |row| Ok(Page { last: row.get("last")?, body: row.get("body")? }),
        )
    }

    /// Where the kept pages end, each of which follows on another; 0 where there are none.
    pub fn pages_end(&self, life: &str, base: &str) -> Result<i64, StoreError> {
        let end = "select coalesce(max(last), 0) as last from page where life = ? and base = ?";
        self.db.the(end, values![life, base], |row| row.get("last"))
    }

    /// Keeps a page.
    pub fn keep_page(&mut self, after: i64, life: &str, base: &str, page: &Page) -> Result<(), StoreError> {
        let db = self.db.begin()?;
        db.execute("delete from page where life = ? and base = ? and after = ?", values![life, base, after])?;
        db.execute(
            "insert into page (life, base, after, last, body) values (?, ?, ?, ?, ?)",
            values![life, base, after, page.last, page.body],
        )?;
        db.commit()
    }

    /// Lets go of the pages that are told otherwise since a restore.
    pub fn forget_pages_of_other_lives(&mut self, life: &str) -> Result<(), StoreError> {
        self.db.execute("delete from page where life <> ?", values![life])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::office;

    #[test]
    fn a_page_is_kept_for_a_life_and_a_base_and_let_go_with_the_life() {
        let mut store = office().store;
        for (after, last) in [(0, 20), (20, 41)] {
            store.keep_page(after, "l1", "b1", &Page { last, body: vec![1] }).unwrap();
        }
        assert_eq!(store.page(20, "l1", "b1").unwrap().map(|page| page.last), Some(41));
        for (after, life, base) in [(20, "l1.2", "b1"), (20, "l1", "b2"), (41, "l1", "b1")] {
            assert!(store.page(after, life, base).unwrap().is_none(), "{after} {life} {base}");
        }
        store.keep_page(0, "l1.2", "b1", &Page { last: 20, body: vec![2] }).unwrap();
        store.forget_pages_of_other_lives("l1.2").unwrap();
        assert_eq!((store.pages_end("l1", "b1").unwrap(), store.pages_end("l1.2", "b1").unwrap()), (0, 20));
    }
}
