//! The practice's enrolled computers.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use practice::{
    Code,
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::{PracticeId, WorkstationId},
    policy::Zone,
    time::Stamp,
    wire::{SignedReceipt, Standing, WipeReceipt},
};

use super::token;
use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, Row, values},
};

/// An enrolled computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workstation {
    /// Id.
    pub id: WorkstationId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
    /// May no longer do anything.
    pub stopped: bool,
    /// When it joined.
    pub enrolled: Stamp,
    /// When it was told to forget the practice.
    pub wipe: Option<Stamp>,
    /// When its receipt came.
    pub wiped: Option<Stamp>,
    /// Whether the key is known that its word verifies with: from the first sign-in on.
    pub has_key: bool,
    /// When it last asked for anything, give or take a minute.
    pub seen: Option<Stamp>,
    /// The version of its program, as it told last.
    pub program: Option<String>,
    /// The version of the policy that it held then.
    pub policy: Option<u32>,
    /// The newest lock in its audit chain, by its own clock.
    pub locked: Option<Stamp>,
    /// When a copy of a sign-in that was made there was last used.
    pub copied: Option<Stamp>,
}

const COLUMNS: &str = "id, name, zone, stopped, enrolled, wipe, wiped, key, seen, program, policy, locked, copied";

impl PracticeStore {
    /// Every computer that ever joined, in order of joining.
    pub fn workstations(&self) -> Result<Vec<Workstation>, StoreError> {
        self.db.all(&format!("select {COLUMNS} from workstation order by enrolled, id"), &[], read)
    }

    /// Stops the workstation (nothing is taken from it or given to it, and nobody works on it), lets it work again, or
    /// tells it to forget the practice at its next contact. `by` says who, where, when and why; a refusal is told too.
    ///
    /// # Errors
    /// In words, when there is no such computer, and when one that was told to wipe is to work: what it forgot does not
    /// come back.
    pub fn set_workstation(
        &mut self,
        id: &WorkstationId,
        standing: Standing,
        by: AuditRecord,
    ) -> Result<Workstation, StoreError> {
        let at = by.at.millis();
        let db = self.db.begin()?;
        let changed = match standing {
            Standing::Works => {
                db.execute("update workstation set stopped = null where id = ? and wipe is null", values![id.as_str()])
            }
            Standing::Stopped => db.execute(
                "update workstation set stopped = coalesce(stopped, ?) where id = ?",
                values![at, id.as_str()],
            ),
            Standing::Wipe => {
                db.execute("update workstation set wipe = coalesce(wipe, ?) where id = ?", values![at, id.as_str()])
            }
        }?;
        let what = match standing {
            Standing::Works => "started",
            Standing::Stopped => "stopped",
            Standing::Wipe => "told to wipe",
        };
        let record = AuditRecord {
            outcome: if changed == 0 { AuditOutcome::Refused } else { AuditOutcome::Success },
            query: Some(format!("workstation {id}")),
            comment: Some(by.comment.as_deref().map_or(what.to_owned(), |why| format!("{what}: {why}"))),
            ..by
        };
        audit::append(&db, &record)?;
        db.commit()?;
        match self.workstation(id)? {
            Some(_) if changed == 0 => Err(StoreError::refused(
                Code::NotNow,
                "This computer was told to forget the practice. Enrol it anew with a code.",
            )),
            Some(workstation) => Ok(workstation),
            None => Err(StoreError::refused(Code::NotFound, "The practice has no such computer.")),
        }
    }

    /// As [`Self::set_workstation`], by the operator at the host itself.
    pub fn order_workstation(
        &mut self,
        id: &WorkstationId,
        standing: Standing,
        now: Stamp,
    ) -> Result<Workstation, StoreError> {
        let by = AuditRecord::new(now, AuditAction::Update, None, self.host()?);
        self.set_workstation(id, standing, by)
    }

    /// When the workstation last sent something of its audit chain: somebody was at work there shortly before.
    pub fn last_told(&self, id: &WorkstationId) -> Result<Option<Stamp>, StoreError> {
        let taken: Option<i64> = self.db.one(
            "select taken from audit_entry where workstation = ? order by seq desc limit 1",
            values![id.as_str()],
            |row| row.get("taken"),
        )?;
        Ok(taken.and_then(Stamp::from_millis))
    }

    /// Keeps the key that the workstation signs with, if it is the first.
    pub fn know_key(&mut self, id: &WorkstationId, key: &str) -> Result<(), StoreError> {
        let db = self.db.begin()?;
        keep_key(&db, id, key)?;
        db.commit()
    }

