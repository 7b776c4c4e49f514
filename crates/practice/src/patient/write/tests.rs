use super::*;
use crate::{text::check, views::PatientView};

fn full() -> PatientForm {
    let words = |text: &str| text.to_owned();
    PatientForm {
        family: words("Newcomer"),
        given: words("Ada Maria"),
        preferred: words("Addie"),
        birth_date: words("1961-03-14"),
        gender: words("female"),
        pronouns: words("she/her"),
        mobile: words("(555) 010-0142"),
        phone: words("555-0199"),
        email: words("ada@mail.example"),
        street: words("1 Sample St, Apt 4"),
        city: words("Exampleton"),
        state: words("MA"),
        postal_code: words("00000"),
        language: words("es"),
        record_number: words("104218"),
        may_contact: Some(true),
        contact: words("Ivo Newcomer"),
        contact_relation: words("Son"),
        contact_phone: words("555-0123"),
        ..PatientForm::default()
    }
}

fn id() -> PatientId {
    PatientId::parse("p1").unwrap()
}

#[test]
fn what_is_written_down_is_read_back_and_shown() {
    let text = new_patient(&id(), &full()).unwrap();
    check(text.as_bytes()).unwrap();
    assert!(read(&text) == full(), "{text}");
    let view = PatientView::read(&text);
    assert_eq!(view.display_name().as_deref(), Some("Newcomer, Ada Maria"));
    assert_eq!(view.record_number(), Some("104218"));
    assert_eq!(view.phones().collect::<Vec<_>>(), ["(555) 010-0142", "555-0199"]);
    assert_eq!(view.address_line().as_deref(), Some("1 Sample St, Apt 4, Exampleton, MA 00000"));
    assert_eq!(view.language(), Some("Spanish"));
    assert_eq!(view.active, Some(true));
}

#[test]
fn a_name_alone_makes_a_patient_of_a_name() {
    for name in ["O", "مثال\u{200f}", "ตัวอย่าง", "🙂 \"q\" \\", "long ".repeat(40).trim_end()] {
        let form = PatientForm { family: name.to_owned(), ..PatientForm::default() };
        let text = new_patient(&id(), &form).unwrap();
        check(text.as_bytes()).unwrap();
        assert!(read(&text) == form, "{text}");
        assert_eq!(PatientView::read(&text).display_name().as_deref(), Some(name));
    }
}

/// Each field alone: given a value, changed, and taken out again.
#[test]
fn each_field_is_put_changed_and_taken_out_without_touching_the_others() {
    type Field = fn(&mut PatientForm) -> &mut String;
    let fields: [Field; 18] = [
        |form| &mut form.family,
        |form| &mut form.given,
        |form| &mut form.preferred,
        |form| &mut form.birth_date,
        |form| &mut form.gender,
        |form| &mut form.pronouns,
        |form| &mut form.mobile,
        |form| &mut form.phone,
        |form| &mut form.email,
        |form| &mut form.street,
        |form| &mut form.city,
        |form| &mut form.state,
        |form| &mut form.postal_code,
        |form| &mut form.language,
        |form| &mut form.record_number,
        |form| &mut form.contact,
        |form| &mut form.contact_relation,
        |form| &mut form.contact_phone,
    ];
    let text = new_patient(&id(), &full()).unwrap();
    for (nth, field) in fields.into_iter().enumerate() {
        for value in ["Other", ""] {
            let mut form = full();
            *field(&mut form) = value.to_owned();
            if form.contact.is_empty() {
                (form.contact_relation, form.contact_phone) = (String::new(), String::new());
            }
            let changed = write(&text, &full(), &form).unwrap();
            check(changed.as_bytes()).unwrap();
            assert!(read(&changed) == form, "field {nth} as {value:?}: {changed}");
            assert!(read(&write(&changed, &form, &full()).unwrap()) == full(), "field {nth} back from {value:?}");
        }
    }
    for may in [Some(false), None] {
        let form = PatientForm { may_contact: may, ..full() };
        assert!(read(&write(&text, &full(), &form).unwrap()) == form);
    }
}

#[test]
fn what_is_not_touched_stays_byte_for_byte() {
    let text = r#"{ "resourceType":"Patient", "id":"p1","meta":{"versionId":"3"},"x":[1.10,{}],
        "extension":[{"url":"urn:other","valueDecimal":1.0}],
        "name":[{"use":"maiden","family":"Old"},{"use":"official","family":"Testcase","given":["Dmitri","P."],"suffix":["Jr."]}],
        "telecom":[{"system":"email","value":"d@example.test"},{"system":"phone","use":"old","value":"111"},
            {"system":"phone","value":"555-0142","rank":1}],
        "birthDate":"1961-03-14","_birthDate":{"extension":[]} }"#;
    let old = read(text);
    assert_eq!((&*old.family, &*old.given, &*old.phone, &*old.mobile), ("Testcase", "Dmitri P.", "555-0142", ""));
    assert_eq!(write(text, &old, &old).unwrap(), text);
    let new = PatientForm { family: "Testcase-Neu".into(), phone: "555-0143".into(), ..old.clone() };
    let changed = text.replace(r#""Testcase""#, r#""Testcase-Neu""#).replace("555-0142", "555-0143");
    assert_eq!(write(text, &old, &new).unwrap(), changed);
    let later = PatientForm { birth_date: "1961-03-15".into(), ..old.clone() };
    let changed = text.replace("03-14", "03-15").replace(r#","_birthDate":{"extension":[]}"#, "");
    assert_eq!(write(text, &old, &later).unwrap(), changed);
}

#[test]
fn a_name_in_words_alone_becomes_parts_and_old_words_go() {
    let text =
        r#"{"resourceType":"Patient","id":"p1","name":[{"text":"Ada Newcomer"}],"address":[{"text":"1 Sample St"}]}"#;
    let old = read(text);
    assert_eq!((&*old.family, &*old.given, &*old.street), ("", "Ada Newcomer", "1 Sample St"));
    let new = PatientForm { family: "Newcomer".into(), given: "Ada".into(), city: "Exampleton".into(), ..old.clone() };
    let changed = write(text, &old, &new).unwrap();
    assert_eq!(PatientView::read(&changed).display_name().as_deref(), Some("Newcomer, Ada"));
    assert!(!changed.contains("Ada Newcomer"), "{changed}");
    assert!(changed.contains("1 Sample St"), "the street was only in the words: {changed}");
}

#[test]
fn an_absurd_patient_reads_as_an_empty_form() {
    for text in ["{}", r#"{"name":{},"telecom":"x","identifier":[1],"contact":[[]],"extension":[{"url":7}]}"#] {
        assert!(read(text) == PatientForm::default(), "{text}");
    }
}
