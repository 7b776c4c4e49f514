//! That the practice be deleted, as its admin asks for it at a desk.

use practice::{Code, wire::Wish};
use workstation::{
    Outcome,
    screen::{DeletionChange, DeletionPage},
};

use super::world::{Desk, World};

async fn ask(desk: &Desk, wish: Wish, typed: Option<&str>) -> Outcome<DeletionPage> {
    let comment = if wish == Wish::Delete { "we close" } else { "we go on" };
    let (typed, comment) = (typed.map(str::to_owned), Some(comment.to_owned()));
    desk.ws.set_deletion(DeletionChange { wish, typed, comment }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_is_deleted_by_its_name_alone_after_a_month_and_stays_when_it_is_taken_back() {
    let world = World::at_work("admin").await;
    let page = world.desk.ws.deletion().await.unwrap();
    assert_eq!((page.pending, page.past.len()), (None, 0));
    world.gate.asked();
    for typed in [None, Some(""), Some("Another practice"), Some(&page.practice[1..])] {
        assert_eq!(ask(&world.desk, Wish::Delete, typed).await.unwrap_err().code, Code::Invalid, "{typed:?}");
    }
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");

    let typed = format!("  {} ", page.practice.to_uppercase());
    let asked = ask(&world.desk, Wish::Delete, Some(&typed)).await.unwrap().pending.unwrap();
    // Thirty times 24 hours, in days of the practice: one of them may have 23 or 25 hours.
    assert!((29..=31).contains(&asked.days_left), "{asked:?}");
    assert_eq!((asked.comment.as_deref(), &asked.taken_back), (Some("we close"), &None));
    assert!(asked.due > asked.asked && !asked.asked_by.is_empty());
    assert_eq!(ask(&world.desk, Wish::Delete, Some(&typed)).await.unwrap_err().code, Code::Conflict);

    let kept = ask(&world.desk, Wish::Keep, None).await.unwrap();
    assert_eq!((kept.pending, kept.past.len()), (None, 1));
    assert_eq!(kept.past[0].taken_back_by.as_deref(), Some(asked.asked_by.as_str()));
    assert_eq!(kept.past[0].comment.as_deref(), Some("we close"));
    assert_eq!(kept.past[0].taken_back_comment.as_deref(), Some("we go on"));
    assert_eq!(world.desk.ws.deletion().await.unwrap().past, kept.past);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deletion_of_a_practice_is_its_admins_alone() {
    let world = World::at_work("admin").await;
    let desk = world.another("desk").await;
    let name = desk.ws.state().practice.unwrap().name;
    world.gate.asked();
    assert_eq!(desk.ws.deletion().await.unwrap_err().code, Code::Forbidden);
    assert_eq!(ask(&desk, Wish::Delete, Some(&name)).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");
    assert_eq!(world.desk.ws.deletion().await.unwrap().pending, None);
}
