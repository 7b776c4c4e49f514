//! Who would come sooner: an Appointment with the status `waitlist`
//! (<https://hl7.org/fhir/R4/valueset-appointmentstatus.html>), and its wish in FHIR's words.
//!
//! Length, days, the patient and the providers lie in elements of FHIR (`minutesDuration`, `requestedPeriod`,
//! `participant`). Days of the week and times of day have none there; they are an extension of ours, with the parts `day`,
//! `start` and `end` that hours have too.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    Zoned, day_bounds,
    wish::{ANY_TIME, Wish},
    written,
};
use crate::{
    ids::{PatientId, PractitionerId},
    text::{TextError, quote, remove, set},
    time::Stamp,
    views::{AppointmentView, DayOfWeek, WISHED},
};

/// What is written down of somebody who would come sooner.
pub struct Entry<'a> {
    /// Who.
    pub patient: &'a PatientId,
    /// What would suit them.
    pub wish: &'a Wish,
    /// What the visit is for.
    pub reason: Option<&'a str>,
    /// A note to be seen.
    pub note: Option<&'a str>,
    /// Whether they go before others.
    pub urgent: bool,
}

/// The Appointment of `entry`, made at `now`.
pub fn to_fhir(id: &str, entry: &Entry<'_>, zone: &Zoned, now: Stamp) -> String {
    let wish = entry.wish;
    let provider = |id: &PractitionerId| {
        let actor = format!("Practitioner/{id}");
        json!({"actor": {"reference": actor}, "required": "optional", "status": "needs-action"})
    };
    let mut participants =
        vec![json!({"actor": {"reference": format!("Patient/{}", entry.patient)}, "status": "accepted"})];
    participants.extend(wish.practitioners.iter().map(provider));
    let mut period = json!({"start": written(zone, day_bounds(zone, wish.from).start)});
    if let Some(until) = wish.until {
        let last = Stamp::from_millis(day_bounds(zone, until).end.millis() - 1000).unwrap_or(now);
        period["end"] = written(zone, last).into();
    }
    let mut text = json!({
        "resourceType": "Appointment",
        "id": id,
        "status": "waitlist",
        "created": written(zone, now),
        "minutesDuration": wish.minutes,
        "requestedPeriod": [period],
        "participant": participants,
    });
    let days = wish.days.iter().map(|day| json!({"url": "day", "valueCode": day.as_str()}));
    let mut parts: Vec<Value> = days.collect();
    if wish.clock != ANY_TIME {
        let time = |minute: i32| format!("{:02}:{:02}:00", minute / 60, minute % 60);
        parts.push(json!({"url": "start", "valueTime": time(wish.clock.0)}));
        parts.push(json!({"url": "end", "valueTime": time(wish.clock.1)}));
    }
    if !parts.is_empty() {
        text["extension"] = json!([{"url": WISHED, "extension": parts}]);
    }
    if entry.urgent {
        text["priority"] = 1.into();
    }
    if let Some(reason) = entry.reason {
        text["description"] = reason.into();
    }
    if let Some(note) = entry.note {
        text["comment"] = note.into();
    }
    text.to_string()
}

/// The wish of an Appointment on the waitlist; what it does not say is open.
pub fn wish_of(view: &AppointmentView<'_>, zone: &Zoned, today: Date) -> Wish {
    let day = |at: &str| Stamp::parse(at).map(|at| zone.today(at)).or_else(|| at.get(..10)?.parse().ok());
    let period = view.requested_period.first();
    let from = period.and_then(|period| day(period.start.as_deref()?));
    let until = period.and_then(|period| day(period.end.as_deref()?));
    let wished = view.extension.iter().find(|one| one.url.as_deref() == Some(WISHED));
    let parts = wished.map(|wished| wished.extension.as_slice()).unwrap_or_default();
    let minute = |url: &str| {
        let part = parts.iter().find(|part| part.url.as_deref() == Some(url))?;
        let mut time = part.value_time.as_deref()?.split(':').map(|part| part.parse::<i32>().ok());
        Some(time.next()?? * 60 + time.next()??).filter(|minute| (0..=1440).contains(minute))
    };
    let clock = (minute("start").unwrap_or(0), minute("end").unwrap_or(1440));
    let mut days: Vec<_> = parts.iter().filter_map(|part| DayOfWeek::parse(part.value_code.as_deref()?)).collect();
    days.sort_unstable();
    days.dedup();
    let length =
        || Some(view.end()?.since(view.start()?).as_secs() / 60).and_then(|minutes| u32::try_from(minutes).ok());
    Wish {
        minutes: view.minutes_duration.or_else(length).filter(|minutes| (5..=480).contains(minutes)).unwrap_or(30),
        practitioners: view.practitioners().filter_map(PractitionerId::parse).collect(),
        days,
        clock: if clock.0 < clock.1 { clock } else { ANY_TIME },
        from: from.unwrap_or(today).max(today),
        until,
    }
}

