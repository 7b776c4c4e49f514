//! Who is due for a visit: a FHIR Task (<https://hl7.org/fhir/R4/task.html>) with a code of ours.
//!
//! Not an Appointment, as a place on the waitlist is: nobody has asked for one yet, and it is the practice's own work to see
//! to it. Not a ServiceRequest either, which is a clinical order and no business of the front desk. The day it is due is the
//! end of `restriction.period`, which R4 names the due date.

use jiff::civil::Date;
use serde_json::json;

use super::{Zoned, written};
use crate::{
    ids::{PatientId, PractitionerId},
    time::Stamp,
    views::TaskView,
};

/// The code system of the practice's own tasks.
pub const TASK_SYSTEM: &str = "urn:shadowchart:task";
/// The code of a recall.
pub const RECALL: &str = "recall";

/// What is written down of somebody who is due.
pub struct Recall<'a> {
    /// Who.
    pub patient: &'a PatientId,
    /// The day by which they are to be seen.
    pub due: Date,
    /// By whom, where that matters.
    pub practitioner: Option<&'a PractitionerId>,
    /// What for.
    pub reason: Option<&'a str>,
    /// A note to be seen.
    pub note: Option<&'a str>,
}

/// The Task of `recall`, made at `now`.
pub fn to_fhir(id: &str, recall: &Recall<'_>, zone: &Zoned, now: Stamp) -> String {
    let mut text = json!({
        "resourceType": "Task",
        "id": id,
        "status": "requested",
        "intent": "plan",
        "code": {"coding": [{"system": TASK_SYSTEM, "code": RECALL}], "text": "Recall"},
        "for": {"reference": format!("Patient/{}", recall.patient)},
        "authoredOn": written(zone, now),
        "restriction": {"period": {"end": recall.due.to_string()}},
    });
    if let Some(practitioner) = recall.practitioner {
        text["owner"] = json!({"reference": format!("Practitioner/{practitioner}")});
    }
    if let Some(reason) = recall.reason {
        text["description"] = reason.into();
    }
    if let Some(note) = recall.note {
        text["note"] = json!([{"text": note}]);
    }
    text.to_string()
}

/// The day an open recall is due; `None` for another Task, for one that is over, and for one without a day.
pub fn due(view: &TaskView<'_>) -> Option<Date> {
    let is_recall = view
        .code
        .as_ref()?
        .coding
        .iter()
        .any(|code| code.system.as_deref() == Some(TASK_SYSTEM) && code.code.as_deref() == Some(RECALL));
    let open =
        matches!(view.status.as_deref()?, "requested" | "received" | "accepted" | "ready" | "in-progress" | "on-hold");
    let day = view.restriction.as_ref()?.period.as_ref()?.end.as_deref()?;
    day.get(..10)?.parse().ok().filter(|_| is_recall && open)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_recall_reads_back_until_it_is_over_and_no_other_task_is_one() {
        let (patient, practitioner) = (PatientId::parse("p1").unwrap(), PractitionerId::parse("d1").unwrap());
        let recall = Recall {
            patient: &patient,
            due: date(2027, 5, 29),
            practitioner: Some(&practitioner),
            reason: Some("Eye check"),
            note: Some("Mornings"),
        };
        let zone = Zoned::named("America/New_York").unwrap();
        let text = to_fhir("r1", &recall, &zone, Stamp::parse("2026-11-29T15:00:00Z").unwrap());
        let view = TaskView::read(&text);
        assert_eq!(due(&view), Some(date(2027, 5, 29)));
        assert_eq!((view.reason(), view.owner(), view.note()), (Some("Eye check"), Some("d1"), Some("Mornings")));
        for (from, to) in [
            ("\"requested\"", "\"completed\""),
            ("\"requested\"", "\"cancelled\""),
            ("\"requested\"", "\"entered-in-error\""),
            ("\"recall\"", "\"training\""),
            (TASK_SYSTEM, "urn:other"),
            ("2027-05-29", "soon"),
        ] {
            assert_eq!(due(&TaskView::read(&text.replace(from, to))), None, "{to}");
        }
    }
}
