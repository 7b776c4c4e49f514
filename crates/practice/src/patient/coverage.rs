//! Who pays, as a Coverage (<https://hl7.org/fhir/R4/coverage.html>).

use serde_json::json;

use super::PatientForm;
use crate::{
    ids::PatientId,
    text::{TextError, quote, raw, remove, set, string},
};

/// Who pays, and the number of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Who pays.
    pub payer: String,
    /// The number.
    pub member_number: String,
}

impl Plan {
    /// What the form says; `None` where it says nothing.
    pub fn of(form: &PatientForm) -> Option<Self> {
        let plan = Self { payer: form.payer.clone(), member_number: form.member_number.clone() };
        (plan != Self::default()).then_some(plan)
    }

    /// Reads a Coverage's text; `None` for one that is not in force.
    pub fn read(text: &str) -> Option<Self> {
        let word = |pointer| string(text, pointer).unwrap_or_default().into_owned();
        (word("/status") == "active")
            .then(|| Self { payer: word("/payor/0/display"), member_number: word("/subscriberId") })
    }
}

/// The Coverage of a patient who had none.
pub fn new_coverage(id: &str, patient: &PatientId, plan: &Plan) -> String {
    let mut text = json!({
        "resourceType": "Coverage",
        "id": id,
        "status": "active",
        "beneficiary": {"reference": format!("Patient/{patient}")},
        "payor": [{"display": plan.payer}],
    });
    if !plan.member_number.is_empty() {
        text["subscriberId"] = plan.member_number.clone().into();
    }
    text.to_string()
}

/// The text with what differs between the plans put in; a plan that was taken out is cancelled, not deleted.
///
/// # Errors
/// When the text is written in a way that can't be changed.
pub fn write_coverage(text: &str, old: &Plan, new: &Plan) -> Result<String, TextError> {
    if *new == Plan::default() {
        return set(text, "/status", "\"cancelled\"");
    }
    let mut text = text.to_owned();
    if old.payer != new.payer && !new.payer.is_empty() {
        // Another payer is another organization than the one that a reference named.
        let payor = format!("{{\"display\":{}}}", quote(&new.payer));
        text = match raw(&text, "/payor/0") {
            Some(_) => set(&text, "/payor/0", &payor)?,
            None => set(&text, "/payor", &format!("[{payor}]"))?,
        };
    }
    if old.member_number != new.member_number {
        text = match new.member_number.as_str() {
            "" => remove(&text, "/subscriberId")?,
            number => set(&text, "/subscriberId", &quote(number))?,
        };
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(payer: &str, number: &str) -> Plan {
        Plan { payer: payer.into(), member_number: number.into() }
    }

    #[test]
    fn a_plan_reads_back_and_changes_in_its_place() {
        let patient = PatientId::parse("p1").unwrap();
        let text = new_coverage("c1", &patient, &plan("Example Health", "EX1"));
        assert_eq!(Plan::read(&text), Some(plan("Example Health", "EX1")));
        let changed = write_coverage(&text, &plan("Example Health", "EX1"), &plan("Sample Mutual", "EX1")).unwrap();
        assert_eq!(Plan::read(&changed), Some(plan("Sample Mutual", "EX1")));
        let shorter = write_coverage(&changed, &plan("Sample Mutual", "EX1"), &plan("Sample Mutual", "")).unwrap();
        assert_eq!(Plan::read(&shorter), Some(plan("Sample Mutual", "")));
        let gone = write_coverage(&shorter, &plan("Sample Mutual", ""), &plan("", "")).unwrap();
        assert_eq!(Plan::read(&gone), None);
    }

    #[test]
    fn what_is_not_touched_stays_byte_for_byte() {
        let text =
            r#"{ "resourceType":"Coverage","status":"active","x":1.10,"payor":[{"display":"A"}],"subscriberId":"1" }"#;
        let changed = write_coverage(text, &plan("A", "1"), &plan("A", "2")).unwrap();
        assert_eq!(changed, text.replace(r#""1""#, r#""2""#));
    }
}
