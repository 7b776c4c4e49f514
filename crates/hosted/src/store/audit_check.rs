//! Looking through every audit chain that the host holds.

use std::ops::ControlFlow;

use practice::{
    audit::{self, Break, ChainEntry},
    ids::WorkstationId,
};
use serde::Serialize;

use super::{
    PracticeStore, StoreError, body,
    db::{Db, values},
};

/// One chain, looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainState {
    /// Whose.
    pub workstation: WorkstationId,
    /// Entries up to its end, or to where it breaks.
    pub entries: u64,
    /// Where it breaks, if it does.
    pub broken: Option<Break>,
}

impl PracticeStore {
    /// Every chain, the host's own too, in the order of their names.
    pub fn check_audit(&self) -> Result<Vec<ChainState>, StoreError> {
        chains(&self.db)
    }
}

/// Every chain that `db` has.
pub(super) fn chains(db: &Db) -> Result<Vec<ChainState>, StoreError> {
    let sql = "select distinct workstation from audit_entry order by workstation";
    let names: Vec<String> = db.all(sql, &[], |row| row.get("workstation"))?;
    names.iter().map(|name| chain_state(db, name)).collect()
}

/// Entries of a chain that are read at once.
const ROWS: usize = 200;

fn chain_state(db: &Db, name: &str) -> Result<ChainState, StoreError> {
    let workstation = WorkstationId::parse(name).ok_or(StoreError::Damaged("a workstation's id"))?;
    let mut state = ChainState { workstation, entries: 0, broken: None };
    let mut hash = audit::FIRST.to_owned();
    // Page by page: the rows of a query may all be in memory at once.
    let sql = format!(
        "select seq, prev, hash, event from audit_entry where workstation = ? and seq > ? order by seq limit {ROWS}"
    );
    let mut behind = i64::MIN;
    loop {
        let (mut read, mut last) = (0, behind);
        db.each(&sql, values![name, behind], |row| {
            read += 1;
            last = row.get("seq")?;
            let seq = last.unsigned_abs();
            let link = match body::unpack(row.get("event")?) {
                Err(_) => Err(Break { seq, say: "The entry can't be read." }),
                Ok(event) => {
                    let entry = ChainEntry { seq, prev: row.get("prev")?, hash: row.get("hash")?, event };
                    audit::follow(&state.workstation, state.entries, &hash, [&entry])
                }
            };
            match link {
                Ok(end) => (state.entries, hash) = end,
                Err(broken) => state.broken = Some(broken),
            }
            Ok(if state.broken.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if read < ROWS || state.broken.is_some() {
            return Ok(state);
        }
        behind = last;
    }
}

#[cfg(test)]
mod tests {
    use practice::audit::{AuditAction, AuditRecord};

    use super::*;
    use crate::store::{
        db::{Value, values},
        tests::{at, office},
    };

    fn break_of(entries: i64, sql: &str, values: &[Value<'_>]) -> Option<Break> {
        let mut store = office().store;
        for second in 0..entries {
            let record = AuditRecord::new(at(second), AuditAction::SignIn, None, store.host().unwrap());
            store.audit(&record).unwrap();
        }
        if !sql.is_empty() {
            store.db.execute(sql, values).unwrap();
        }
        let mut states = store.check_audit().unwrap();
        assert_eq!(states.len(), 1);
        states.remove(0).broken
    }

    #[test]
    fn an_altered_a_lost_and_an_unreadable_entry_are_found_where_they_are() {
        assert_eq!(break_of(5, "", &[]), None);
        for (sql, values, seq) in [
            ("update audit_entry set hash = prev where seq = 3", &[][..], 3),
            ("delete from audit_entry where seq = 2", &[], 2),
            ("update audit_entry set event = (select event from audit_entry where seq = 1) where seq = 4", &[], 4),
            ("update audit_entry set event = ? where seq = 5", values![[0u8]], 5),
        ] {
            assert_eq!(break_of(5, sql, values).map(|broken| broken.seq), Some(seq), "{sql}");
        }
    }

    #[test]
    fn a_chain_is_followed_from_page_to_page() {
        let entries = i64::try_from(ROWS).unwrap() + 2;
        assert_eq!(break_of(entries, "", &[]), None);
        for seq in entries - 2..=entries {
            let broken = break_of(entries, "update audit_entry set hash = prev where seq = ?", values![seq]);
            assert_eq!(broken.map(|broken| broken.seq), Some(seq.unsigned_abs()));
        }
    }
}
