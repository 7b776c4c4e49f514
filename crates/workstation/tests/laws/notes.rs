//! Notes: read, written, and taken back.

use std::time::Duration;

use practice::{Code, text::string};
use serde_json::Value;
use workstation::{
    Outcome, Workstation,
    screen::{ChartLine, NoteChanged, NoteKind, NoteRequest},
};

use super::world::{Desk, World};

/// Right to left, letters of many parts, ends of lines of two systems, what a page or JSON would read otherwise.
const ODD: &str = "S: كتبت «اليوم»\r\n\r\nO: 👩🏽‍⚕️ 37,5\u{a0}°C \"<b>\\n & {}\u{2028}\n\tA: ﷽ ё ё\n";

/// A note or document of somebody here.
pub fn some(ws: &Workstation) -> Outcome<String> {
    for patient in ws.find("a")?.patients {
        let chart = ws.chart(&patient.id)?;
        if let Some(line) = chart.notes.into_iter().chain(chart.documents).next() {
            return Ok(line.reference);
        }
    }
    panic!("the demo has notes")
}

fn write(desk: &Desk, patient: &str, text: &str) -> Outcome<NoteChanged> {
    let (patient, text) = (patient.to_owned(), text.to_owned());
    desk.ws.write_note(NoteRequest { patient, kind: NoteKind::Progress, text, comment: Some("dictated".into()) })
}

fn listed(desk: &Desk, patient: &str, reference: &str) -> Option<ChartLine> {
    desk.ws.chart(patient).unwrap().notes.into_iter().find(|line| line.reference == reference)
}

fn text(desk: &Desk, reference: &str) -> Outcome<Option<String>> {
    desk.ws.read_note(reference).map(|mut page| page.parts.remove(0).text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_written_without_a_host_is_everywhere_when_it_is_back_letter_for_letter() {
    let mut world = World::at_work("provider1").await;
    let patient = world.desk.patient();
    world.host.kill();
    let desk = &world.desk;
    let note = write(desk, &patient, ODD).unwrap();
    assert!(note.say.ends_with(": progress note written"), "{}", note.say);
    let line = listed(desk, &patient, &note.reference).unwrap();
    assert_eq!((line.title.as_str(), line.provisional), ("Progress note", true));
    assert_eq!(text(desk, &note.reference).unwrap().as_deref(), Some(ODD));
    let longest = "\u{fdfa}".repeat(100_000);
    let long = write(desk, &patient, &longest).unwrap();
    let undone = write(desk, &patient, "Of somebody else.").unwrap();
    desk.clock.pass(Duration::from_secs(1));
    desk.ws.undo_note(&undone.change).unwrap();
    assert_eq!(listed(desk, &patient, &undone.reference), None);
    assert_eq!(text(desk, &undone.reference).unwrap_err().code, Code::NotFound);
    let kept = desk.ws.show(&undone.reference).unwrap().0;
    assert_eq!(string(&kept, "/status").unwrap(), "entered-in-error", "nothing is deleted");
    assert_eq!(desk.ws.undo_note(&undone.change).unwrap_err().code, Code::NotNow, "once");
    assert_eq!(desk.ws.state().sync.pending, 4);

    world.host.resume();
    world.desk.ws.sync_once().await.unwrap();
    assert_eq!((world.desk.ws.state().sync.pending, world.desk.ws.state().sync.attention), (0, 0));
    assert!(!listed(&world.desk, &patient, &note.reference).unwrap().provisional);
    let other = world.another("desk").await;
    let page = other.ws.read_note(&note.reference).unwrap();
    assert_eq!((page.parts[0].text.as_deref(), page.patient.id.as_str()), (Some(ODD), patient.as_str()));
    assert!(text(&other, &long.reference).unwrap().as_deref() == Some(&longest), "the longest too");
    assert_eq!(page.author, world.desk.ws.state().me.map(|me| me.tile.name));
    assert_eq!(page.status.as_deref(), Some("Final"));
    assert_eq!(listed(&other, &patient, &undone.reference), None);
    let story = other.ws.history(&note.reference).unwrap();
    assert_eq!((&*story[0].what, story[0].comment.as_deref()), ("progress note written", Some("dictated")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_notes_reads_them_and_the_trail_names_each_that_was_read() {
    let world = World::at_work("provider1").await;
    let (desk, patient) = (&world.desk, world.desk.patient());
    let note = write(desk, &patient, "One.").unwrap();
    for (patient, text, code) in [
        (patient.as_str(), "", Code::Invalid),
        (&patient, &"é".repeat(100_001), Code::Invalid),
        (&patient, "a\0", Code::Invalid),
        ("nobody", "One.", Code::NotFound),
    ] {
        assert_eq!(write(desk, patient, text).unwrap_err().code, code);
    }
    for reference in ["DocumentReference/none", "nonsense", &format!("Patient/{patient}")] {
        assert_eq!(text(desk, reference).unwrap_err().code, Code::NotFound, "{reference}");
    }
    let booked = desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    assert_eq!(desk.ws.undo_note(&booked.change).unwrap_err().code, Code::NotNow, "a visit is no note");
    assert_eq!(desk.ws.state().sync.pending, 2, "what was refused is not written");

    for who in ["desk", "admin"] {
        desk.ws.sign_out();
        desk.sign_in(world.host.account(who)).await.unwrap();
        assert_eq!(write(desk, &patient, "Two.").unwrap_err().code, Code::Forbidden, "{who}");
        assert_eq!(desk.ws.undo_note(&note.change).unwrap_err().code, Code::Forbidden, "{who}");
        assert_eq!(text(desk, &note.reference).unwrap().as_deref(), Some("One."), "{who}");
    }
    let events = desk.ws.audit(false).unwrap().events;
    let of = |action: &str| {
        let of = |event: &&Value| {
            event["subtype"][0]["code"] == action
                && event["entity"][0]["what"]["reference"] == format!("Patient/{patient}")
                && event["entity"][1]["what"]["reference"] == note.reference
        };
        events.iter().map(|line| &line.event).filter(of).cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("read-chart").len(), 2, "each of the two who read it");
    assert_eq!(of("create")[0]["purposeOfEvent"][0]["text"], "dictated");
    assert!(events.iter().all(|line| !line.event.to_string().contains("One.")), "the trail has no word of it");
}
