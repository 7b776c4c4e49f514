//! What search and arbitration know of a resource, read from its text.
//!
//! Reading is tolerant: an element that is missing or absurd is not found by it, and never keeps a chart out.

pub(super) mod moment;
pub(super) mod phone;

use std::{borrow::Cow, collections::BTreeSet};

use jiff::tz::TimeZone;
use practice::{
    fold,
    resource::{ResourceKey, ResourceType},
    schedule::holds_time,
    views::{AppointmentStatus, OVERBOOK, SlotView},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::StoreError;
use moment::Span;

/// The term of identifiers: `system|value`, and the value alone.
pub const IDENTIFIER: &str = "identifier";
/// The term of folded words of names.
pub const NAME: &str = "name";
/// The term of telephone numbers' digits.
pub const PHONE: &str = "phone";
/// The term of dates of birth.
pub const BIRTH_DATE: &str = "birthdate";
/// Bytes of the longest value that something is found by. An index takes no more, and nobody types as much.
const LONGEST: usize = 1000;

/// The term of references to who or what takes part.
pub const ACTOR: &str = "actor";

/// Everything the host looks a resource up by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Index {
    pub status: Option<String>,
    pub span: Option<Span>,
    pub terms: BTreeSet<(&'static str, String)>,
    /// Whose time this takes, and when.
    pub holdings: BTreeSet<(String, Span)>,
    /// The Appointment says that it overlaps on purpose.
    pub overbooked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    identifier: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    telecom: Option<&'a RawValue>,
    #[serde(borrow)]
    birth_date: Option<&'a RawValue>,
    #[serde(borrow)]
    start: Option<&'a RawValue>,
    #[serde(borrow)]
    end: Option<&'a RawValue>,
    #[serde(borrow)]
    period: Option<&'a RawValue>,
    #[serde(borrow)]
    effective_date_time: Option<&'a RawValue>,
    #[serde(borrow)]
    effective_instant: Option<&'a RawValue>,
    #[serde(borrow)]
    effective_period: Option<&'a RawValue>,
    #[serde(borrow)]
    occurrence_date_time: Option<&'a RawValue>,
    #[serde(borrow)]
    performed_date_time: Option<&'a RawValue>,
    #[serde(borrow)]
    performed_period: Option<&'a RawValue>,
    #[serde(borrow)]
    onset_date_time: Option<&'a RawValue>,
    #[serde(borrow)]
    onset_period: Option<&'a RawValue>,
    #[serde(borrow)]
    authored_on: Option<&'a RawValue>,
    #[serde(borrow)]
    date: Option<&'a RawValue>,
    #[serde(borrow)]
    recorded_date: Option<&'a RawValue>,
    #[serde(borrow)]
    recorded: Option<&'a RawValue>,
    #[serde(borrow)]
    created: Option<&'a RawValue>,
    #[serde(borrow)]
    issued: Option<&'a RawValue>,
    #[serde(borrow)]
    planning_horizon: Option<&'a RawValue>,
    #[serde(borrow)]
    participant: Option<&'a RawValue>,
    #[serde(borrow)]
    actor: Option<&'a RawValue>,
    #[serde(borrow)]
    schedule: Option<&'a RawValue>,
    #[serde(borrow)]
    extension: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Identifier<'a> {
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct HumanName<'a> {
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    family: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    given: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ContactPoint<'a> {
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    reference: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Participant<'a> {
    #[serde(borrow)]
    actor: Option<Reference<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension<'a> {
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value_string: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Period<'a> {
    #[serde(borrow)]
    start: Option<Cow<'a, str>>,
    #[serde(borrow)]
    end: Option<Cow<'a, str>>,
}

/// Reads the index of `text`, a resource of type `kind`.
pub(super) fn read(kind: ResourceType, text: &str, zone: &TimeZone) -> Result<Index, StoreError> {
    let fields: Fields<'_> = serde_json::from_str(text).map_err(|_| practice::text::TextError::Unexpected)?;
    let status = fields.status.and_then(string).map(Cow::into_owned);
    let span = fields.span(zone);
    let mut terms = BTreeSet::new();
    for id in fields.identifier.map(many::<Identifier<'_>>).unwrap_or_default() {
        if let Some(value) = id.value {
            if let Some(system) = id.system {
                terms.insert((IDENTIFIER, format!("{system}|{value}")));
            }
            terms.insert((IDENTIFIER, value.into_owned()));
        }
    }
    if has_name(kind) {
        fields.person(&mut terms);
    }
    terms.retain(|(_, value)| value.len() <= LONGEST);
    let mut actors = BTreeSet::new();
    let participants = fields.participant.map(many::<Participant<'_>>).unwrap_or_default();
    let references = participants
        .into_iter()
        .filter_map(|p| p.actor)
        .chain(fields.actor.map(many::<Reference<'_>>).unwrap_or_default())
        .chain(fields.schedule.map(many::<Reference<'_>>).unwrap_or_default());
    for key in references.filter_map(|r| ResourceKey::parse(r.reference.as_deref()?)) {
        terms.insert((ACTOR, key.to_string()));
        actors.insert(key);
    }
    let mut holdings = BTreeSet::new();
    if kind == ResourceType::APPOINTMENT
        && status.as_deref().and_then(AppointmentStatus::parse).is_some_and(holds_time)
        && let Some(span) = span
    {
        let busy = actors.iter().filter(|a| !matches!(a.kind.as_str(), "Patient" | "RelatedPerson"));
        holdings.extend(busy.map(|actor| (actor.to_string(), span)));
    }
    // A hold that is kept for one computer: whoever books there is asked after it.
    if kind == ResourceType::SLOT
        && SlotView::read(text).kept_for().is_some()
        && let Some(span) = span
    {
        holdings.extend(actors.iter().map(|schedule| (schedule.to_string(), span)));
    }
    let overbooked = fields.extension.map(many::<Extension<'_>>).unwrap_or_default().iter().any(|e| {
        e.url.as_deref() == Some(OVERBOOK) && e.value_string.as_deref().is_some_and(|reason| !reason.trim().is_empty())
    });
    Ok(Index { status, span, terms, holdings, overbooked })
}

/// Types whose `name` and `telecom` are looked up.
pub fn has_name(kind: ResourceType) -> bool {
    matches!(kind.as_str(), "Patient" | "Practitioner" | "Organization" | "Location" | "RelatedPerson" | "Person")
}

impl Fields<'_> {
    /// When it was: the first of the elements that FHIR's `date` parameters look at.
    fn span(&self, zone: &TimeZone) -> Option<Span> {
        if let Some(start) = self.start.and_then(string) {
            return Span::between(&start, self.end.and_then(string).as_deref(), zone);
        }
        let period = |raw: &RawValue| {
            let period: Period<'_> = serde_json::from_str(raw.get()).ok()?;
            Span::between(&period.start?, period.end.as_deref(), zone)
        };
        let moment = |raw: &RawValue| Span::read(&string(raw)?, zone);
        self.period
            .and_then(period)
            .or_else(|| self.effective_date_time.and_then(moment))
            .or_else(|| self.effective_instant.and_then(moment))
            .or_else(|| self.effective_period.and_then(period))
            .or_else(|| self.occurrence_date_time.and_then(moment))
            .or_else(|| self.performed_date_time.and_then(moment))
            .or_else(|| self.performed_period.and_then(period))
            .or_else(|| self.onset_date_time.and_then(moment))
            .or_else(|| self.onset_period.and_then(period))
            .or_else(|| self.authored_on.and_then(moment))
            .or_else(|| self.date.and_then(moment))
            .or_else(|| self.recorded_date.and_then(moment))
            .or_else(|| self.recorded.and_then(moment))
            .or_else(|| self.created.and_then(moment))
            .or_else(|| self.issued.and_then(moment))
            .or_else(|| self.planning_horizon.and_then(period))
    }

    fn person(&self, terms: &mut BTreeSet<(&'static str, String)>) {
        if let Some(raw) = self.name {
            // Organisations and locations have one plain name, people a list of structured ones.
            let plain = string(raw);
            let names = many::<HumanName<'_>>(raw);
            let parts = names.iter().flat_map(|n| n.given.iter().chain(&n.family).chain(&n.text)).chain(&plain);
            terms.extend(parts.flat_map(|part| fold::words(part)).map(|word| (NAME, word)));
        }
        for point in self.telecom.map(many::<ContactPoint<'_>>).unwrap_or_default() {
            if let (Some("phone" | "sms" | "fax") | None, Some(value)) = (point.system.as_deref(), &point.value) {
                terms.extend(phone::digits(value).map(|digits| (PHONE, digits)));
            }
        }
        if let Some(birth_date) = self.birth_date.and_then(string) {
            terms.insert((BIRTH_DATE, birth_date.into_owned()));
        }
    }
}

fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|text| text.0)
}

/// The elements that can be read; a single one counts as a list of one.
fn many<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Vec<T> {
    match serde_json::from_str::<Vec<&'a RawValue>>(raw.get()) {
        Ok(elements) => elements.into_iter().filter_map(|e| serde_json::from_str(e.get()).ok()).collect(),
        Err(_) => serde_json::from_str(raw.get()).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(kind: ResourceType, text: &str) -> Index {
        read(kind, text, &TimeZone::get("America/New_York").unwrap()).unwrap()
    }

    #[test]
    fn a_patient_is_found_by_name_number_phone_and_birth() {
        let text = r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:x","value":"7"},{"value":8}],
            "name":[{"family":"Núñez-Ray","given":["Ana"]}],"telecom":[{"system":"phone","value":"(555) 010-2030"},
            {"system":"email","value":"9"}],"birthDate":"1980-05-01"}"#;
        let terms: Vec<_> = index(ResourceType::PATIENT, text).terms.into_iter().collect();
        let expected = [
            (BIRTH_DATE, "1980-05-01"),
            (IDENTIFIER, "7"),
            (IDENTIFIER, "urn:x|7"),
            (NAME, "ana"),
            (NAME, "nunez"),
            (NAME, "nunezray"),
            (NAME, "ray"),
            (PHONE, "5550102030"),
        ];
        assert_eq!(terms, expected.map(|(param, value)| (param, value.to_owned())));
    }

    #[test]
    fn only_live_appointments_take_a_providers_time() {
        for (status, takes) in [
            ("proposed", false),
            ("pending", true),
            ("booked", true),
            ("arrived", true),
            ("fulfilled", true),
            ("cancelled", false),
            ("noshow", false),
            ("entered-in-error", false),
            ("checked-in", true),
            ("waitlist", false),
        ] {
            let text = format!(
                r#"{{"resourceType":"Appointment","id":"a","status":"{status}","start":"2026-11-23T09:00:00-05:00",
                "end":"2026-11-23T09:15:00-05:00","participant":[{{"actor":{{"reference":"Patient/p"}}}},
                {{"actor":{{"reference":"Practitioner/d"}}}}]}}"#
            );
            let holdings = index(ResourceType::APPOINTMENT, &text).holdings;
            assert_eq!(
                holdings.iter().map(|h| h.0.as_str()).collect::<Vec<_>>(),
                if takes { vec!["Practitioner/d"] } else { vec![] },
                "{status}"
            );
        }
    }

    #[test]
    fn absurd_elements_are_not_found_and_do_no_harm() {
        let text = r#"{"resourceType":"Appointment","id":"a","status":7,"start":[],"end":{},"participant":"x",
            "identifier":{"value":"one"},"name":3,"extension":[1],"date":"the day after","period":{"start":"2026"}}"#;
        let index = index(ResourceType::APPOINTMENT, text);
        assert_eq!(index.status, None);
        assert_eq!(index.terms.into_iter().collect::<Vec<_>>(), [(IDENTIFIER, "one".to_owned())]);
        assert!(index.span.is_some(), "the period can be read");
        assert!(!index.overbooked);
    }
}
