//! A form from a Patient's text, and back: each field has one place, and only the places of fields that differ are
//! touched.
//!
//! Long because what is read and what is written name the same places.

use serde_json::{Value, json};

use super::{INDIVIDUAL_PRONOUNS, LANGUAGES, MAY_CONTACT, PRONOUNS, PatientForm, RECORD_NUMBER};
use crate::{
    ids::PatientId,
    text::{TextError, each_element, quote, raw, remove, set, string},
};

type Edited = Result<String, TextError>;

/// The Patient of somebody new.
///
/// # Errors
/// Never for a clean form.
pub fn new_patient(id: &PatientId, form: &PatientForm) -> Edited {
    let text = json!({"resourceType": "Patient", "id": id.as_str(), "active": true}).to_string();
    write(&text, &PatientForm::default(), form)
}

/// What a Patient's text says, field by field; who pays is not in it.
pub fn read(text: &str) -> PatientForm {
    let at = |list: &str, index: Option<usize>, rest: &str| -> String {
        index.and_then(|index| string(text, &format!("{list}/{index}{rest}"))).unwrap_or_default().into_owned()
    };
    let name = name(text);
    let given = |index: Option<usize>| -> String {
        let list = index.and_then(|index| raw(text, &format!("/name/{index}/given")));
        let given = words(list.unwrap_or("[]")).join(" ");
        if given.is_empty() && at("/name", index, "/family").is_empty() { at("/name", index, "/text") } else { given }
    };
    let address = address(text);
    let street = {
        let lines = address.and_then(|index| raw(text, &format!("/address/{index}/line")));
        let street = words(lines.unwrap_or("[]")).join(", ");
        if street.is_empty() && at("/address", address, "/city").is_empty() {
            at("/address", address, "/text")
        } else {
            street
        }
    };
    let contact = (!items(text, "/contact").is_empty()).then_some(0);
    PatientForm {
        family: at("/name", name, "/family"),
        given: given(name),
        preferred: given(nickname(text)),
        birth_date: string(text, "/birthDate").unwrap_or_default().into_owned(),
        gender: string(text, "/gender").unwrap_or_default().into_owned(),
        pronouns: pronouns(text).map(|index| concept_at(text, &format!("/extension/{index}"))).unwrap_or_default(),
        mobile: at("/telecom", mobile(text), "/value"),
        phone: at("/telecom", phone(text), "/value"),
        email: at("/telecom", email(text), "/value"),
        street,
        city: at("/address", address, "/city"),
        state: at("/address", address, "/state"),
        postal_code: at("/address", address, "/postalCode"),
        language: language(text).map(|index| tag_at(text, index)).unwrap_or_default(),
        record_number: at("/identifier", record(text), "/value"),
        may_contact: extension(text, MAY_CONTACT)
            .and_then(|index| raw(text, &format!("/extension/{index}/valueBoolean")))
            .map(|may| may == "true"),
        contact: contact.map(|_| contact_name(text)).unwrap_or_default(),
        contact_relation: contact.map(|_| concept(text, "/contact/0/relationship/0")).unwrap_or_default(),
        contact_phone: at("/contact/0/telecom", contact_phone(text), "/value"),
        payer: String::new(),
        member_number: String::new(),
    }
}

