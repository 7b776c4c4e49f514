//! What two sides did to one resource, in plain words.

use std::borrow::Cow;

use practice::{
    ids::PractitionerId,
    resource::{ResourceKey, ResourceType},
    schedule::activity,
    text::{each_element, raw, rewrite_strings, string},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};
use sync::merge::{Change, Outcome as Fate, Side};

use crate::{
    desk::Desk,
    refused::Outcome,
    screen::{MergedField, Taken},
    show::day_and_time,
};

/// What a merge did, field by field.
pub(crate) fn merged_fields(desk: &Desk, kind: ResourceType, changes: &[Change]) -> Outcome<Vec<MergedField>> {
    shown(changes).map(|change| merged_field(desk, kind, change)).collect()
}

/// What is marked beside a status follows it, and says nothing to a person.
pub(super) fn shown(changes: &[Change]) -> impl Iterator<Item = &Change> {
    changes.iter().filter(|change| change.path != "extension")
}

/// What a merge did to one field.
pub(super) fn merged_field(desk: &Desk, kind: ResourceType, change: &Change) -> Outcome<MergedField> {
    let value = |raw: &Option<String>| raw.as_deref().map(|raw| value(desk, &change.path, raw)).transpose();
    Ok(MergedField {
        field: name(kind, &change.path),
        before: value(&change.base)?,
        mine: value(&change.mine)?,
        theirs: value(&change.theirs)?,
        taken: match change.outcome {
            Fate::Taken(Side::Mine) => Taken::Mine,
            Fate::Taken(Side::Theirs) => Taken::Theirs,
            Fate::Same => Taken::Both,
            Fate::Conflict => Taken::Open,
        },
        result: None,
    })
}

/// What a person calls an element.
pub(super) fn name(kind: ResourceType, path: &str) -> String {
    let known = match (kind, path) {
        (_, "status") => "Status",
        (_, "start") => "Begins",
        (_, "end") => "Ends",
        (_, "minutesDuration") => "Minutes",
        (ResourceType::APPOINTMENT, "participant") => "Who takes part",
        (ResourceType::APPOINTMENT, "description" | "reasonCode") => "Reason",
        (ResourceType::APPOINTMENT, "comment") => "Note",
        (ResourceType::APPOINTMENT, "appointmentType") => "Type of visit",
        (_, "cancelationReason") => "Why it was cancelled",
        (_, "name") => "Name",
        (_, "telecom") => "Phone or e-mail",
        (_, "address") => "Address",
        (_, "birthDate") => "Date of birth",
        (_, "gender") => "Gender",
        (_, "identifier") => "Number",
        (_, "note") => "Note",
        (_, path) => path,
    };
    known.to_owned()
}

/// What a value says: a moment on the practice's wall, who somebody is, or its words.
pub(super) fn value(desk: &Desk, path: &str, raw: &str) -> Outcome<String> {
    if path == "participant" {
        return taking_part(desk, raw);
    }
    let text = plain(raw);
    Ok(match path {
        "start" | "end" => Stamp::parse(&text).map_or(text, |at| day_and_time(&desk.enrolled.zone, at)),
        _ => text,
    })
}

