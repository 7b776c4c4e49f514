//! Everything that the practice owns, into a file on its admin's computer: whole, or not there.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use practice::Code;
use serde_json::Value;
use workstation::screen::{ExportState, Exporting, LockReason};

use super::world::{Act, Desk, World};

/// How the export of `desk` ended.
async fn ended(desk: &Desk, folder: &Path) -> Exporting {
    let looking = async {
        loop {
            let now = desk.ws.exporting(Some(folder)).unwrap().current.unwrap();
            if now.state != ExportState::Running {
                return now;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), looking).await.expect("the export ends")
}

fn files(folder: &Path) -> Vec<String> {
    let all = fs::read_dir(folder).unwrap();
    all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Waits until there is nothing in the folder.
async fn emptied(folder: &Path) {
    let looking = async {
        while !files(folder).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), looking).await.expect("no file is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_a_whole_file_for_its_owner_alone_with_a_record_a_line() {
    let world = World::at_work("admin").await;
    let folder = tempfile::tempdir().unwrap();
    let mut lengths = Vec::new();
    for history in [false, true] {
        let begun = world.desk.ws.export(history, Some(folder.path())).await.unwrap();
        assert_eq!(begun.folder, folder.path().to_str().unwrap());
        let done = ended(&world.desk, folder.path()).await;
        assert_eq!((done.state, done.history, &done.say), (ExportState::Done, history, &None));
        assert_eq!(files(folder.path()), std::slice::from_ref(&done.file));
        let path = folder.path().join(&done.file);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), done.records as usize);
        assert_eq!(text.len().div_ceil(1024), done.kilobytes as usize);
        assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["resourceType"].is_string()));
        lengths.push(text.lines().count());
        fs::remove_file(path).unwrap();
    }
    assert!(lengths[0] > 100 && lengths[1] >= lengths[0], "{lengths:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_breaks_off_leaves_no_file_and_says_so() {
    let world = World::at_work("admin").await;
    let folder = tempfile::tempdir().unwrap();
    world.gate.rule(|asked| if asked == "GET /export" { Act::CutAnswer } else { Act::Pass });
    world.desk.ws.export(false, Some(folder.path())).await.unwrap();
    let broken = ended(&world.desk, folder.path()).await;
    assert_eq!(broken.state, ExportState::Failed);
    assert!(broken.say.is_some());
    assert_eq!(files(folder.path()), Vec::<String>::new());

    let line = b"{\"resourceType\":\"Patient\"}\n".to_vec();
    let endless = move |asked: &str| match asked {
        "GET /export" => Act::Endless(Vec::new(), line.clone()),
        _ => Act::Pass,
    };
    world.gate.rule(endless.clone());
    world.desk.ws.export(false, Some(folder.path())).await.unwrap();
    assert_eq!(files(folder.path()).len(), 1, "beside its name");
    assert!(files(folder.path())[0].ends_with(".part"));
    let second = world.desk.ws.export(true, Some(folder.path())).await.unwrap_err();
    assert_eq!(second.code, Code::NotNow, "one at a time");
    world.desk.ws.cancel_export().unwrap();
    assert_eq!(ended(&world.desk, folder.path()).await.state, ExportState::Cancelled);
    assert_eq!(files(folder.path()), Vec::<String>::new());

    world.desk.ws.export(false, Some(folder.path())).await.unwrap();
    world.desk.ws.lock(LockReason::Asked);
    assert_eq!(world.desk.ws.exporting(Some(folder.path())).unwrap_err().code, Code::Locked);
    emptied(folder.path()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_the_admins_alone_and_a_folder_that_cannot_be_written_is_said() {
    let world = World::at_work("admin").await;
    let desk = world.another("desk").await;
    let folder = tempfile::tempdir().unwrap();
    world.gate.asked();
    assert_eq!(desk.ws.export(false, Some(folder.path())).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(desk.ws.exporting(Some(folder.path())).unwrap_err().code, Code::Forbidden);
    assert_eq!(desk.ws.cancel_export().unwrap_err().code, Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "the host is not even asked");

    let file = folder.path().join("a file");
    fs::write(&file, "").unwrap();
    let refused = world.desk.ws.export(false, Some(&file)).await.unwrap_err();
    assert!(refused.say.starts_with("That folder"), "{}", refused.say);
    assert_eq!(ended(&world.desk, &file).await.state, ExportState::Failed);
    assert_eq!(world.gate.asked(), Vec::<String>::new(), "nothing was sent for that can't be kept");
}