/// The text with every field put in that differs between the forms.
///
/// # Errors
/// When the text is written in a way that can't be changed.
pub fn write(text: &str, old: &PatientForm, new: &PatientForm) -> Edited {
    let mut text = text.to_owned();
    let differs = |of: fn(&PatientForm) -> &String| of(old) != of(new);
    if differs(|form| &form.family) || differs(|form| &form.given) {
        text = put_name(&text, old, new)?;
    }
    if differs(|form| &form.preferred) {
        text = put_nickname(&text, &new.preferred)?;
    }
    if differs(|form| &form.birth_date) {
        // What was said beside the old date, such as its hour, does not belong to the new one.
        text = remove(&put_text(&text, "/birthDate", &new.birth_date)?, "/_birthDate")?;
    }
    if differs(|form| &form.gender) {
        text = put_text(&text, "/gender", &new.gender)?;
    }
    if differs(|form| &form.pronouns) {
        text = put_item(&text, "/extension", pronouns(&text), pronouns_of(&new.pronouns))?;
    }
    if differs(|form| &form.mobile) {
        text = put_point(&text, "/telecom", mobile(&text), &new.mobile, "phone", Some("mobile"))?;
    }
    if differs(|form| &form.phone) {
        text = put_point(&text, "/telecom", phone(&text), &new.phone, "phone", Some("home"))?;
    }
    if differs(|form| &form.email) {
        text = put_point(&text, "/telecom", email(&text), &new.email, "email", None)?;
    }
    text = put_address(&text, old, new)?;
    if differs(|form| &form.language) {
        text = put_language(&text, &new.language)?;
    }
    if differs(|form| &form.record_number) {
        text = put_record(&text, &new.record_number)?;
    }
    if old.may_contact != new.may_contact {
        let may = new.may_contact.map(|may| json!({"url": MAY_CONTACT, "valueBoolean": may}));
        text = put_item(&text, "/extension", extension(&text, MAY_CONTACT), may)?;
    }
    put_contact(&text, old, new)
}

// Where things stand.

fn items<'a>(text: &'a str, pointer: &str) -> Vec<&'a str> {
    let mut items = Vec::new();
    // What is no list has no items.
    let _ = raw(text, pointer).map(|list| each_element(list, |item| items.push(item)));
    items
}

fn words(list: &str) -> Vec<String> {
    items(list, "").into_iter().filter_map(|word| string(word, "")).map(|word| word.trim().to_owned()).collect()
}

fn find(text: &str, pointer: &str, is: impl Fn(&str) -> bool) -> Option<usize> {
    items(text, pointer).into_iter().position(is)
}

fn says(item: &str, pointer: &str, word: &str) -> bool {
    string(item, pointer).is_some_and(|said| said == word)
}

fn past(item: &str) -> bool {
    says(item, "/use", "old")
}

/// The name that is shown: as [`crate::views::PatientView::display_name`] chooses it.
fn name(text: &str) -> Option<usize> {
    let used = |word: &'static str| find(text, "/name", |name| says(name, "/use", word));
    let kept = |name: &str| !(past(name) || says(name, "/use", "maiden") || says(name, "/use", "nickname"));
    used("official").or_else(|| used("usual")).or_else(|| find(text, "/name", kept))
}

fn nickname(text: &str) -> Option<usize> {
    find(text, "/name", |name| says(name, "/use", "nickname"))
}

fn is_phone(point: &str) -> bool {
    !past(point) && matches!(string(point, "/system").as_deref(), None | Some("phone" | "sms"))
}

fn mobile(text: &str) -> Option<usize> {
    find(text, "/telecom", |point| is_phone(point) && says(point, "/use", "mobile"))
}

fn phone(text: &str) -> Option<usize> {
    find(text, "/telecom", |point| is_phone(point) && !says(point, "/use", "mobile"))
}

fn email(text: &str) -> Option<usize> {
    find(text, "/telecom", |point| !past(point) && says(point, "/system", "email"))
}

fn address(text: &str) -> Option<usize> {
    find(text, "/address", |address| !past(address))
}

fn language(text: &str) -> Option<usize> {
    let preferred = find(text, "/communication", |one| raw(one, "/preferred") == Some("true"));
    preferred.or_else(|| find(text, "/communication", |_| true))
}

fn record(text: &str) -> Option<usize> {
    let is_record = |id: &str| items(id, "/type/coding").into_iter().any(|coding| says(coding, "/code", "MR"));
    find(text, "/identifier", |id| is_record(id) || says(id, "/system", RECORD_NUMBER))
}

fn extension(text: &str, url: &str) -> Option<usize> {
    find(text, "/extension", |extension| says(extension, "/url", url))
}

fn pronouns(text: &str) -> Option<usize> {
    extension(text, INDIVIDUAL_PRONOUNS)
}

fn contact_phone(text: &str) -> Option<usize> {
    find(text, "/contact/0/telecom", is_phone)
}

fn contact_name(text: &str) -> String {
    let word = |pointer| string(text, pointer).unwrap_or_default().into_owned();
    let given = raw(text, "/contact/0/name/given").map(words).unwrap_or_default();
    let parts = given.into_iter().chain([word("/contact/0/name/family")]).filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join(" ");
    if name.is_empty() { word("/contact/0/name/text") } else { name }
}

