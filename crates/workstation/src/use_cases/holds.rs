//! Holds that are kept for this computer: what is booked in one here can't be lost to another desk, also offline.

use practice::{
    Code,
    ids::SlotId,
    permission::ChangeAppointment,
    resource::{ResourceKey, ResourceType},
    text::{each_element, quote, raw, remove, set, string},
    views::{KEPT_FOR, SlotView},
};

use super::{
    change::{Edit, found},
    move_appointment::{odd, put_extension},
};
use crate::{
    refused::{Outcome, refuse},
    session::Workstation,
};

impl Workstation {
    /// Keeps the hold `slot` for this computer once the host has heard of it, or gives it up, whosever it is.
    ///
    /// # Errors
    /// When locked or not allowed, for what is no hold here, and for one that another computer keeps.
    pub fn keep_hold(&self, slot: &str, keep: bool) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let key = SlotId::parse(slot).map(|id| ResourceKey::new(ResourceType::SLOT, id.as_str()));
            let Some((key, stored)) = found(desk, key)?.filter(|(_, stored)| SlotView::read(&stored.text).is_hold())
            else {
                return refuse(Code::NotFound, "That time is not held any more. Look at the schedule.");
            };
            let view = SlotView::read(&stored.text);
            let here = &desk.enrolled.as_written.workstation;
            if view.kept_for().as_ref() == keep.then_some(here) {
                return Ok(());
            }
            if keep && view.kept_for().is_some() {
                return refuse(Code::NotNow, "Another computer keeps that time. It has to be given up first.");
            }
            let mut after = stored.text.clone();
            if keep {
                let device = quote(&format!("Device/{here}"));
                let extension = format!(r#"{{"url":{},"valueReference":{{"reference":{device}}}}}"#, quote(KEPT_FOR));
                put_extension(&mut after, KEPT_FOR, &extension)?;
            } else {
                drop_extension(&mut after, KEPT_FOR)?;
            }
            let when = match view.start() {
                Some(start) => format!(", {}", crate::show::day_and_time(&desk.enrolled.zone, start)),
                None => String::new(),
            };
            let name = format!("{}{when}", view.label().unwrap_or("Held"));
            let activity = if keep { "kept for one computer" } else { "given up for all" }.to_owned();
            self.commit_plain(desk, Edit { key, base: Some(stored.version), after, activity, comment: None }, &name)
        })
    }
}

/// Takes the extension `url` out, and the list with it when nothing is left.
pub(super) fn drop_extension(text: &mut String, url: &str) -> Outcome<()> {
    let Some(list) = raw(text, "/extension") else { return Ok(()) };
    let mut kept = Vec::new();
    let read = each_element(list, |one| {
        if string(one, "/url").is_none_or(|found| found != url) {
            kept.push(one);
        }
    });
    let without = match (read, kept.is_empty()) {
        (Ok(()), true) => remove(text, "/extension"),
        (Ok(()), false) => set(text, "/extension", &format!("[{}]", kept.join(","))),
        (Err(error), _) => Err(error),
    };
    *text = without.map_err(|_| odd())?;
    Ok(())
}
