//! The steps of a visit, each with its moment.
//!
//! FHIR R4 has a status for most of them. It has none for a patient who has confirmed (`booked` says that everybody agreed
//! when it was made, as their `participant.status` does, and not that they were asked again), and none for one who has left
//! (`fulfilled` says that the visit is over). So both stay within FHIR's status, which other systems read, and are told
//! apart by their moment: an extension for each step, as the arrival had one from the first.

use serde::{Deserialize, Serialize};

use crate::{
    text::{TextError, each_element, quote, raw, remove, set, string},
    time::Stamp,
    views::{ARRIVED, AppointmentStatus},
};

/// A step of a visit that is marked with its moment, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum VisitStep {
    /// The patient has said that they come.
    Confirmed,
    /// They are here.
    Arrived,
    /// They are in a room.
    Roomed,
    /// The visit is over.
    Done,
    /// They have gone.
    Left,
}

impl VisitStep {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Confirmed, Self::Arrived, Self::Roomed, Self::Done, Self::Left];

    /// The extension that holds its moment (`valueInstant`).
    pub fn url(self) -> &'static str {
        match self {
            Self::Confirmed => "urn:shadowchart:confirmed",
            Self::Arrived => ARRIVED,
            Self::Roomed => "urn:shadowchart:roomed",
            Self::Done => "urn:shadowchart:done",
            Self::Left => "urn:shadowchart:left",
        }
    }

    /// The step that a visit is at in this status; `None` for one that says nothing of that.
    pub fn of(status: AppointmentStatus) -> Option<Self> {
        use AppointmentStatus::{
            Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
        };
        match status {
            Pending | Booked => Some(Self::Confirmed),
            Arrived => Some(Self::Arrived),
            CheckedIn => Some(Self::Roomed),
            Fulfilled => Some(Self::Done),
            Proposed | Cancelled | Noshow | EnteredInError | Waitlist => None,
        }
    }
}

/// A step that is no status of FHIR's, and that a person marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum MarkedStep {
    /// The patient has said that they come.
    Confirmed,
    /// They have gone.
    Left,
}

/// Whether a visit in this status can be marked so.
pub fn may_mark(step: MarkedStep, status: AppointmentStatus) -> bool {
    use AppointmentStatus::{Booked, CheckedIn, Fulfilled, Pending, Proposed};
    match step {
        MarkedStep::Confirmed => matches!(status, Proposed | Pending | Booked),
        MarkedStep::Left => matches!(status, CheckedIn | Fulfilled),
    }
}

/// The Appointment once it has come to `status` at `now`: that step has its moment, and none after it has one.
///
/// # Errors
/// When its extensions are no list.
pub fn reached(text: &str, status: AppointmentStatus, now: Stamp) -> Result<String, TextError> {
    let Some(step) = VisitStep::of(status) else { return Ok(text.to_owned()) };
    // Back to booked is no moment at which anybody confirmed.
    let marks = step != VisitStep::Confirmed;
    rewritten(text, |old| old > step || (marks && old == step), marks.then_some((step, now)))
}

/// The Appointment with the moment of `step` at `now`.
///
/// # Errors
/// As [`reached`].
pub fn marked(text: &str, step: VisitStep, now: Stamp) -> Result<String, TextError> {
    rewritten(text, |old| old == step, Some((step, now)))
}

/// The Appointment at another time, to which nobody has agreed yet.
///
/// # Errors
/// As [`reached`].
pub fn unconfirmed(text: &str) -> Result<String, TextError> {
    rewritten(text, |old| old == VisitStep::Confirmed, None)
}

fn rewritten(
    text: &str,
    drop: impl Fn(VisitStep) -> bool,
    add: Option<(VisitStep, Stamp)>,
) -> Result<String, TextError> {
    let mut kept = Vec::new();
    let mut dropped = false;
    if let Some(list) = raw(text, "/extension") {
        each_element(list, |one| {
            let url = string(one, "/url");
            let gone = VisitStep::ALL.into_iter().any(|step| url.as_deref() == Some(step.url()) && drop(step));
            dropped |= gone;
            if !gone {
                kept.push(one.to_owned());
            }
        })?;
    }
    if let Some((step, now)) = add {
        kept.push(format!(r#"{{"url":{},"valueInstant":{}}}"#, quote(step.url()), quote(&now.to_string())));
    } else if !dropped {
        return Ok(text.to_owned());
    }
    match kept.is_empty() {
        true => remove(text, "/extension"),
        false => set(text, "/extension", &format!("[{}]", kept.join(","))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::AppointmentView;

    fn at(minute: i64) -> Stamp {
        Stamp::from_millis(minute * 60_000).unwrap()
    }

    fn steps(text: &str) -> Vec<VisitStep> {
        let view = AppointmentView::read(text);
        VisitStep::ALL.into_iter().filter(|step| view.step_at(*step).is_some()).collect()
    }

    const VISIT: &str =
        r#"{"resourceType":"Appointment","x":1.10,"extension":[{"url":"other","valueString":"stays"}]}"#;

    #[test]
    fn each_step_has_its_moment_and_going_back_takes_those_after_it() {
        use AppointmentStatus::{Arrived, Booked, CheckedIn, Fulfilled};
        use VisitStep as Step;
        let confirmed = marked(VISIT, Step::Confirmed, at(1)).unwrap();
        let mut text = confirmed.clone();
        for (minute, status) in [(2, Arrived), (3, CheckedIn), (4, Fulfilled)] {
            text = reached(&text, status, at(minute)).unwrap();
        }
        let left = marked(&text, Step::Left, at(5)).unwrap();
        assert_eq!(steps(&left), Step::ALL);
        for (minute, step) in (1..).zip(Step::ALL) {
            assert_eq!(AppointmentView::read(&left).step_at(step), Some(at(minute)));
        }
        let back = reached(&left, CheckedIn, at(9)).unwrap();
        assert_eq!(steps(&back), [Step::Confirmed, Step::Arrived, Step::Roomed]);
        assert_eq!(AppointmentView::read(&back).step_at(Step::Roomed), Some(at(9)), "the last time counts");
        assert_eq!(reached(&left, Booked, at(9)).unwrap(), confirmed, "word for word");
    }

    #[test]
    fn another_time_is_confirmed_by_nobody_and_what_says_nothing_of_a_step_changes_none() {
        let confirmed = marked(VISIT, VisitStep::Confirmed, at(1)).unwrap();
        assert_eq!(unconfirmed(&confirmed).unwrap(), VISIT);
        assert_eq!(unconfirmed(VISIT).unwrap(), VISIT);
        for status in [AppointmentStatus::Cancelled, AppointmentStatus::Noshow] {
            assert_eq!(reached(&confirmed, status, at(2)).unwrap(), confirmed);
        }
        let bare = r#"{"resourceType":"Appointment"}"#;
        let alone = marked(bare, VisitStep::Confirmed, at(1)).unwrap();
        assert_eq!(unconfirmed(&alone).unwrap(), bare, "no empty list is left");
        assert!(marked(r#"{"extension":7}"#, VisitStep::Left, at(1)).is_err());
    }
}
