//! What a member chose for themselves. It lies in the vault under their id, and is in force for them alone.
//!
//! A time-out of their own only shortens the policy's: what is longer is not taken, and a policy that became shorter wins.

use std::sync::PoisonError;

use practice::{Code, ids::MemberId, policy::TIME_OUT_SECONDS};
use store::Store;

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{SavedView, Settings, SettingsPage},
    session::{Notice, Workstation},
};

impl Workstation {
    /// What the member chose, and the longest time-out that they may choose.
    ///
    /// # Errors
    /// When locked.
    pub fn settings(&self) -> Outcome<SettingsPage> {
        self.at_desk(|desk| Ok(self.settings_page(desk)))
    }

    /// Takes what the member chose; it is in force at once.
    ///
    /// # Errors
    /// When locked, for a new time-out that is longer than the policy's or shorter than any, and for views that share a key or
    /// have no name.
    pub fn set_settings(&self, chosen: Settings) -> Outcome<SettingsPage> {
        let page = self.at_desk(|desk| {
            let longest = self.longest_time_out(&desk.me);
            let own = chosen.time_out_seconds;
            // What was chosen under a longer policy stays chosen, and waits for the policy to allow it again.
            if let Some(seconds) = own.filter(|_| own != desk.own_time_out()) {
                if seconds < *TIME_OUT_SECONDS.start() {
                    return refuse(Code::Invalid, "A time-out must be at least 1 minute.");
                }
                if u64::from(seconds) > longest.as_secs() {
                    return refuse(Code::Invalid, "Your practice does not allow that long. Choose a shorter time.");
                }
            }
            if !views_stand(&chosen.views) {
                return refuse(
                    Code::Invalid,
                    "A view needs a name of up to 40 letters, and a key from F2 to F9 of its own.",
                );
            }
            desk.keep_settings(chosen)?;
            Ok(self.settings_page(desk))
        })?;
        self.notify(Notice::Shell);
        Ok(page)
    }

    fn settings_page(&self, desk: &Desk) -> SettingsPage {
        SettingsPage { chosen: desk.chosen(), longest_seconds: self.longest_time_out(&desk.me).as_secs() as u32 }
    }
}

impl Desk {
    /// Seconds without input after which the member wants to be locked.
    pub(crate) fn own_time_out(&self) -> Option<u32> {
        self.chosen().time_out_seconds
    }

    fn chosen(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_settings(&self, chosen: Settings) -> Outcome<()> {
        let mut held = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let text = serde_json::to_string(&chosen).unwrap_or_else(|_| unreachable!("plain data"));
        self.store.meta_set(&name(&self.me.id), &text).map_err(|e| e.refusal())?;
        *held = chosen;
        Ok(())
    }
}

fn views_stand(views: &[SavedView]) -> bool {
    views.iter().enumerate().all(|(n, view)| {
        let named = !view.name.trim().is_empty() && view.name.chars().count() <= 40;
        named && (2..=9).contains(&view.key) && views.iter().take(n).all(|other| other.key != view.key)
    })
}

/// What `member` chose; the usual where they chose nothing, or a later version wrote what this one can't read.
pub(crate) fn kept(store: &Store, member: &MemberId) -> Outcome<Settings> {
    let text = store.meta_get(&name(member)).map_err(|e| e.refusal())?;
    Ok(text.and_then(|text| read(&text)).unwrap_or_default())
}

/// What an earlier version did not know is as usual.
fn read(text: &str) -> Option<Settings> {
    let mut all = serde_json::to_value(Settings::default()).ok()?;
    all.as_object_mut()?.extend(serde_json::from_str::<serde_json::Map<_, _>>(text).ok()?);
    serde_json::from_value(all).ok()
}

fn name(member: &MemberId) -> String {
    format!("settings/{member}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::Shape;

    fn view(key: u8, name: &str) -> SavedView {
        SavedView {
            key,
            name: name.into(),
            shape: Shape::Week,
            wide: false,
            whose: None,
            columns: Vec::new(),
            rooms: false,
        }
    }

    #[test]
    fn each_view_has_a_name_and_a_key_of_its_own() {
        assert!(views_stand(&[]));
        assert!(views_stand(&[view(2, "Mine"), view(9, "Nurses")]));
        for wrong in
            [[view(2, "Mine"), view(2, "Nurses")], [view(2, "Mine"), view(1, "Lab")], [view(2, " "), view(3, "Lab")]]
        {
            assert!(!views_stand(&wrong));
        }
        assert!(!views_stand(&[view(4, &"é".repeat(41))]));
        assert!(views_stand(&[view(4, &"é".repeat(40))]));
    }

    #[test]
    fn what_another_version_kept_is_read_as_far_as_it_goes() {
        let own = Settings { time_out_seconds: Some(60), ..Settings::default() };
        assert_eq!(read(r#"{"time_out_seconds":60}"#).as_ref(), Some(&own), "an earlier one");
        assert_eq!(read(r#"{"time_out_seconds":60,"fonts":"large"}"#).as_ref(), Some(&own), "a later one");
        let kept = r#"{"views":[{"key":2,"name":"Mine","shape":"day","wide":false,"whose":null,"columns":[]}]}"#;
        assert!(read(kept).is_some_and(|own| !own.views[0].rooms), "a view from before rooms had columns");
        assert_eq!(read(r#"{"theme":"sepia"}"#), None);
        assert_eq!(read("60"), None);
    }
}
