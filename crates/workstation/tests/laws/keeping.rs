//! What the admin sees of how the host keeps the practice.

use practice::{Code, wire::RunKind};
use workstation::screen::CertificatePlace;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sees_the_backups_the_drill_what_is_kept_and_when_the_certificates_end() {
    let world = World::at_work("admin").await;
    let before = world.desk.ws.keeping().await.unwrap();
    assert_eq!((before.hourly, before.last, before.drill, before.runs.len()), (false, None, None, 0));
    assert_eq!(before.problems.len(), 1, "there is none yet");
    assert!(before.problems[0].say.starts_with("There is no backup"), "{:?}", before.problems);
    assert!(!before.problems[0].way_out.is_empty());
    let places: Vec<_> =
        before.certificates.iter().map(|one| (one.place, one.days_left > 30, one.say.is_none())).collect();
    assert_eq!(places, [(CertificatePlace::Host, true, true), (CertificatePlace::Authority, true, true)]);

    let kept = tempfile::tempdir().unwrap();
    let (first, second) = (kept.path().join("first"), kept.path().join("second"));
    let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
    world.host.tell(&["backup", "--repository", first, "--copy-to", second], "");
    world.host.tell(&["drill", "--repository", first], "");
    let page = world.desk.ws.keeping().await.unwrap();
    let (last, elsewhere, drill) = (page.last.unwrap(), page.last_elsewhere.unwrap(), page.drill.unwrap());
    assert_eq!((last.kind, last.elsewhere, last.say.as_deref()), (RunKind::Backup, false, None));
    assert!(last.versions > Some(0) && last.kilobytes > Some(0), "{last:?}");
    assert!(elsewhere.elsewhere && elsewhere.kept.ends_with("second"), "{elsewhere:?}");
    assert_eq!((drill.kind, drill.say.as_deref(), drill.made.is_some()), (RunKind::Drill, None, true));
    assert_eq!((page.problems, page.runs.len()), (Vec::new(), 3));
    assert_eq!(page.keeps.map(|keeps| (keeps.hourly, keeps.daily, keeps.monthly)), Some((24, 30, 24)));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_practice_is_kept_is_the_admins_alone_and_needs_the_host() {
    let world = World::at_work("admin").await;
    let desk = world.another("desk").await;
    world.gate.asked();
    assert_eq!(desk.ws.keeping().await.unwrap_err().code, Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");
    world.gate.close();
    assert_eq!(world.desk.ws.keeping().await.unwrap_err().code, Code::HostUnreachable);
}
