//! What a practice is called, where its clock is, and the few secrets that belong to it as a whole.

use ed25519_dalek::SigningKey;
use jiff::tz::TimeZone;

use super::{
    PracticeStore, StoreError,
    db::{Db, values},
};

pub(super) const NAME: &str = "name";
pub(super) const TIME_ZONE: &str = "time_zone";
pub(super) const HOST: &str = "host";
pub(super) const POLICY_KEY: &str = "policy_key";

pub(super) fn get(db: &Db, name: &str) -> Result<String, StoreError> {
    db.one("select value from setting where name = ?", values![name], |row| row.get("value"))?
        .ok_or(StoreError::Damaged("a setting is missing"))
}

pub(super) fn set(db: &Db, name: &str, value: &str) -> Result<(), StoreError> {
    db.execute("delete from setting where name = ?", values![name])?;
    db.execute("insert into setting (name, value) values (?, ?)", values![name, value])?;
    Ok(())
}

/// The IANA zone called `name`.
///
/// # Errors
/// In words, when there is none.
pub fn time_zone(name: &str) -> Result<TimeZone, StoreError> {
    TimeZone::get(name).map_err(|_| {
        StoreError::refused(
            practice::Code::Invalid,
            "There is no time zone of that name. Use an IANA name such as America/New_York.",
        )
    })
}

impl PracticeStore {
    /// The practice's name.
    pub fn name(&self) -> Result<String, StoreError> {
        get(&self.db, NAME)
    }

    /// The practice's IANA zone.
    pub fn time_zone_name(&self) -> Result<String, StoreError> {
        get(&self.db, TIME_ZONE)
    }

    pub(super) fn policy_key(&self) -> Result<SigningKey, StoreError> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let bytes = zeroize::Zeroizing::new(
            STANDARD.decode(get(&self.db, POLICY_KEY)?).map_err(|_| StoreError::Damaged("the policy key"))?,
        );
        SigningKey::try_from(bytes.as_slice()).map_err(|_| StoreError::Damaged("the policy key"))
    }
}
