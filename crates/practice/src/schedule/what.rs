//! What a visit is and what it is for: changed in its text, and told. When it is stays. Pure.

use crate::{
    text::{TextError, quote, remove, set},
    views::AppointmentStatus,
};

/// Whether what a visit in this status is can still be changed, and its room: of one that is under way, too.
pub fn may_change(status: AppointmentStatus) -> bool {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match status {
        Proposed | Pending | Booked | Arrived | CheckedIn => true,
        Fulfilled | Cancelled | Noshow | EnteredInError | Waitlist => false,
    }
}

/// The appointment with FHIR's `appointmentType`, or with none.
///
/// # Errors
/// When the text is no object.
pub fn of_type(text: &str, appointment_type: Option<&str>) -> Result<String, TextError> {
    put(text, "/appointmentType", appointment_type)
}

/// The appointment for `reason`, or for nothing that is said. The codes of what it was for go: they would say otherwise.
///
/// # Errors
/// When the text is no object.
pub fn meant_for(text: &str, reason: Option<&str>) -> Result<String, TextError> {
    put(&remove(text, "/reasonCode")?, "/description", reason.map(quote).as_deref())
}

fn put(text: &str, pointer: &str, value: Option<&str>) -> Result<String, TextError> {
    match value {
        Some(value) => set(text, pointer, value),
        None => remove(text, pointer),
    }
}

/// What has become another; in each, `None` inside is none any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Became<'a> {
    /// The name of its type.
    pub kind: Option<Option<&'a str>>,
    /// Its length in minutes.
    pub minutes: Option<u32>,
    /// The name of its room.
    pub room: Option<Option<&'a str>>,
    /// What it is for.
    pub reason: Option<Option<&'a str>>,
}

impl Became<'_> {
    /// In words, as they follow a name: "changed to Follow-up, now in Room 2, for: blood pressure". `None` where nothing has.
    pub fn activity(self) -> Option<String> {
        let parts = [
            self.kind
                .map(|kind| kind.map_or_else(|| "now without a type".to_owned(), |kind| format!("changed to {kind}"))),
            self.minutes.map(|minutes| format!("made {minutes} minutes long")),
            self.room.map(|room| room.map_or_else(|| "now in no room".to_owned(), |room| format!("now in {room}"))),
            self.reason.map(|reason| {
                reason.map_or_else(|| "now for nothing said".to_owned(), |reason| format!("for: {reason}"))
            }),
        ];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schedule::story::told, views::AppointmentView};

    #[test]
    fn what_is_over_stays_what_it_was() {
        let open =
            AppointmentStatus::ALL.into_iter().filter(|status| may_change(*status)).map(AppointmentStatus::as_str);
        assert_eq!(open.collect::<Vec<_>>(), ["proposed", "pending", "booked", "arrived", "checked-in"]);
    }

    #[test]
    fn a_visit_for_something_else_keeps_no_code_of_what_it_was_for_and_every_other_byte() {
        let text = r#"{ "status":"booked", "reasonCode":[{"text":"Cough"}],"unknown": 1.10 ,"description":"cough"}"#;
        let other = meant_for(text, Some("blood \"pressure\"")).unwrap();
        assert_eq!(other, r#"{ "status":"booked","unknown": 1.10 ,"description":"blood \"pressure\""}"#);
        let none = meant_for(&other, None).unwrap();
        assert_eq!(none, r#"{ "status":"booked","unknown": 1.10}"#);
        assert_eq!(meant_for(&none, None).unwrap(), none);
    }

    #[test]
    fn a_visit_has_one_type_or_none() {
        let text = r#"{"appointmentType":{"text":"House call"},"start":"x"}"#;
        let other = of_type(text, Some(r#"{"text":"Follow-up"}"#)).unwrap();
        assert_eq!(AppointmentView::read(&other).reason(), Some("Follow-up"));
        assert_eq!(of_type(&other, None).unwrap(), r#"{"start":"x"}"#);
    }

    #[test]
    fn what_has_become_another_is_told_in_one_sentence() {
        let none = Became::default();
        assert_eq!(none.activity(), None);
        for (became, activity, said) in [
            (
                Became {
                    kind: Some(Some("Follow-up")),
                    minutes: Some(45),
                    room: Some(Some("Room 2")),
                    reason: Some(Some("cough")),
                },
                "changed to Follow-up, made 45 minutes long, now in Room 2, for: cough",
                "Ana changed it to Follow-up, made 45 minutes long, now in Room 2, for: cough",
            ),
            (Became { minutes: Some(45), ..none }, "made 45 minutes long", "Ana made it 45 minutes long"),
            (Became { room: Some(Some("Room 2")), ..none }, "now in Room 2", "Ana changed it: now in Room 2"),
            (Became { reason: Some(Some("cough")), ..none }, "for: cough", "Ana said what it is for: cough"),
            (
                Became { kind: Some(None), room: Some(None), reason: Some(None), ..none },
                "now without a type, now in no room, now for nothing said",
                "Ana changed it: now without a type, now in no room, now for nothing said",
            ),
        ] {
            assert_eq!(became.activity().as_deref(), Some(activity));
            assert_eq!(told("Ana", activity), said);
        }
    }
}
