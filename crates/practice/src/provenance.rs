//! The Provenance that goes with every change: when, who, where, what, and the person's comment
//! (<https://hl7.org/fhir/R4/provenance.html>). Its id is the change's id.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    ids::{ChangeId, MemberId, WorkstationId},
    resource::ResourceKey,
    time::Stamp,
};

/// A change, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNote {
    /// The change.
    pub id: ChangeId,
    /// When it was entered.
    pub at: Stamp,
    /// Who entered it.
    pub member: MemberId,
    /// Their name then.
    pub member_name: String,
    /// Where.
    pub workstation: WorkstationId,
    /// What that was called then; empty where nobody said.
    pub workstation_name: String,
    /// What it touched.
    pub targets: Vec<ResourceKey>,
    /// What it did, in words that follow a name: "moved from 9:15".
    pub activity: String,
    /// The person's optional comment.
    pub comment: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    id: String,
    recorded: String,
    target: Vec<Reference>,
    activity: Option<Text>,
    agent: Vec<Agent>,
    #[serde(default)]
    reason: Vec<Text>,
}

#[derive(Deserialize)]
struct Reference {
    reference: String,
}

#[derive(Deserialize)]
struct Text {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Agent {
    who: Who,
}

#[derive(Deserialize)]
struct Who {
    identifier: Option<Identifier>,
    display: Option<String>,
}

#[derive(Deserialize)]
struct Identifier {
    system: Option<String>,
    value: Option<String>,
}

impl ChangeNote {
    /// The Provenance.
    pub fn to_fhir(&self) -> String {
        let who = |system: &str, value: &str| json!({"system": system, "value": value});
        let targets: Vec<Value> = self.targets.iter().map(|t| json!({"reference": t.to_string()})).collect();
        let mut text = json!({
            "resourceType": "Provenance",
            "id": self.id.as_str(),
            "target": targets,
            "recorded": self.at.to_string(),
            "activity": {"text": self.activity},
            "agent": [
                {"who": {"identifier": who(crate::MEMBER_SYSTEM, self.member.as_str()), "display": self.member_name}},
                {"who": {"identifier": who(crate::WORKSTATION_SYSTEM, self.workstation.as_str())}},
            ],
        });
        if !self.workstation_name.is_empty() {
            text["agent"][1]["who"]["display"] = json!(self.workstation_name);
        }
        if let Some(comment) = &self.comment {
            text["reason"] = json!([{"text": comment}]);
        }
        text.to_string()
    }

    /// Reads a Provenance made by [`Self::to_fhir`]; `None` for those of other systems.
    pub fn read(text: &str) -> Option<Self> {
        let raw: Raw = serde_json::from_str(text).ok()?;
        let by = |system: &str| {
            raw.agent.iter().find_map(|agent| {
                let id = agent.who.identifier.as_ref()?;
                (id.system.as_deref() == Some(system)).then_some((id.value.as_deref()?, agent.who.display.as_deref()))
            })
        };
        let (member, name) = by(crate::MEMBER_SYSTEM)?;
        let (workstation, place) = by(crate::WORKSTATION_SYSTEM)?;
        Some(Self {
            id: ChangeId::parse(&raw.id)?,
            at: Stamp::parse(&raw.recorded)?,
            member: MemberId::parse(member)?,
            member_name: name.unwrap_or_default().to_owned(),
            workstation: WorkstationId::parse(workstation)?,
            workstation_name: place.unwrap_or_default().to_owned(),
            targets: raw.target.iter().filter_map(|t| ResourceKey::parse(&t.reference)).collect(),
            activity: raw.activity.and_then(|a| a.text).unwrap_or_default(),
            comment: raw.reason.into_iter().find_map(|r| r.text),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_back_as_it_was_told() {
        let note = ChangeNote {
            id: ChangeId::parse("c1").unwrap(),
            at: Stamp::from_millis(1_000).unwrap(),
            member: MemberId::parse("m1").unwrap(),
            member_name: "Front Desk \"One\"".into(),
            workstation: WorkstationId::parse("w1").unwrap(),
            workstation_name: "Front desk 1".into(),
            targets: vec![ResourceKey::parse("Appointment/a1").unwrap()],
            activity: "arrived".into(),
            comment: Some("7 min late".into()),
        };
        assert_eq!(ChangeNote::read(&note.to_fhir()), Some(note.clone()));
        let silent = ChangeNote { comment: None, workstation_name: String::new(), ..note };
        assert_eq!(ChangeNote::read(&silent.to_fhir()), Some(silent));
        assert_eq!(ChangeNote::read(r#"{"resourceType":"Provenance"}"#), None);
    }
}
