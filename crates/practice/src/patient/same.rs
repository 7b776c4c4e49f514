//! Two records of one person (<https://hl7.org/fhir/R4/patient-definitions.html#Patient.link>).
//!
//! The record that goes says by whom it is replaced and is in use no more; the one that stays says whom it replaces. Nothing
//! else is touched: what was written for the old record keeps its reference, word for word, and is read through the link.
//! So a merge loses nothing, touches nobody's visit or note while others change them, and is taken apart by two links.

use super::PatientForm;
use crate::{
    ids::PatientId,
    text::{TextError, each_element, raw, remove, set, string},
};

const REPLACED_BY: &str = "replaced-by";
const REPLACES: &str = "replaces";

/// Where the record of `text` points, when it must not be used any more.
pub fn replaced_by(text: &str) -> Option<PatientId> {
    let own = string(text, "/id");
    links(text).into_iter().find_map(|link| {
        let other = other(link, REPLACED_BY)?;
        (own.as_deref() != Some(other.as_str())).then_some(other)
    })
}

/// The record that goes, pointing at the one that stays.
///
/// # Errors
/// When the text is written in a way that can't be changed.
pub fn retire(text: &str, stays: &PatientId) -> Result<String, TextError> {
    add(&set(text, "/active", "false")?, stays, REPLACED_BY)
}

/// The record that stays, pointing at the one that goes.
///
/// # Errors
/// As [`retire`].
pub fn replace(text: &str, goes: &PatientId) -> Result<String, TextError> {
    add(text, goes, REPLACES)
}

/// The record that was replaced by `stayed`, in use again.
///
/// # Errors
/// As [`retire`].
pub fn revive(text: &str, stayed: &PatientId) -> Result<String, TextError> {
    set(&drop_link(text, stayed, REPLACED_BY)?, "/active", "true")
}

/// The record that stayed, without what it says of `gone`.
///
/// # Errors
/// As [`retire`].
pub fn release(text: &str, gone: &PatientId) -> Result<String, TextError> {
    drop_link(text, gone, REPLACES)
}

/// The form of who stays, with the `fields` of who goes.
pub fn chosen(stays: &PatientForm, goes: &PatientForm, fields: &[String]) -> PatientForm {
    let mut form = stays.clone();
    for field in fields {
        form.take(goes, field);
    }
    form
}

fn links(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    // What is no list has no links.
    let _ = raw(text, "/link").map(|list| each_element(list, |link| links.push(link)));
    links
}

fn other(link: &str, kind: &str) -> Option<PatientId> {
    let says = string(link, "/type").is_some_and(|said| said == kind);
    let reference = string(link, "/other/reference").filter(|_| says)?;
    PatientId::parse(reference.strip_prefix("Patient/")?)
}

fn add(text: &str, id: &PatientId, kind: &str) -> Result<String, TextError> {
    let link = serde_json::json!({"other": {"reference": format!("Patient/{id}")}, "type": kind}).to_string();
    if links(text).is_empty() { set(text, "/link", &format!("[{link}]")) } else { set(text, "/link/-", &link) }
}

fn drop_link(text: &str, id: &PatientId, kind: &str) -> Result<String, TextError> {
    let all = links(text);
    let left: Vec<&str> = all.iter().copied().filter(|link| other(link, kind).as_ref() != Some(id)).collect();
    match left.len() {
        same if same == all.len() => Ok(text.to_owned()),
        0 => remove(text, "/link"),
        _ => set(text, "/link", &format!("[{}]", left.join(","))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str) -> PatientId {
        PatientId::parse(id).unwrap()
    }

    #[test]
    fn a_merge_taken_apart_leaves_every_other_word_as_it_was() {
        let goes = r#"{"resourceType":"Patient","id":"p2", "active":true,"odd":1.10}"#;
        let stays = r#"{"resourceType":"Patient","id":"p1","link":[{"other":{"reference":"Patient/p9"},"type":"seealso"}],"odd":[ ]}"#;
        let retired = retire(goes, &id("p1")).unwrap();
        assert_eq!(replaced_by(&retired), Some(id("p1")));
        assert_eq!(raw(&retired, "/active"), Some("false"));
        let replacing = replace(stays, &id("p2")).unwrap();
        assert_eq!(replaced_by(&replacing), None, "it stays");
        assert_eq!(links(&replacing).len(), 2);
        assert_eq!(revive(&retired, &id("p1")).unwrap(), goes);
        assert_eq!(release(&replacing, &id("p2")).unwrap(), stays);
        assert_eq!(release(&replacing, &id("p3")).unwrap(), replacing, "of somebody else nothing is said");
    }

    #[test]
    fn absurd_links_point_nowhere() {
        for link in [
            r#""link":7"#,
            r#""link":[]"#,
            r#""link":[null,{"type":"replaced-by"}]"#,
            r#""link":[{"type":"replaced-by","other":{"reference":"Practitioner/p2"}}]"#,
            r#""link":[{"type":"replaced-by","other":{"reference":"Patient/"}}]"#,
            r#""link":[{"type":"replaced-by","other":{"reference":"Patient/p1"}}]"#,
            r#""link":[{"type":"seealso","other":{"reference":"Patient/p2"}}]"#,
        ] {
            assert_eq!(replaced_by(&format!(r#"{{"resourceType":"Patient","id":"p1",{link}}}"#)), None, "{link}");
        }
    }

    #[test]
    fn each_field_stays_from_the_record_that_was_chosen() {
        let stays = PatientForm { family: "Stay".into(), city: "Here".into(), ..PatientForm::default() };
        let goes = PatientForm { family: "Go".into(), city: "There".into(), may_contact: Some(true), ..stays.clone() };
        let form = chosen(&stays, &goes, &["city".into(), "may_contact".into(), "absurd".into()]);
        assert_eq!((&*form.family, &*form.city, form.may_contact), ("Stay", "There", Some(true)));
    }
}
