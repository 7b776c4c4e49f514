//! Where a member left off: the page's place and what was half typed. It outlives the page, the lock and the program,
//! sealed to the member inside the vault; another member learns that there is something unfinished, and whose.

use std::sync::{PoisonError, atomic::Ordering};

use base64::{Engine, prelude::BASE64_STANDARD};
use practice::{Code, ids::MemberId};
use serde::{Deserialize, Serialize};

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Came, LeftOff},
    session::Workstation,
};

/// More than any page leaves, in bytes: the longest note in letters of any script, and room for others.
const MOST: usize = 1024 * 1024;

/// What the vault keeps.
#[derive(Serialize, Deserialize)]
struct Kept {
    unfinished: bool,
    sealed: String,
}

impl Workstation {
    /// Takes where the page stands. It is in the vault before the session closes; what is half typed, within a second.
    ///
    /// # Errors
    /// When locked, or when it is more than a page leaves.
    pub fn leave_off(&self, left: LeftOff) -> Outcome<()> {
        if left.page.len() > MOST {
            return refuse(Code::Invalid, "That is more than one screen can leave behind.");
        }
        self.at_desk(|desk| {
            desk.half_typed.fetch_or(left.unfinished, Ordering::Relaxed);
            *desk.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
            Ok(())
        })
    }

    /// Where the member left off, and who else has something unfinished here.
    ///
    /// # Errors
    /// When locked.
    pub fn left_off(&self) -> Outcome<Came> {
        self.at_desk(|desk| {
            let mut came = Came { page: None, unfinished: Vec::new() };
            for member in desk.members()? {
                let Some(kept) = desk.kept(&member.id)? else { continue };
                if member.id == desk.me.id {
                    came.page = desk.open_left_off(&kept);
                } else if kept.unfinished {
                    came.unfinished.push(member.name);
                }
            }
            Ok(came)
        })
    }

    /// Writes down what is half typed, or no longer is, in case the program does not come to close the session.
    pub(crate) fn write_left_off(&self) {
        let _ = self.at_desk(|desk| {
            if desk.half_typed.load(Ordering::Relaxed)
                && let Some((name, value)) = desk.left_to_write()
            {
                desk.store.meta_set(&name, &value).map_err(|e| e.refusal())?;
            }
            Ok(())
        });
    }
}

impl Desk {
    /// The setting that is to be written, when there is one.
    pub(crate) fn left_to_write(&self) -> Option<(String, String)> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.half_typed.store(left.unfinished, Ordering::Relaxed);
        let sealed = self.unlocked().seal_to(&self.me.id, left.page.as_bytes()).ok()?;
        let kept = Kept { unfinished: left.unfinished, sealed: BASE64_STANDARD.encode(sealed) };
        let value = serde_json::to_string(&kept).unwrap_or_else(|_| unreachable!("plain data"));
        Some((name(&self.me.id), value))
    }

    fn kept(&self, member: &MemberId) -> Outcome<Option<Kept>> {
        let text = self.store.meta_get(&name(member)).map_err(|e| e.refusal())?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    fn open_left_off(&self, kept: &Kept) -> Option<String> {
        let sealed = BASE64_STANDARD.decode(&kept.sealed).ok()?;
        let page = self.unlocked().open_of(&self.me.id, &sealed)?;
        String::from_utf8(page.to_vec()).ok()
    }
}

fn name(member: &MemberId) -> String {
    format!("left_off/{member}")
}
