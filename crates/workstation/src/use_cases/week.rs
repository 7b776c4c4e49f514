//! The schedule of a week, in one asking.

use practice::{audit::AuditAction, permission::ReadSchedule, schedule::week_of};

use super::day::date_of;
use crate::{
    refused::Outcome,
    screen::{Card, Week, Whose},
    session::Workstation,
};

impl Workstation {
    /// The schedule of the week in which `date` (ISO) lies, today's when absent. Each of its days is told as read.
    ///
    /// # Errors
    /// When locked, or for a date that is none.
    pub fn week(&self, date: Option<&str>, whose: &Whose) -> Outcome<Week> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let date = date.map_or(Ok(desk.enrolled.zone.today(self.clock.now())), date_of)?;
            let days = week_of(date).map(|day| {
                let mut day = self.tell_day(desk, Some(&day.to_string()), AuditAction::ReadSchedule)?;
                day.appointments.retain(|card| is_of(card, whose));
                Ok(day)
            });
            Ok(Week { date: date.to_string(), days: days.collect::<Outcome<_>>()? })
        })
    }
}

fn is_of(card: &Card, whose: &Whose) -> bool {
    match whose {
        Whose::Everyone => true,
        Whose::One(practitioner) => card.practitioner.as_ref() == Some(practitioner),
        Whose::Nobody => false,
    }
}
