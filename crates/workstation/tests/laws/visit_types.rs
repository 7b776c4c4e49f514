//! The practice's types of visit: who says what they are, and what a visit keeps of them.

use practice::{Code, text::string};
use workstation::screen::{BookRequest, VisitType};

use super::world::World;

/// One that the practice does not have yet.
pub fn new() -> VisitType {
    VisitType {
        code: " tv ".into(),
        name: " Travel advice ".into(),
        minutes: 25,
        color: 7,
        long_wait: 20,
        active: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_adds_a_type_and_every_desk_books_it_until_it_is_not_offered_any_more() {
    let world = World::at_work("admin").await;
    let front = world.another("desk").await;
    let admin = &world.desk.ws;
    assert_eq!(front.ws.set_visit_type(new(), None).unwrap_err().code, Code::Forbidden);
    let known = admin.visit_types().unwrap();
    assert!(known.len() >= 6 && known.is_sorted_by_key(|one| one.name.clone()), "{known:?}");
    for wrong in [
        VisitType { code: "LONG".into(), ..new() },
        VisitType { name: " ".into(), ..new() },
        VisitType { minutes: 4, ..new() },
        VisitType { color: 8, ..new() },
        VisitType { long_wait: 0, ..new() },
    ] {
        assert_eq!(admin.set_visit_type(wrong, None).unwrap_err().code, Code::Invalid);
    }
    admin.set_visit_type(new(), Some("asked for by Provider One".into())).unwrap();
    admin.sync_once().await.unwrap();
    front.ws.sync_once().await.unwrap();
    let added = VisitType { code: "TV".into(), name: "Travel advice".into(), ..new() };
    assert!(front.ws.day(None).unwrap().types.contains(&added), "it came with the day");

    let wish = |start: &str, code: &str| BookRequest {
        patient: front.patient(),
        practitioner: world.host.practitioner(),
        start: format!("2027-12-24T{start}"),
        minutes: 15,
        reason: None,
        comment: None,
        overbook: None,
        room: None,
        visit_type: Some(code.into()),
    };
    assert_eq!(front.ws.book(wish("03:00", "XX")).unwrap_err().code, Code::NotFound);
    let card = front.ws.book(wish("03:00", "TV")).unwrap().card;
    assert_eq!(card.visit_type.as_deref(), Some("TV"));
    let (text, _) = front.ws.show(&format!("Appointment/{}", card.id)).unwrap();
    assert_eq!(string(&text, "/appointmentType/text").as_deref(), Some("Travel advice"), "for who knows no code");

    let retired = VisitType { name: "Travel".into(), active: false, ..added };
    admin.set_visit_type(retired.clone(), None).unwrap();
    admin.sync_once().await.unwrap();
    front.ws.sync_once().await.unwrap();
    let day = front.ws.day(Some("2027-12-24")).unwrap();
    assert!(day.types.contains(&retired));
    let kept = day.appointments.iter().find(|one| one.id == card.id).unwrap();
    assert_eq!(kept.visit_type.as_deref(), Some("TV"), "its visits keep it");
    assert_eq!(front.ws.book(wish("04:00", "TV")).unwrap_err().code, Code::NotFound);
}
