//! What came of a call about a visit or a recall: a FHIR Communication (<https://hl7.org/fhir/R4/communication.html>) that is
//! `about` it.
//!
//! The outcome is a code of ours in `statusReason`; `status` says the same in FHIR's own, coarser words: `completed` when
//! somebody or something was reached, `not-done` when nobody was, `stopped` when nobody is to be called any more.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    MEMBER_SYSTEM,
    ids::{MemberId, PatientId},
    resource::{ResourceKey, ResourceType},
    text::{TextError, raw, set, string},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView, CommunicationView},
};

/// The code system of outcomes.
pub const OUTCOME_SYSTEM: &str = "urn:shadowchart:call";

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// They come.
    Confirmed,
    /// A message was left.
    LeftMessage,
    /// Nobody answered.
    NoAnswer,
    /// They want another time.
    AskedToMove,
    /// They do not come.
    Cancelled,
    /// Somebody spoke with them, and it goes on.
    Spoke,
    /// Nobody is to be called about it any more.
    NoMore,
}

impl CallOutcome {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Confirmed,
        Self::LeftMessage,
        Self::NoAnswer,
        Self::AskedToMove,
        Self::Cancelled,
        Self::Spoke,
        Self::NoMore,
    ];

    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::LeftMessage => "left-message",
            Self::NoAnswer => "no-answer",
            Self::AskedToMove => "asked-to-move",
            Self::Cancelled => "cancelled",
            Self::Spoke => "spoke",
            Self::NoMore => "no-more",
        }
    }

    /// Reads its code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// In words, as they follow a name: "Front Desk: left a message".
    pub fn words(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed on the phone",
            Self::LeftMessage => "left a message",
            Self::NoAnswer => "no answer",
            Self::AskedToMove => "asked to move",
            Self::Cancelled => "cancelled on the phone",
            Self::Spoke => "spoke with them",
            Self::NoMore => "no more calls",
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::Confirmed | Self::LeftMessage | Self::AskedToMove | Self::Cancelled | Self::Spoke => "completed",
            Self::NoAnswer => "not-done",
            Self::NoMore => "stopped",
        }
    }
}

/// A call, or the word that there is to be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The visit or the recall.
    pub about: ResourceKey,
    /// What came of it.
    pub outcome: CallOutcome,
    /// When.
    pub at: Stamp,
    /// The name of who called.
    pub by: Option<String>,
    /// A word beside it.
    pub note: Option<String>,
}

impl Call {
    /// The Communication, with `patient` and the member who called.
    pub fn to_fhir(&self, id: &str, patient: Option<&PatientId>, member: &MemberId) -> String {
        let outcome = self.outcome;
        let sender = json!({"identifier": {"system": MEMBER_SYSTEM, "value": member.as_str()}, "display": self.by});
        let mut text = json!({
            "resourceType": "Communication",
            "id": id,
            "status": outcome.status(),
            "statusReason": {
                "coding": [{"system": OUTCOME_SYSTEM, "code": outcome.as_str()}],
                "text": outcome.words(),
            },
            "about": [{"reference": self.about.to_string()}],
            "sent": self.at.to_string(),
            "sender": sender,
        });
        if outcome != CallOutcome::NoMore {
            let mode = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode";
            text["medium"] = json!([{"coding": [{"system": mode, "code": "PHONE"}]}]);
        }
        if let Some(patient) = patient {
            text["subject"] = json!({"reference": format!("Patient/{patient}")});
        }
        if let Some(note) = &self.note {
            text["note"] = json!([{"text": note}]);
        }
        text.to_string()
    }

    /// Reads a Communication; `None` for one that tells of no such call, or was entered by mistake.
    pub fn read(text: &str) -> Option<Self> {
        let view = CommunicationView::read(text);
        if view.status.as_deref() == Some("entered-in-error") {
            return None;
        }
        let ours = |code: &&crate::views::Coding<'_>| code.system.as_deref() == Some(OUTCOME_SYSTEM);
        let outcome = view.status_reason.as_ref()?.coding.iter().find(ours)?.code.as_deref()?;
        let about = view.about.iter().filter_map(|about| ResourceKey::parse(about.reference.as_deref()?));
        Some(Self {
            about: { about }.find(|key| [ResourceType::APPOINTMENT, ResourceType::TASK].contains(&key.kind))?,
            outcome: CallOutcome::parse(outcome)?,
            at: Stamp::parse(view.sent.as_deref()?)?,
            by: view.sender.as_ref().and_then(|who| who.display.as_deref()).map(str::to_owned),
            note: view.note.iter().find_map(|note| note.text.as_deref()).map(str::to_owned),
        })
    }
}

