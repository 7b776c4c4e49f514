//! One practice's store: every resource, every version, the accounts and the audit chains, in one encrypted file.
//!
//! A [`PracticeStore`] is one connection. Writers take it `&mut`; readers have connections of their own.
//! Nothing here knows HTTP, and nothing decides who may do what.

mod accept;
mod accounts;
mod audit;
mod audit_check;
mod backup_runs;
mod body;
mod change;
mod db;
mod deletion;
mod destroy;
mod erase;
mod error;
mod export;
mod identifiers;
mod index;
mod lives;
mod mark;
mod migrate;
mod pages;
mod policy;
mod present;
mod rehearse;
mod rescue;
mod restore;
mod rows;
mod search;
mod settings;
mod sought;
mod stream;

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::tz::TimeZone;
use practice::{ids::PracticeId, time::Stamp};
use zeroize::Zeroizing;

pub use accept::{Accepted, NewResource};
pub use accounts::{
    ACCESS_SECONDS, Bearer, Bound, Changed, Contact, ENDED, EnrolCode, Enrolled, Limit, MailedLink, Member, NO_LINK,
    NO_PROOF, NewMember, Occasion, Password, PasswordHash, Renewed, Reuse, Shown, Tokens, Try, Workstation,
    practice_of, verifying, wait_after,
};
pub use audit_check::ChainState;
pub use backup_runs::Run;
pub use change::{Change, ChangeError, Expects};
pub(crate) use db::Cluster;
pub use deletion::{Asking, WAITING_DAYS};
pub use error::StoreError;
pub use export::Exported;
pub use index::{ACTOR, BIRTH_DATE, IDENTIFIER, NAME, PHONE, has_name, phone::digits as phone_digits};
pub use mark::Mark;
pub use pages::Page;
pub use restore::PutBack;
pub use rows::{Row, Stored};
pub use search::{Compare, Criterion, Search, Span};
pub use settings::time_zone;
pub use stream::Streamed;

use crate::{data_dir::DataDir, random, written::is_name};
use db::{Access, Db};

/// A connection to one practice's file.
pub struct PracticeStore {
    db: Db,
    practice: PracticeId,
    zone: TimeZone,
}

/// A practice to be made.
pub struct NewPractice<'a> {
    /// Its id.
    pub id: PracticeId,
    /// Its name.
    pub name: &'a str,
    /// Its IANA time zone.
    pub time_zone: &'a str,
    /// When.
    pub at: Stamp,
}

impl NewPractice<'_> {
    /// Checks what can be checked before anything is made.
    ///
    /// # Errors
    /// In words, when the name is no good.
    pub fn check(&self) -> Result<(), StoreError> {
        if !is_name(self.name, 200) {
            return Err(StoreError::refused(
                practice::Code::Invalid,
                "A practice needs a name of at most 200 characters.",
            ));
        }
        Ok(())
    }
}

impl PracticeStore {
    /// Makes a practice in `dir`, with a key of its own.
    ///
    /// # Errors
    /// When the zone does not exist, the practice does, or the folder cannot be written.
    pub fn create(dir: &DataDir, new: &NewPractice<'_>) -> Result<Self, StoreError> {
        let zone = time_zone(new.time_zone)?;
        new.check()?;
        let taken = || StoreError::refused(practice::Code::Invalid, "This data folder already holds that practice.");
        let Some(cluster) = dir.cluster() else {
            let (key, wrapped) = dir.operator_key().make(&new.id)?;
            let file = dir.database(&new.id);
            if file.exists() || dir.wrapped_key(&new.id).exists() {
                return Err(taken());
            }
            let mut store = Self { db: Db::file(&file, &key, Access::Create)?, practice: new.id.clone(), zone };
            store.begin(new)?;
            // The practice exists from here on: a file without its wrapped key is a start that came to nothing.
            fs::write(dir.wrapped_key(&new.id), wrapped)?;
            return Ok(store);
        };
        if cluster.has(&new.id)? {
            return Err(taken());
        }
        let db = Db::shared(cluster.clone(), new.id.clone());
        let mut store = Self { db, practice: new.id.clone(), zone };
        store.begin(new)?;
        cluster.add(&new.id)?;
        Ok(store)
    }

    /// What a practice starts with.
    fn begin(&mut self, new: &NewPractice<'_>) -> Result<(), StoreError> {
        settings::set(&self.db, settings::NAME, new.name.trim())?;
        settings::set(&self.db, settings::TIME_ZONE, new.time_zone)?;
        lives::begin(&self.db, &random::uuid().to_string())?;
        settings::set(&self.db, settings::HOST, &random::uuid().to_string())?;
        let signing = Zeroizing::new(STANDARD.encode(Zeroizing::new(random::bytes::<32>()).as_slice()));
        settings::set(&self.db, settings::POLICY_KEY, &signing)?;
        self.first_policy(new.at)
    }

    /// Opens a practice for reading and writing.
    ///
    /// # Errors
    /// [`StoreError::NoPractice`] when `dir` holds none of this id.
    pub fn open(dir: &DataDir, practice: &PracticeId) -> Result<Self, StoreError> {
        Self::with(dir, practice, Access::Write)
    }

    /// Opens a practice for reading; [`PracticeStore::open`] has brought it up to date before.
    ///
    /// # Errors
    /// [`StoreError::NoPractice`] when `dir` holds none of this id.
    pub fn reader(dir: &DataDir, practice: &PracticeId) -> Result<Self, StoreError> {
        Self::with(dir, practice, Access::Read)
    }

    fn with(dir: &DataDir, practice: &PracticeId, access: Access) -> Result<Self, StoreError> {
        let db = match dir.cluster() {
            Some(cluster) if cluster.has(practice)? => Db::shared(cluster.clone(), practice.clone()),
            Some(_) => return Err(StoreError::NoPractice),
            None => {
                let wrapped = match fs::read_to_string(dir.wrapped_key(practice)) {
                    Ok(wrapped) => wrapped,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(StoreError::NoPractice),
                    Err(error) => return Err(error.into()),
                };
                Db::file(&dir.database(practice), &dir.operator_key().unwrap(practice, &wrapped)?, access)?
            }
        };
        let zone = time_zone(&settings::get(&db, settings::TIME_ZONE)?)?;
        Ok(Self { db, practice: practice.clone(), zone })
    }

    /// Runs `job` while what this connection sees stays as it is.
    ///
    /// # Errors
    /// When the store can't be asked.
    pub fn at_one_moment<T>(&self, job: impl FnOnce() -> T) -> Result<T, StoreError> {
        self.db.at_one_moment(job)
    }

    /// Whose store this is.
    pub fn practice(&self) -> &PracticeId {
        &self.practice
    }

    /// The practice's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

#[cfg(test)]
pub(crate) mod tests;