/// The words of a concept.
fn concept(text: &str, pointer: &str) -> String {
    let word = |rest: &str| string(text, &format!("{pointer}{rest}")).filter(|word| !word.is_empty());
    word("/text")
        .or_else(|| word("/coding/0/display"))
        .or_else(|| word("/coding/0/code"))
        .unwrap_or_default()
        .into_owned()
}

/// The concept of a complex extension's part `value`.
fn concept_at(text: &str, pointer: &str) -> String {
    let part = find(text, &format!("{pointer}/extension"), |part| says(part, "/url", "value"));
    part.map(|part| concept(text, &format!("{pointer}/extension/{part}/valueCodeableConcept"))).unwrap_or_default()
}

/// A language's tag, or its words where it has none.
fn tag_at(text: &str, index: usize) -> String {
    let at = format!("/communication/{index}/language");
    string(text, &format!("{at}/coding/0/code")).map_or_else(|| concept(text, &at), std::borrow::Cow::into_owned)
}

// Putting things in.

/// Sets the string at `pointer`; an empty one takes the member out.
fn put_text(text: &str, pointer: &str, value: &str) -> Edited {
    if value.is_empty() { remove(text, pointer) } else { set(text, pointer, &quote(value)) }
}

/// Puts `item` in the place of the one at `index`, or behind the others; nothing takes the one at `index` out.
fn put_item(text: &str, list: &str, index: Option<usize>, item: Option<Value>) -> Edited {
    match (index, item) {
        (Some(index), Some(item)) => set(text, &format!("{list}/{index}"), &item.to_string()),
        (None, Some(item)) if raw(text, list).is_some() => set(text, &format!("{list}/-"), &item.to_string()),
        (None, Some(item)) => set(text, list, &format!("[{item}]")),
        (Some(index), None) => {
            let mut left = items(text, list);
            left.remove(index);
            if left.is_empty() { remove(text, list) } else { set(text, list, &format!("[{}]", left.join(","))) }
        }
        (None, None) => Ok(text.to_owned()),
    }
}

fn put_point(text: &str, list: &str, index: Option<usize>, value: &str, system: &str, used: Option<&str>) -> Edited {
    match index {
        Some(index) if !value.is_empty() => set(text, &format!("{list}/{index}/value"), &quote(value)),
        _ => {
            let mut point = json!({"system": system, "value": value});
            if let Some(used) = used {
                point["use"] = used.into();
            }
            put_item(text, list, index, (!value.is_empty()).then_some(point))
        }
    }
}

fn put_name(text: &str, old: &PatientForm, new: &PatientForm) -> Edited {
    let given = || json!(new.given.split_whitespace().collect::<Vec<_>>());
    let Some(index) = name(text) else {
        let mut name = json!({"use": "official"});
        if !new.family.is_empty() {
            name["family"] = new.family.clone().into();
        }
        if !new.given.is_empty() {
            name["given"] = given();
        }
        return put_item(text, "/name", None, Some(name));
    };
    let at = format!("/name/{index}");
    let in_parts = ["family", "given"].iter().any(|part| raw(text, &format!("{at}/{part}")).is_some());
    // The whole name in words would still say the old one.
    let mut text = remove(text, &format!("{at}/text"))?;
    if old.family != new.family {
        text = put_text(&text, &format!("{at}/family"), &new.family)?;
    }
    if old.given != new.given || !in_parts {
        text = match new.given.as_str() {
            "" => remove(&text, &format!("{at}/given"))?,
            _ => set(&text, &format!("{at}/given"), &given().to_string())?,
        };
    }
    Ok(text)
}

fn put_nickname(text: &str, preferred: &str) -> Edited {
    let name = (!preferred.is_empty()).then(|| json!({"use": "nickname", "given": [preferred]}));
    put_item(text, "/name", nickname(text), name)
}