/// Whether the patient has said that they come: FHIR's answer of who takes part.
pub fn has_confirmed(view: &AppointmentView<'_>) -> bool {
    let patient =
        |one: &&crate::views::Participant<'_>| one.actor.as_ref().is_some_and(|actor| actor.id_of("Patient").is_some());
    view.participant.iter().find(patient).is_some_and(|one| one.status.as_deref() == Some("accepted"))
}

/// Whether a visit in this status waits for a word of the patient.
pub fn may_confirm(status: AppointmentStatus) -> bool {
    matches!(status, AppointmentStatus::Pending | AppointmentStatus::Booked)
}

/// The Appointment `text` with the patient's word that they come.
///
/// # Errors
/// When it names no patient, or is no object.
pub fn confirm(text: &str) -> Result<String, TextError> {
    let is_patient = |i: &usize| {
        string(text, &format!("/participant/{i}/actor/reference"))
            .and_then(|reference| ResourceKey::parse(&reference))
            .is_some_and(|key| key.kind == ResourceType::PATIENT)
    };
    let mut all = (0..64).take_while(|i| raw(text, &format!("/participant/{i}")).is_some());
    let index = all.find(is_patient).ok_or(TextError::Unexpected)?;
    set(text, &format!("/participant/{index}/status"), "\"accepted\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(outcome: CallOutcome) -> Call {
        Call {
            about: ResourceKey::parse("Appointment/a1").unwrap(),
            outcome,
            at: Stamp::parse("2026-11-29T15:00:00Z").unwrap(),
            by: Some("Rosa Desk".into()),
            note: Some("Calls back after five".into()),
        }
    }

    #[test]
    fn what_came_of_a_call_reads_back_as_it_was_written_down() {
        let (patient, member) = (PatientId::parse("p1").unwrap(), MemberId::parse("m1").unwrap());
        for outcome in CallOutcome::ALL {
            let call = call(outcome);
            let text = call.to_fhir("c1", Some(&patient), &member);
            assert_eq!(Call::read(&text), Some(call), "{text}");
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(json, format!("\"{}\"", outcome.as_str()));
        }
    }

    #[test]
    fn what_others_wrote_to_a_patient_and_what_was_a_mistake_is_no_call_of_ours() {
        let ours = call(CallOutcome::Spoke).to_fhir("c1", None, &MemberId::parse("m1").unwrap());
        for text in [
            r#"{"status":"completed","about":[{"reference":"Appointment/a1"}],"sent":"2026-11-29T15:00:00Z"}"#
                .to_owned(),
            ours.replace("\"completed\"", "\"entered-in-error\""),
            ours.replace("Appointment/a1", "Condition/c1"),
            ours.replace("\"spoke\"", "\"sang\""),
            ours.replace("2026-11-29T15:00:00", "yesterday"),
        ] {
            assert_eq!(Call::read(&text), None, "{text}");
        }
    }

    #[test]
    fn the_patients_word_changes_their_answer_and_nothing_else() {
        let before = r#"{"x" : 1.10,"participant":[{"actor":{"reference":"Practitioner/d1"},"status":"accepted"},
            {"actor":{"reference":"Patient/p1"},"status" : "needs-action"}]}"#;
        assert!(!has_confirmed(&AppointmentView::read(before)), "a provider's answer is not the patient's");
        let after = confirm(before).unwrap();
        assert_eq!(after, before.replace("needs-action", "accepted"));
        assert!(has_confirmed(&AppointmentView::read(&after)));
        assert!(confirm(r#"{"participant":[{"actor":{"reference":"Practitioner/d1"}}]}"#).is_err());
    }
}
