//! How far each provider's schedule may be overbooked: the admin says so, the host holds to it.

use practice::{
    Code,
    permission::ChangeSchedule,
    resource::{ResourceKey, ResourceType},
    text::quote,
    views::OVERBOOK_LIMIT,
};

use super::{
    change::{Edit, found},
    holds::drop_extension,
    move_appointment::put_extension,
};
use crate::{
    refused::{Outcome, refuse},
    screen::OverbookLimit,
    session::Workstation,
};

/// The most visits over another that may be allowed by number; beyond it there is no limit.
const MOST: u32 = 9;

impl Workstation {
    /// Each provider's schedule, by name.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn overbook_limits(&self) -> Outcome<Vec<OverbookLimit>> {
        self.at_desk(|desk| {
            desk.may::<ChangeSchedule>()?;
            let (people, schedules) = (desk.store.practitioners(), desk.store.schedules());
            let (people, schedules) = (people.map_err(|e| e.refusal())?, schedules.map_err(|e| e.refusal())?);
            let of = |who: &store::PractitionerRow| {
                let theirs = schedules.iter().filter(|(_, hours)| hours.practitioner == who.id);
                let (name, limits) = (who.name.clone(), theirs.map(|(id, hours)| (id.clone(), hours.overbook_limit)));
                limits.map(move |(schedule, limit)| OverbookLimit { schedule, name: name.clone(), limit }).collect()
            };
            Ok(people.iter().filter(|who| who.active).flat_map(|who| -> Vec<_> { of(who) }).collect())
        })
    }

    /// Sets how many visits may lie over another in `schedule`; `None` for as many as wanted.
    ///
    /// # Errors
    /// When locked or not allowed, for a schedule not known here, and for a number that makes no sense.
    pub fn set_overbook_limit(&self, schedule: &str, limit: Option<u32>) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<ChangeSchedule>()?;
            if limit.is_some_and(|limit| limit > MOST) {
                return refuse(Code::Invalid, "A schedule is overbooked by at most 9 visits, or without a limit.");
            }
            let key =
                ResourceKey::parse(&format!("Schedule/{schedule}")).filter(|key| key.kind == ResourceType::SCHEDULE);
            let Some((key, stored)) = found(desk, key)? else {
                return refuse(Code::NotFound, "That schedule is not in this practice.");
            };
            let all = desk.store.schedules().map_err(|e| e.refusal())?;
            let known = all.into_iter().find(|(id, _)| id == schedule).map(|(_, hours)| hours);
            if known.as_ref().is_some_and(|hours| hours.overbook_limit == limit) {
                return Ok(());
            }
            let people = desk.store.practitioners().map_err(|e| e.refusal())?;
            let whose = known.and_then(|hours| people.into_iter().find(|who| who.id == hours.practitioner));
            let mut after = stored.text.clone();
            let activity = match limit {
                Some(limit) => {
                    let extension = format!(r#"{{"url":{},"valueUnsignedInt":{limit}}}"#, quote(OVERBOOK_LIMIT));
                    put_extension(&mut after, OVERBOOK_LIMIT, &extension)?;
                    format!("overbooked by {limit} at most")
                }
                None => {
                    drop_extension(&mut after, OVERBOOK_LIMIT)?;
                    "overbooked without a limit".to_owned()
                }
            };
            let name = whose.map_or_else(|| "Schedule".to_owned(), |who| who.name);
            self.commit_plain(desk, Edit { key, base: Some(stored.version), after, activity, comment: None }, &name)
        })
    }
}