/// Whether an Appointment on the waitlist goes before others: FHIR's priority, of which 1 is the highest and 0 none.
pub fn is_urgent(view: &AppointmentView<'_>) -> bool {
    view.priority.is_some_and(|priority| (1..5).contains(&priority))
}

/// The Appointment `text` of the waitlist as a booking that waits for the host: with this time, this provider and the
/// patient, and with the wish as it was, so that undo finds it.
///
/// # Errors
/// When it is no object.
pub fn booked(
    text: &str,
    zone: &Zoned,
    (start, end): (Stamp, Stamp),
    practitioner: &PractitionerId,
) -> Result<String, TextError> {
    let view = AppointmentView::read(text);
    let others = view.participant.iter().filter_map(|one| one.actor.as_ref()?.reference.as_deref());
    let others = others.filter(|actor| !actor.starts_with("Practitioner/")).map(str::to_owned);
    let actors = others.chain([format!("Practitioner/{practitioner}")]);
    let actors: Vec<_> = actors.map(|actor| json!({"actor": {"reference": actor}, "status": "accepted"})).collect();
    let minutes = end.since(start).as_secs() / 60;
    let text = set(text, "/status", "\"pending\"")?;
    let text = set(&text, "/start", &quote(&written(zone, start)))?;
    let text = set(&text, "/end", &quote(&written(zone, end)))?;
    let text = set(&text, "/minutesDuration", &minutes.to_string())?;
    let text = set(&text, "/participant", &Value::from(actors).to_string())?;
    remove(&text, "/priority")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn zone() -> Zoned {
        Zoned::named("America/New_York").unwrap()
    }

    const TODAY: Date = date(2026, 11, 29);

    fn wish() -> Wish {
        Wish {
            minutes: 45,
            practitioners: vec![PractitionerId::parse("d1").unwrap(), PractitionerId::parse("d2").unwrap()],
            days: vec![DayOfWeek::Monday, DayOfWeek::Thursday],
            clock: (540, 720),
            from: date(2026, 12, 3),
            until: Some(date(2027, 3, 14)),
        }
    }

    fn written_down(wish: &Wish) -> String {
        let patient = PatientId::parse("p1").unwrap();
        let entry = Entry { patient: &patient, wish, reason: Some("Recheck"), note: Some("Lives near"), urgent: true };
        to_fhir("w1", &entry, &zone(), Stamp::parse("2026-11-29T15:00:00Z").unwrap())
    }

    #[test]
    fn a_wish_reads_back_as_it_was_written_down() {
        for wish in [wish(), Wish::any(TODAY), Wish { until: Some(TODAY), ..Wish::any(TODAY) }] {
            let text = written_down(&wish);
            assert_eq!(wish_of(&AppointmentView::read(&text), &zone(), TODAY), wish, "{text}");
        }
    }

    #[test]
    fn what_others_put_on_a_waitlist_is_an_open_wish() {
        for text in [
            r#"{"status":"waitlist"}"#,
            r#"{"status":"waitlist","requestedPeriod":[{"start":"absurd"}],"minutesDuration":100000,
               "extension":[{"url":"urn:shadowchart:wished","extension":[{"url":"start","valueTime":"18:00:00"},
               {"url":"end","valueTime":"09:00:00"},{"url":"day","valueCode":"someday"}]}]}"#,
        ] {
            assert_eq!(wish_of(&AppointmentView::read(text), &zone(), TODAY), Wish::any(TODAY), "{text}");
        }
        let dated = r#"{"requestedPeriod":[{"start":"2026-12-03","end":"2026-12-04"}]}"#;
        let wish = wish_of(&AppointmentView::read(dated), &zone(), TODAY);
        assert_eq!((wish.from, wish.until), (date(2026, 12, 3), Some(date(2026, 12, 4))));
    }

    #[test]
    fn a_place_on_the_waitlist_becomes_a_booking_with_one_provider_and_keeps_the_rest_word_for_word() {
        let text = written_down(&wish()).replace("\"Recheck\"", "\"Recheck\" , \"x\" : 1.10");
        let (start, end) =
            (Stamp::parse("2026-12-03T15:00:00Z").unwrap(), Stamp::parse("2026-12-03T15:45:00Z").unwrap());
        let after = booked(&text, &zone(), (start, end), &PractitionerId::parse("d2").unwrap()).unwrap();
        let view = AppointmentView::read(&after);
        assert_eq!(view.status(), Some(crate::views::AppointmentStatus::Pending));
        assert_eq!((view.start(), view.end()), (Some(start), Some(end)));
        assert_eq!((view.patient(), view.practitioners().collect::<Vec<_>>()), (Some("p1"), vec!["d2"]));
        assert!(after.contains("\"x\" : 1.10") && after.contains("requestedPeriod") && !after.contains("priority"));
    }
}
