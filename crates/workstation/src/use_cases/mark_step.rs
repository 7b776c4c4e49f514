//! Mark that a patient has confirmed, or has left: steps for which FHIR has no status.

use practice::{
    Code,
    permission::{ChangeAppointment, Permitted},
    schedule::{
        steps::{MarkedStep, VisitStep, marked, may_mark, reached},
        written,
    },
    text::{quote, set, string},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};

use super::{
    change::{Edit, appointment},
    move_appointment::{odd, participant_of},
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, StepAt, StepRequest},
    session::Workstation,
};

impl Workstation {
    /// Marks the step.
    ///
    /// # Errors
    /// When locked or not allowed, for an appointment not known here, and for a step that can't follow.
    pub fn mark_step(&self, wish: StepRequest) -> Outcome<Changed> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let edit = plan(desk, &may, wish, self.clock.now())?;
            self.commit_edit(desk, edit)
        })
    }
}

fn plan(desk: &Desk, _: &Permitted<ChangeAppointment>, wish: StepRequest, now: Stamp) -> Outcome<Edit> {
    let (key, stored) = appointment(desk, &wish.appointment)?;
    let view = AppointmentView::read(&stored.text);
    let (step, activity) = match wish.step {
        MarkedStep::Confirmed => (VisitStep::Confirmed, "confirmed by the patient"),
        MarkedStep::Left => (VisitStep::Left, "left"),
    };
    let status = view.status().filter(|status| may_mark(wish.step, *status) && view.step_at(step).is_none());
    let Some(status) = status else {
        return refuse(Code::NotNow, "That can't follow where this visit stands now. Look at it again.");
    };
    let mut after = stored.text.clone();
    match wish.step {
        MarkedStep::Confirmed => after = accepted(&after)?,
        // Whoever goes from a room is done as well.
        MarkedStep::Left if status != AppointmentStatus::Fulfilled => {
            let done = AppointmentStatus::Fulfilled;
            after = set(&after, "/status", &quote(done.as_str()))
                .and_then(|text| reached(&text, done, now))
                .map_err(|_| odd())?;
        }
        MarkedStep::Left => {}
    }
    after = marked(&after, step, now).map_err(|_| odd())?;
    Ok(Edit { key, base: Some(stored.version), after, activity: activity.to_owned(), comment: wish.comment })
}

/// The patient takes part, as FHIR says it.
fn accepted(text: &str) -> Outcome<String> {
    let Some(index) = participant_of(text, "Patient") else { return Ok(text.to_owned()) };
    let pointer = format!("/participant/{index}/status");
    if string(text, &pointer).as_deref() == Some("accepted") {
        return Ok(text.to_owned());
    }
    set(text, &pointer, &quote("accepted")).map_err(|_| odd())
}

impl Desk {
    /// When the visit of this text came to each of its steps, in their order.
    pub(super) fn steps_of(&self, text: &str) -> Vec<StepAt> {
        let view = AppointmentView::read(text);
        let at = |step: VisitStep| {
            let at = written(&self.enrolled.zone, view.step_at(step)?);
            Some(StepAt { step, at })
        };
        VisitStep::ALL.into_iter().filter_map(at).collect()
    }
}