    /// Takes a workstation's word that it has forgotten the practice. The same word may come twice.
    ///
    /// # Errors
    /// In words, when it was not told to, or the word is not its own.
    pub fn take_receipt(&mut self, id: &WorkstationId, receipt: &SignedReceipt, now: Stamp) -> Result<(), StoreError> {
        let db = self.db.begin()?;
        let (key, wipe, wiped): (Option<String>, Option<i64>, Option<i64>) =
            db.the("select key, wipe, wiped from workstation where id = ?", values![id.as_str()], |row| {
                Ok((row.get("key")?, row.get("wipe")?, row.get("wiped")?))
            })?;
        if wipe.is_none() || !is_word_of(id, &self.practice, key.as_deref(), receipt) {
            return Err(StoreError::refused(Code::Invalid, "This is not this computer's receipt for a wipe."));
        }
        if wiped.is_none() {
            let text = serde_json::to_string(receipt).map_err(|_| StoreError::Damaged("a receipt"))?;
            db.execute(
                "update workstation set wiped = ?, receipt = ? where id = ?",
                values![now.millis(), text, id.as_str()],
            )?;
            audit::append(&db, &AuditRecord::new(now, AuditAction::Wipe, None, id.clone()))?;
            db.commit()?;
        }
        Ok(())
    }

    /// The workstation called `id`.
    pub fn workstation(&self, id: &WorkstationId) -> Result<Option<Workstation>, StoreError> {
        self.db.one(&format!("select {COLUMNS} from workstation where id = ?"), values![id.as_str()], read)
    }

    pub(super) fn workstation_by_token(&self, token: &str) -> Result<Option<Workstation>, StoreError> {
        self.db.one(&format!("select {COLUMNS} from workstation where token = ?"), values![token::hash(token)], read)
    }

    /// The host's half of the workstation's recovery slot.
    pub fn share(&self, id: &WorkstationId) -> Result<[u8; 32], StoreError> {
        self.db.the("select share from workstation where id = ?", values![id.as_str()], |row| row.get("share"))
    }
}

/// Keeps the key that the workstation signs with, if it is the first, in the caller's transaction.
pub(super) fn keep_key(db: &Db, id: &WorkstationId, key: &str) -> Result<(), StoreError> {
    if verifying(key).is_some() {
        db.execute("update workstation set key = ? where id = ? and key is null", values![key, id.as_str()])?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Workstation, StoreError> {
    const BAD: StoreError = StoreError::Damaged("a workstation");
    Ok(Workstation {
        id: WorkstationId::parse(&row.get::<String>("id")?).ok_or(BAD)?,
        name: row.get("name")?,
        zone: Zone::parse(&row.get::<String>("zone")?).ok_or(BAD)?,
        stopped: row.get::<Option<i64>>("stopped")?.is_some(),
        enrolled: Stamp::from_millis(row.get("enrolled")?).ok_or(BAD)?,
        wipe: row.get::<Option<i64>>("wipe")?.and_then(Stamp::from_millis),
        wiped: row.get::<Option<i64>>("wiped")?.and_then(Stamp::from_millis),
        has_key: row.get::<Option<String>>("key")?.is_some(),
        seen: row.get::<Option<i64>>("seen")?.and_then(Stamp::from_millis),
        program: row.get("program")?,
        policy: row.get::<Option<i64>>("policy")?.and_then(|version| version.try_into().ok()),
        locked: row.get::<Option<i64>>("locked")?.and_then(Stamp::from_millis),
        copied: row.get::<Option<i64>>("copied")?.and_then(Stamp::from_millis),
    })
}

/// An Ed25519 key as it is kept.
pub fn verifying(key: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&STANDARD.decode(key).ok()?.try_into().ok()?).ok()
}

/// Whether `receipt` is signed by the workstation, with the key that is known of it if there is one, and tells of it.
fn is_word_of(id: &WorkstationId, practice: &PracticeId, known: Option<&str>, receipt: &SignedReceipt) -> bool {
    let holds = || {
        let key = verifying(&receipt.key)?;
        let signature = Signature::from_slice(&STANDARD.decode(&receipt.signature).ok()?).ok()?;
        key.verify(receipt.document.as_bytes(), &signature).ok()?;
        serde_json::from_str::<WipeReceipt>(&receipt.document).ok()
    };
    known.is_none_or(|known| known == receipt.key)
        && holds().is_some_and(|told| told.workstation == *id && told.practice == *practice)
}
