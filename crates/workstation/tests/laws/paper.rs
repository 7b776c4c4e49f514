//! The day on paper, read back as a reader of PDF files reads it.

use std::{collections::BTreeSet, process::Command};

use practice::schedule::holds_time;
use workstation::screen::{Card, Day};

use super::world::{Desk, World};

/// The words of the day's paper.
fn words(desk: &Desk, day: &Day) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.pdf");
    let pack = desk.ws.day_pack(Some(&day.date), &file).unwrap();
    let read = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(text.matches('\u{c}').count(), pack.pages as usize, "a page has an end");
    text
}

fn numbers(cards: &[&Card]) -> BTreeSet<String> {
    cards.iter().filter_map(|card| card.patient.as_ref()?.record_number.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_on_paper_has_each_visit_that_stands_and_no_name_that_the_practice_hides() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let day = desk.ws.day(None).unwrap();
    let (stand, gone): (Vec<_>, Vec<_>) = day.appointments.iter().partition(|card| holds_time(card.status));
    let text = words(desk, &day);
    for said in ["Data as of ", "Shadow copy", "Allergy: "] {
        assert!(text.contains(said), "{said:?} is not in {text}");
    }
    let (stand_for, gone_for) = (numbers(&stand), numbers(&gone));
    assert!(stand_for.len() > 5, "a day with people");
    for number in &stand_for {
        assert!(text.contains(number.as_str()), "{number} is not in {text}");
    }
    for number in gone_for.difference(&stand_for) {
        assert!(!text.contains(number.as_str()), "{number} does not come");
    }
    let latin = |card: &&Card| {
        let name = &card.patient.as_ref()?.name;
        let (family, _) = name.split_once(',')?;
        (family.is_ascii() && family.len() > 3).then(|| family.to_owned())
    };
    let families: BTreeSet<String> = stand.iter().filter_map(latin).collect();
    assert!(!families.is_empty());
    for family in &families {
        assert!(family.split(['-', ' ']).all(|part| text.contains(part)), "{family} is not in {text}");
    }

    world.host.tell(&["policy", "set", "names=initials"], "");
    desk.ws.sync_once().await.unwrap();
    let hidden = words(desk, &day);
    for family in &families {
        assert!(!hidden.contains(family.as_str()), "{family} is in {hidden}");
    }
    assert!(stand_for.iter().all(|number| hidden.contains(number.as_str())));
}
