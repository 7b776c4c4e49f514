//! Tries from one place within a stretch of time, counted where every process that serves the practice sees them.

use practice::time::Stamp;

use super::token;
use crate::store::{
    PracticeStore, StoreError,
    db::{Db, values},
};

/// So many tries of one kind from one place.
pub struct Limit {
    what: &'static str,
    most: u32,
    seconds: i64,
}

impl Limit {
    /// Sign-ins that came to nothing, from one network address: a whole office has one, a guesser too.
    pub(super) const SIGN_INS: Self = Self { what: "sign-in", most: 50, seconds: 3600 };
    /// Passwords tried at one computer, right or wrong.
    pub const PASSWORDS: Self = Self { what: "password", most: 60, seconds: 300 };
    /// Codes tried for a new computer, from one network address.
    pub const ENROLMENTS: Self = Self { what: "enrol", most: 20, seconds: 300 };
    /// Links asked for, from one network address.
    pub const LINKS_ASKED: Self = Self { what: "ask for a link", most: 20, seconds: 3600 };
    /// Alerts mailed to a practice's admins: whoever makes many of them fills no mailbox.
    pub(super) const ALERTS_MAILED: Self = Self { what: "mail an alert", most: 5, seconds: 3600 };
    /// Links mailed to one member.
    pub(super) const LINKS_MAILED: Self = Self { what: "mail a link", most: 5, seconds: 3600 };
}

/// Counts one more try, in the caller's transaction; whether it is within the limit.
pub(super) fn count(db: &Db, limit: &Limit, place: &str, now: Stamp) -> Result<bool, StoreError> {
    let key = token::hash(place);
    let found: Option<(i64, u32)> =
        db.one("select since, number from tries where what = ? and place = ?", values![limit.what, key], |row| {
            Ok((row.get("since")?, row.get("number")?))
        })?;
    let over = |since: i64| now.millis().abs_diff(since) >= limit.seconds.unsigned_abs() * 1000;
    let (since, number) = found.filter(|(since, _)| !over(*since)).unwrap_or((now.millis(), 0));
    if number >= limit.most {
        return Ok(false);
    }
    // Those whose time is over are forgotten, whoever's they are.
    db.execute(
        "delete from tries where what = ? and (place = ? or since <= ?)",
        values![limit.what, key, now.millis() - limit.seconds * 1000],
    )?;
    db.execute(
        "insert into tries (what, place, since, number) values (?, ?, ?, ?)",
        values![limit.what, key, since, number + 1],
    )?;
    Ok(true)
}

/// Takes one try back: it came to something.
pub(super) fn pardon(db: &Db, limit: &Limit, place: &str) -> Result<(), StoreError> {
    db.execute(
        "update tries set number = number - 1 where what = ? and place = ? and number > 0",
        values![limit.what, token::hash(place)],
    )?;
    Ok(())
}

impl PracticeStore {
    /// Counts one more try from `place`; whether it is within the limit.
    pub fn within(&mut self, limit: &Limit, place: &str, now: Stamp) -> Result<bool, StoreError> {
        let db = self.db.begin()?;
        let within = count(&db, limit, place, now)?;
        db.commit()?;
        Ok(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, office};

    #[test]
    fn a_limit_is_each_places_own_and_ends_with_its_time() {
        let mut office = office();
        let limit = Limit { what: "x", most: 2, seconds: 300 };
        for (place, second, within) in [
            ("a", 0, true),
            ("a", 1, true),
            ("a", 299, false),
            ("b", 299, true),
            ("a", 300, true),
            ("a", 301, true),
            ("a", 302, false),
            ("a", -1000, true),
        ] {
            assert_eq!(office.store.within(&limit, place, at(second)).unwrap(), within, "{place} {second}");
        }
        assert!(office.store.within(&Limit { what: "y", ..limit }, "a", at(302)).unwrap(), "each kind by itself");
    }
}
