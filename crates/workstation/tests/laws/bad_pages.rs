//! A page that is not what the host's history is ends in one trouble in words: nothing of it is stored, what waits goes on
//! waiting, and the next good page is taken.

use std::{io::Write, time::Duration};

use practice::Code;
use tokio::time::timeout;
use zstd::stream::write::Encoder;

use super::world::{Act, World};

/// No round takes as long, however bad the page.
const AT_MOST: Duration = Duration::from_secs(60);

type Head = Vec<(&'static str, String)>;

/// A page with one entry.
fn page(resource: &str, url: &str, etag: &str, cursor: &str) -> String {
    let modified = "2026-11-23T09:45:00Z";
    format!(
        r#"{{"resourceType":"Bundle","type":"history","link":[{{"relation":"next","url":"/_history?cursor={cursor}"}}],
        "entry":[{{"resource":{resource},"request":{{"method":"PUT","url":"{url}"}},
        "response":{{"status":"200","etag":"{etag}","lastModified":"{modified}"}}}}]}}"#
    )
}

/// A page that would be taken.
fn good() -> String {
    page(r#"{"resourceType":"Patient","id":"p"}"#, "Patient/p", r#"W/\"1\""#, "x")
}

/// A good page with a hundred megabytes of white space, packed as it comes.
fn bomb() -> Vec<u8> {
    let mut packed = Encoder::new(Vec::new(), 1).unwrap();
    let (before, after) = good().split_once(',').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    packed.write_all(before.as_bytes()).unwrap();
    (0..100).for_each(|_| packed.write_all(&[b' '; 1 << 20]).unwrap());
    packed.write_all(format!(",{after}").as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// A good page in a frame that asks for two gigabytes to be unpacked in (RFC 8878, 3.1.1.1.2).
fn greedy() -> Vec<u8> {
    let text = good();
    let block = (text.len() as u32) << 3 | 1;
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8][..], &block.to_le_bytes()[..3], text.as_bytes()].concat()
}

/// A frame to be skipped, of 64 kB (RFC 8878, 3.1.2): unpacked it is nothing.
fn skipped() -> Vec<u8> {
    [&[0x50, 0x2a, 0x4d, 0x18, 0x00, 0x00, 0x01, 0x00][..], &[0; 1 << 16]].concat()
}

fn packed(how: &str) -> Head {
    vec![("content-encoding", how.to_owned())]
}

fn link(cursor: &str) -> Head {
    vec![("link", format!("<https://localhost/fhir/_history?cursor={cursor}>; rel=\"next\""))]
}

/// A bad page, and what makes it.
type Bad = (&'static str, fn() -> Act);

const PAGES: &[Bad] = &[
    ("an entry that is a number", || plain(r#"{"link":[{"relation":"next","url":"/?cursor=x"}],"entry":[7]}"#)),
    ("an entry without a request", || plain(r#"{"link":[{"relation":"next","url":"/?cursor=x"}],"entry":[{}]}"#)),
    ("a link that is text", || plain(r#"{"link":"next","entry":[]}"#)),
    ("a moment that is none", || plain(&good().replace("2026-11-23T09:45:00Z", "yesterday"))),
    ("a resource that is text", || plain(&page(r#""Patient""#, "Patient/p", r#"W/\"1\""#, "x"))),
    ("an id of another type", || plain(&good().replace("Patient/p", "Appointment/p"))),
    ("another id", || plain(&good().replace("Patient/p", "Patient/q"))),
    ("no version", || plain(&good().replace(r#"W/\"1\""#, r#"W/\"\""#))),
    ("a version of a megabyte", || plain(&good().replace(r#"\"1\""#, &format!(r#"\"{}\""#, "1".repeat(1 << 20))))),
    ("an element named twice", || plain(&good().replace(r#""id":"p""#, r#""id":"p","id":"q""#))),
    ("a record of 6 MB", || {
        plain(&good().replace(r#""id":"p""#, &format!(r#""id":"p","x":"{}""#, "x".repeat(6 << 20))))
    }),
    ("no cursor", || plain(&good().replace("cursor=x", "cursor="))),
    ("a cursor that ends an address", || plain(&good().replace("cursor=x", "cursor=x#y"))),
    ("a cursor of a megabyte", || plain(&good().replace("cursor=x", &format!("cursor={}", "x".repeat(1 << 20))))),
    ("a head that goes on elsewhere", || Act::With(link("y"), good().into())),
    ("a page of another practice", || {
        Act::With(vec![("x-practice", "another".into()), ("x-epoch", "another".into())], good().into())
    }),
    ("a bomb", || Act::With(packed("zstd"), bomb())),
    ("a frame that asks for 2 GB", || Act::With(packed("zstd"), greedy())),
    ("frames that are nothing, without end", || Act::Endless(packed("zstd"), skipped())),
    ("what is not packed as it says", || Act::With(packed("zstd"), good().into())),
    ("packed as nobody asked for", || Act::With(packed("gzip"), vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])),
    ("white space without end", || Act::Endless(Vec::new(), vec![b' '; 1 << 16])),
    ("a refusal of a megabyte", || Act::Answer(400, refusal(&"x".repeat(1 << 20)))),
    ("a refusal in no words", || Act::Answer(400, refusal("a\u{7}"))),
];

fn plain(text: &str) -> Act {
    Act::Answer(200, text.as_bytes().to_vec())
}

fn refusal(say: &str) -> Vec<u8> {
    serde_json::json!({"code": "invalid", "say": say}).to_string().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_page_is_said_and_changes_nothing() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    // One change waits for a person all the while.
    let waits = desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.rule(|asked| match asked {
        "POST /fhir" => Act::Answer(409, serde_json::json!({"code": "overlap", "say": "Taken."}).to_string().into()),
        _ => Act::Pass,
    });
    ws.sync_once().await.unwrap();
    let (cursor, synced) = (ws.status().await.unwrap().cursor, ws.state().sync.last_synced);
    let before = (ws.outbox().unwrap(), ws.find("a").unwrap(), ws.day(Some("2027-12-24")).unwrap());
    for (what, act) in PAGES {
        world.gate.rule(|asked| if asked.starts_with("GET /fhir/_history") { act() } else { Act::Pass });
        let ended = timeout(AT_MOST, ws.sync_once()).await;
        let refused = ended.unwrap_or_else(|_| panic!("{what}: read for ever")).expect_err(what);
        assert_eq!(refused.code, Code::HostConfused, "{what}: {refused:?}");
        assert!(refused.say.ends_with('.') && refused.say.len() < 200, "{what}: {refused:?}");
        let state = ws.state().sync;
        assert_eq!(state.trouble.as_ref(), Some(&refused), "{what}: the screen says the same");
        assert_eq!((state.last_synced, state.running), (synced.clone(), false), "{what}");
        assert_eq!(ws.status().await.unwrap().cursor, cursor, "{what}");
        let now = (ws.outbox().unwrap(), ws.find("a").unwrap(), ws.day(Some("2027-12-24")).unwrap());
        assert!(now == before, "{what}: something was changed");
    }
    world.gate.open();
    ws.retry(&waits.change).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    assert_eq!(ws.state().sync.trouble, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_here_does_not_go_back_to_an_older_version() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let visit = desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    ws.sync_once().await.unwrap();
    world.set_elsewhere(&visit, "/comment", "second");
    ws.sync_once().await.unwrap();
    world.set_elsewhere(&visit, "/comment", "third");
    world.gate.rule(|asked| match asked.starts_with("GET /fhir/_history") {
        true => Act::Edit(|text| text.replace(r#"W/\"3\""#, r#"W/\"1\""#)),
        false => Act::Pass,
    });
    let stood = ws.show(&format!("Appointment/{visit}")).unwrap();
    assert!(stood.0.contains("second"));
    assert_eq!(ws.sync_once().await.unwrap().pulled, 1, "it came");
    assert_eq!(ws.show(&format!("Appointment/{visit}")).unwrap(), stood);
}

/// How the host says that it does not know a cursor.
fn unknown() -> Act {
    Act::Answer(400, refusal("This is not a cursor that the history gave."))
}

fn pages(asked: &[String]) -> Vec<bool> {
    let pages = asked.iter().filter(|asked| asked.starts_with("GET /fhir/_history"));
    pages.map(|page| page.contains("cursor=")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_the_host_does_not_know_has_its_history_read_from_the_start() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    for waits in ["03:00", "05:00"] {
        let cursor = ws.status().await.unwrap().cursor.unwrap();
        let waits = desk.book(&world.host.practitioner(), waits, None).unwrap();
        world.gate.rule(move |asked| match asked {
            "POST /fhir" => Act::Answer(500, Vec::new()),
            _ if asked.ends_with(&format!("cursor={cursor}")) => unknown(),
            _ => Act::Pass,
        });
        // The push fails first; then the change steps aside for a while, and the pull has its turn.
        for _ in 0..3 {
            ws.sync_once().await.unwrap_err();
        }
        world.gate.asked();
        let report = ws.sync_once().await.unwrap();
        assert_eq!(pages(&world.gate.asked())[..2], [true, false], "with the cursor, then without");
        assert!(report.pulled >= world.host.resources(), "{report:?}");
        assert_eq!((ws.state().sync.trouble, ws.outbox().unwrap().len()), (None, 1), "what waits is kept");
        assert!(ws.appointment(&waits.card.id).unwrap().card.provisional);
        world.gate.open();
        desk.clock.pass(Duration::from_secs(61));
        let report = ws.sync_once().await.unwrap();
        assert_eq!((report.pushed, report.conflicts, report.set_aside), (1, 0, 0));
        assert_eq!(ws.sync_once().await.unwrap().pulled, 0, "and it goes on from there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_knows_no_cursor_of_its_own_is_not_read_for_ever() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let synced = ws.state().sync.last_synced;
    world.gate.rule(|asked| if asked.contains("cursor=") { unknown() } else { Act::Pass });
    world.gate.asked();
    let _ = ws.sync_once().await;
    assert_eq!(pages(&world.gate.asked()).iter().filter(|with_cursor| !**with_cursor).count(), 1, "once");
    world.desk.clock.pass(Duration::from_secs(60));
    for _ in 0..3 {
        let refused = ws.sync_once().await.unwrap_err();
        assert_eq!(refused.say, "This is not a cursor that the history gave.");
        assert_eq!(ws.state().sync.trouble, Some(refused), "the screen says it");
        assert_eq!(pages(&world.gate.asked()), [true], "and the history is not read again");
    }
    world.gate.open();
    ws.sync_once().await.unwrap();
    assert_eq!(ws.state().sync.trouble, None);
    assert_ne!(ws.state().sync.last_synced, synced);
}