/// The words of a value, or the amount with its unit; what is only for programs is left out.
fn plain(value: &str) -> String {
    if let Some(amount) = raw(value, "/value").filter(|amount| !amount.starts_with('"')) {
        return [Some(amount.into()), string(value, "/unit")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
    let mut words = Vec::new();
    let read = rewrite_strings(value, |key, word| {
        if !["system", "use", "url", "id", "code", "reference"].contains(&key) {
            words.push(word.to_owned());
        }
        None
    });
    if read.is_err() || words.is_empty() { value.to_owned() } else { words.join(", ") }
}

/// The names of those who see the patient and of the room; of one participant, or of a list.
fn taking_part(desk: &Desk, raw: &str) -> Outcome<String> {
    let mut actors: Vec<String> = string(raw, "/actor/reference").map(Cow::into_owned).into_iter().collect();
    // One participant is no list.
    let _ = each_element(raw, |one| actors.extend(string(one, "/actor/reference").map(Cow::into_owned)));
    let people = desk.store.practitioners().map_err(|e| e.refusal())?;
    let rooms = desk.store.rooms().map_err(|e| e.refusal())?;
    let name = |actor: &String| {
        let (kind, id) = actor.split_once('/')?;
        match kind {
            "Practitioner" => people.iter().find(|row| row.id.as_str() == id).map(|row| row.name.as_str()),
            "Location" => rooms.iter().find(|row| row.id.as_str() == id).map(|row| row.name.as_str()),
            _ => None,
        }
    };
    let names: Vec<&str> = actors.iter().filter_map(name).collect();
    Ok(if names.is_empty() { "nobody".to_owned() } else { names.join(", ") })
}

/// What was done to a resource that was `before` and is `after`, as it follows a name: "moved it to 23 Nov 10:30".
/// Nothing before it was made, nothing after it was removed.
pub(crate) fn did(desk: &Desk, key: &ResourceKey, before: Option<&str>, after: Option<&str>) -> Outcome<String> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, _) => return Ok("made it".to_owned()),
        (_, None) => return Ok("removed it".to_owned()),
    };
    if key.kind != ResourceType::APPOINTMENT {
        return Ok("changed it".to_owned());
    }
    let (old, new) = (AppointmentView::read(before), AppointmentView::read(after));
    let mut said = Vec::new();
    match new.start() {
        Some(start) if new.start() != old.start() => {
            said.push(format!("moved it to {}", day_and_time(&desk.enrolled.zone, start)));
        }
        Some(start) if new.end() != old.end() => {
            said.extend(new.end().map(|end| format!("made it {} minutes long", end.since(start).as_secs() / 60)));
        }
        _ => {}
    }
    let practitioner = |view: &AppointmentView<'_>| view.practitioners().next().and_then(PractitionerId::parse);
    if practitioner(&old) != practitioner(&new) {
        let all = desk.store.practitioners().map_err(|e| e.refusal())?;
        let name = practitioner(&new).and_then(|id| all.into_iter().find(|row| row.id == id)).map(|row| row.name);
        said.push(format!("gave it to {}", name.as_deref().unwrap_or("nobody")));
    }
    let rooms = desk.store.rooms().map_err(|e| e.refusal())?;
    let room = |view: &AppointmentView<'_>| rooms.iter().find(|room| view.locations().any(|id| id == room.id.as_str()));
    if room(&old) != room(&new) {
        said.push(room(&new).map_or("took it out of its room".to_owned(), |room| format!("moved it to {}", room.name)));
    }
    if let (Some(from), Some(to)) = (old.status(), new.status())
        && from != to
    {
        said.push(stood(from, to));
    }
    if said.is_empty() {
        said.push("changed it".to_owned());
    }
    Ok(said.join(", "))
}

fn stood(from: AppointmentStatus, to: AppointmentStatus) -> String {
    match to {
        AppointmentStatus::Arrived => "marked it arrived".to_owned(),
        AppointmentStatus::CheckedIn => "took the patient to a room".to_owned(),
        AppointmentStatus::Fulfilled => "marked it done".to_owned(),
        AppointmentStatus::Noshow => "marked that nobody came".to_owned(),
        AppointmentStatus::Cancelled => "cancelled it".to_owned(),
        AppointmentStatus::EnteredInError => "marked it as a mistake".to_owned(),
        AppointmentStatus::Booked
        | AppointmentStatus::Proposed
        | AppointmentStatus::Pending
        | AppointmentStatus::Waitlist => format!("set it to “{}”", activity(from, to)),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_value_is_told_in_its_own_words() {
        for (value, words) in [
            (r#""arrived""#, "arrived"),
            ("true", "true"),
            (r#"{"value":1.10,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}"#, "1.10 mg"),
            (r#"{"system":"phone","value":"555-0142","use":"home"}"#, "555-0142"),
            (
                r#"[{"line":["1 Elm Street"],"city":"Sampleton","postalCode":"00501"}]"#,
                "1 Elm Street, Sampleton, 00501",
            ),
            (r#"{"coding":[{"system":"s","code":"M","display":"Married"}]}"#, "Married"),
            (r#"{"reference":"Patient/1"}"#, r#"{"reference":"Patient/1"}"#),
        ] {
            assert_eq!(plain(value), words);
        }
    }
}