fn pronouns_of(words: &str) -> Option<Value> {
    let coded = PRONOUNS.iter().find(|(_, known)| *known == words);
    let coding = coded.map(|(code, words)| json!([{"system": "http://loinc.org", "code": code, "display": words}]));
    let mut concept = json!({"text": words});
    if let Some(coding) = coding {
        concept["coding"] = coding;
    }
    let part = json!({"url": "value", "valueCodeableConcept": concept});
    (!words.is_empty()).then(|| json!({"url": INDIVIDUAL_PRONOUNS, "extension": [part]}))
}

fn put_address(text: &str, old: &PatientForm, new: &PatientForm) -> Edited {
    let parts = |form: &PatientForm| [&form.street, &form.city, &form.state, &form.postal_code].map(String::clone);
    let (before, after) = (parts(old), parts(new));
    if before == after {
        return Ok(text.to_owned());
    }
    let [street, city, state, postal_code] = &after;
    let index = address(text);
    if after.iter().all(String::is_empty) {
        return put_item(text, "/address", index, None);
    }
    let Some(index) = index else {
        let mut address = json!({"use": "home"});
        for (name, part) in [("city", city), ("state", state), ("postalCode", postal_code)] {
            if !part.is_empty() {
                address[name] = part.clone().into();
            }
        }
        if !street.is_empty() {
            address["line"] = json!([street]);
        }
        return put_item(text, "/address", None, Some(address));
    };
    let at = format!("/address/{index}");
    let in_words = raw(text, &format!("{at}/text")).is_some() && raw(text, &format!("{at}/line")).is_none();
    let mut text = remove(text, &format!("{at}/text"))?;
    if before[0] != *street || in_words {
        text = match street.as_str() {
            "" => remove(&text, &format!("{at}/line"))?,
            street => set(&text, &format!("{at}/line"), &json!([street]).to_string())?,
        };
    }
    for (name, old, new) in
        [("city", &before[1], city), ("state", &before[2], state), ("postalCode", &before[3], postal_code)]
    {
        if old != new {
            text = put_text(&text, &format!("{at}/{name}"), new)?;
        }
    }
    Ok(text)
}

fn put_language(text: &str, tag: &str) -> Edited {
    let known = LANGUAGES.iter().find(|(code, _)| *code == tag);
    let concept = match known {
        Some((code, words)) => {
            json!({"coding": [{"system": "urn:ietf:bcp:47", "code": code, "display": words}], "text": words})
        }
        None => json!({"text": tag}),
    };
    match language(text) {
        Some(index) if !tag.is_empty() => set(text, &format!("/communication/{index}/language"), &concept.to_string()),
        index => {
            let one = (!tag.is_empty()).then(|| json!({"language": concept, "preferred": true}));
            put_item(text, "/communication", index, one)
        }
    }
}

fn put_record(text: &str, number: &str) -> Edited {
    match record(text) {
        Some(index) if !number.is_empty() => set(text, &format!("/identifier/{index}/value"), &quote(number)),
        index => {
            let kind = json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]});
            let one = json!({"use": "usual", "type": kind, "system": RECORD_NUMBER, "value": number});
            put_item(text, "/identifier", index, (!number.is_empty()).then_some(one))
        }
    }
}

fn put_contact(text: &str, old: &PatientForm, new: &PatientForm) -> Edited {
    let parts = |form: &PatientForm| [&form.contact, &form.contact_relation, &form.contact_phone].map(String::clone);
    let (before, after) = (parts(old), parts(new));
    if before == after {
        return Ok(text.to_owned());
    }
    let [name, relation, phone] = &after;
    let there = !items(text, "/contact").is_empty();
    if name.is_empty() {
        return put_item(text, "/contact", there.then_some(0), None);
    }
    let mut text = match there {
        true => text.to_owned(),
        false => put_item(text, "/contact", None, Some(json!({"name": {"text": name}})))?,
    };
    if before[0] != *name {
        text = set(&text, "/contact/0/name", &json!({"text": name}).to_string())?;
    }
    if before[1] != *relation {
        text = match relation.as_str() {
            "" => remove(&text, "/contact/0/relationship")?,
            words => set(&text, "/contact/0/relationship", &json!([{"text": words}]).to_string())?,
        };
    }
    if before[2] != *phone {
        text = put_point(&text, "/contact/0/telecom", contact_phone(&text), phone, "phone", None)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
