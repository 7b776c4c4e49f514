//! Backups: made, looked through, put back, and what is said when they can't be. restic has to be on the machine.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use hosted::{
    backup::{Backups, Repository, password},
    data_dir::DataDir,
    store::{NewPractice, NewResource, PracticeStore, StoreError},
};
use practice::{Code, ids::PracticeId, time::Stamp, wire::RunKind};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    command_line::{init, json, program},
    office::{key, patient},
    postgres::Server,
};

/// An office with a patient, and where its backups go.
pub struct Office {
    pub root: tempfile::TempDir,
    pub practice: String,
}

impl Office {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let made = init(root.path().join("data").to_str().unwrap());
        let office = Self { root, practice: made["practice"].as_str().unwrap().to_owned() };
        office.take(patient("p1", "Canarybird"));
        office
    }

    pub fn path(&self, name: &str) -> String {
        self.root.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn id(&self) -> PracticeId {
        PracticeId::parse(&self.practice).unwrap()
    }

    fn dir(&self) -> DataDir {
        DataDir::open(&self.root.path().join("data")).unwrap()
    }

    pub fn store(&self) -> PracticeStore {
        PracticeStore::open(&self.dir(), &self.id()).unwrap()
    }

    pub fn take(&self, text: Value) {
        let new = NewResource { key: key(&text), text: text.to_string() };
        self.store().accept(&[new], at(0)).unwrap();
    }

    /// A command on the repository `first`.
    pub fn run(&self, command: &str, rest: &[&str]) -> (i32, Value) {
        let (data, repository) = (self.path("data"), self.path("first"));
        json(&[&[command, "--data", &data, "--repository", &repository], rest].concat(), None)
    }

    pub fn backups(&self) -> Backups {
        Backups::new(&self.dir(), &self.path("first"), None, None).unwrap()
    }

    /// One backup, that has to go well.
    fn back_up(&self, at: Stamp) {
        let mut store = self.store();
        for done in self.backups().back_up(&store, at) {
            assert!(done.refusal.is_none(), "{:?}", done.refusal);
            store.keep_run(&done.run).unwrap();
        }
    }
}

fn at(second: i64) -> Stamp {
    Stamp::from_millis(1_790_000_000_000 + second * 1000).unwrap()
}

pub fn has(store: &PracticeStore, patient: &str) -> bool {
    store.read(&practice::resource::ResourceKey::parse(&format!("Patient/{patient}")).unwrap()).unwrap().is_some()
}

fn hash(store: &PracticeStore) -> String {
    store.stream(&mut io::sink()).unwrap().sha256
}

/// The largest file in `folder`, at any depth.
fn largest(folder: &Path) -> PathBuf {
    let mut found: Vec<(u64, PathBuf)> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                found.push((entry.metadata().unwrap().len(), entry.path()));
            }
        }
    }
    found.into_iter().max().unwrap().1
}

fn flip_a_byte_in_the_middle_of(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(file, bytes).unwrap();
}

pub fn code(document: &Value) -> &str {
    document["code"].as_str().unwrap_or("none")
}

#[test]
fn a_backup_is_made_drilled_and_put_back_with_the_certificates_when_all_else_is_lost() {
    let office = Office::new();
    let (second, password) = (office.path("second"), office.path("password"));
    fs::write(&password, "the operator's own words\n").unwrap();
    let with = ["--password-file", password.as_str()];
    let (status, made) = office.run("backup", &[&with[..], &["--copy-to", &second]].concat());
    assert_eq!((status, made["backups"].as_array().unwrap().len()), (0, 2), "{made}");
    assert_eq!(made["backups"][1]["run"]["elsewhere"], true);
    let (status, drilled) = office.run("drill", &with);
    assert_eq!((status, &drilled["good"]), (0, &json!(true)), "{drilled}");
    assert!(drilled["drills"][0]["run"]["took_ms"].as_u64().unwrap() > 0);
    let drill = office.store().last_run(RunKind::Drill, false, true).unwrap().unwrap().told;
    assert_eq!(
        drill.snapshot_at,
        office.store().last_run(RunKind::Backup, false, true).unwrap().unwrap().told.snapshot_at
    );
    assert!(
        fs::read_dir(office.path("data"))
            .unwrap()
            .all(|entry| { !entry.unwrap().file_name().to_str().unwrap().starts_with("drill") })
    );
    let (epoch, authority) = (office.store().epoch().unwrap(), fs::read(office.path("data/tls/ca.pem")).unwrap());
    fs::remove_dir_all(office.path("data")).unwrap();
    fs::remove_dir_all(office.path("first")).unwrap();
    let (data, practice) = (office.path("data"), office.practice.as_str());
    let arguments = ["restore", "--data", &data, "--practice", practice, "--repository", &second, "--at", "latest"];
    let (status, restored) = json(&[&arguments[..], &with].concat(), None);
    assert_eq!(status, 0, "{restored}");
    assert!(has(&office.store(), "p1"));
    assert_eq!(office.store().epoch().unwrap(), restored["epoch"].as_str().unwrap());
    assert!(restored["epoch"].as_str().unwrap().starts_with(&format!("{epoch}.")), "a new life begins: {restored}");
    assert_eq!(fs::read(office.path("data/tls/ca.pem")).unwrap(), authority, "workstations know it again");
}

#[test]
fn a_practice_is_put_back_as_it_was_at_a_time_and_what_stood_there_is_kept() {
    let office = Office::new();
    for (second, patient_id) in [(100, "p2"), (200, "p3"), (300, "p4")] {
        office.take(patient(patient_id, "Ray"));
        office.back_up(at(second));
    }
    let between = at(250).to_string();
    let arguments = ["--practice", office.practice.as_str(), "--at", &between];
    let open = office.store();
    let before = hash(&open);
    let (status, refused) = office.run("restore", &arguments);
    assert_eq!((status, code(&refused)), (3, "not_now"), "somebody has it open: {refused}");
    assert_eq!(hash(&open), before);
    drop(open);
    let (status, restored) = office.run("restore", &arguments);
    assert_eq!((status, &restored["made"]), (0, &json!(at(200))), "{restored}");
    let there = ["p1", "p2", "p3", "p4"].map(|id| has(&office.store(), id));
    assert_eq!(there, [true, true, true, false]);
    let replaced = PathBuf::from(restored["replaced"].as_str().unwrap());
    fs::rename(replaced, office.dir().database(&office.id())).unwrap();
    assert_eq!(hash(&office.store()), before, "what stood there is whole");
    let early = at(50).to_string();
    let (status, refused) = office.run("restore", &["--practice", office.practice.as_str(), "--at", &early]);
    assert_eq!((status, code(&refused)), (3, "not_found"), "{refused}");
    let new = office.path("new");
    let last = ["--practice", office.practice.as_str(), "--at", "latest", "--into", &new];
    assert_eq!(office.run("restore", &last).0, 0);
    let dir = DataDir::open(&office.root.path().join("new")).unwrap();
    assert!(has(&PracticeStore::open(&dir, &office.id()).unwrap(), "p4"));
}

/// The rows of `store`'s stream: all but its first line, which names the life, and its last, which is their sum.
pub fn rows(store: &PracticeStore) -> Vec<String> {
    let mut stream = Vec::new();
    store.stream(&mut stream).unwrap();
    let lines: Vec<String> = String::from_utf8(stream).unwrap().lines().map(str::to_owned).collect();
    lines[1..lines.len() - 1].to_vec()
}

#[test]
fn a_practice_goes_from_a_file_into_postgresql_and_back_with_every_row_and_a_new_life_each_time() {
    let server = Server::start();
    let office = Office::new();
    let (practice, id) = (office.practice.as_str(), office.id());
    let words = office.path("password");
    fs::write(&words, "the operator's own words\n").unwrap();
    let database = server.database();
    let in_database = ["--database", database.as_str()];
    let mut before = office.store();
    for (from, to, stored_in) in [("data", "shared", &in_database[..]), ("shared", "file", &[])] {
        let (repository, from, to) = (office.path(&format!("of-{from}")), office.path(from), office.path(to));
        let kept = ["--repository", &repository, "--password-file", &words];
        let rows_before = rows(&before);
        let life = before.epoch().unwrap();
        drop(before);
        assert_eq!(json(&[&["backup", "--data", &from], &kept[..]].concat(), None).0, 0);
        assert_eq!(json(&[&["drill", "--data", &from], &kept[..]].concat(), None).0, 0);
        let restore = ["restore", "--data", &to, "--practice", practice, "--at", "latest"];
        let (status, restored) = json(&[&restore[..], &kept, stored_in].concat(), None);
        assert_eq!(status, 0, "{to}: {restored}");
        let dir = DataDir::open(Path::new(&to)).unwrap();
        assert_eq!(dir.database(&id).exists(), stored_in.is_empty(), "{to}");
        before = PracticeStore::open(&dir, &id).unwrap();
        assert_eq!(before.epoch().unwrap(), restored["epoch"].as_str().unwrap());
        assert!(before.epoch().unwrap().starts_with(&format!("{life}.")), "{to}: a new life begins");
        let (same, new): (Vec<_>, Vec<_>) = rows(&before).into_iter().partition(|row| rows_before.contains(row));
        assert!(same == rows_before, "{to}: every row, in the same order");
        // What tells of the restore itself.
        let tables: Vec<_> = new.iter().map(|row| row.split('"').nth(1).unwrap()).collect();
        assert_eq!(tables, ["life", "audit_entry"], "{to}: {new:?}");
    }
}

#[test]
fn a_wrong_password_and_a_repository_that_is_gone_are_said_and_nothing_is_made_in_its_place() {
    let office = Office::new();
    assert_eq!(office.run("drill", &[]).1["code"], "backup_password", "there is none yet");
    assert_eq!(office.run("backup", &[]).0, 0);
    let wrong = office.path("wrong");
    fs::write(&wrong, "something else\n").unwrap();
    for (command, rest) in
        [("backup", vec![]), ("drill", vec![]), ("restore", vec!["--practice", &office.practice, "--at", "latest"])]
    {
        let (status, refused) = office.run(command, &[&["--password-file", wrong.as_str()], &rest[..]].concat());
        assert_eq!((status, code(&refused)), (1, "backup_password"), "{command}: {refused}");
    }
    let failed = office.store().runs(10).unwrap();
    assert_eq!(failed.iter().filter(|run| run.told.problem.as_deref() == Some("backup_password")).count(), 2);
    fs::rename(office.path("first"), office.path("elsewhere")).unwrap();
    let (status, refused) = office.run("backup", &[]);
    assert_eq!((status, code(&refused)), (1, "backup_failed"), "{refused}");
    assert!(!Path::new(&office.path("first")).exists(), "a disk that is not in its place is not a new one");
    let (data, first) = (office.path("data"), office.path("elsewhere"));
    let mut without = program();
    without.args(["backup", "--json", "--data", &data, "--repository", &first]).env("PATH", "/nowhere");
    let output = without.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("restic, which is not on this machine"));
}

#[test]
fn a_flipped_byte_is_found_by_the_drill_and_by_a_restore_which_leaves_what_is_there() {
    let office = Office::new();
    let noise: String = (0..40).map(|_| hosted::random::secret()).collect();
    office.take(json!({"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": noise}));
    office.back_up(at(1));
    flip_a_byte_in_the_middle_of(&largest(&office.root.path().join("first/data")));
    let before = hash(&office.store());
    let (status, refused) = office.run("restore", &["--practice", &office.practice, "--at", "latest"]);
    assert_eq!((status, code(&refused)), (6, "backup_damaged"), "{refused}");
    assert_eq!(hash(&office.store()), before);
    let (status, refused) = office.run("drill", &[]);
    assert_eq!((status, code(&refused)), (6, "backup_damaged"), "{refused}");
    let drill = office.store().last_run(RunKind::Drill, false, false).unwrap().unwrap().told;
    assert_eq!(drill.problem.as_deref(), Some("backup_damaged"), "the admin sees it");
}

#[test]
fn a_full_disk_is_said_and_the_backups_that_are_there_stay_good() {
    let office = Office::new();
    assert_eq!(office.run("backup", &[]).0, 0);
    for n in 0..20 {
        let noise: String = (0..1_000).map(|_| hosted::random::secret()).collect();
        office.take(json!({"resourceType": "Binary", "id": format!("b{n}"), "data": noise}));
    }
    // The same restic, which may write no file of more than 200 blocks.
    let limited = office.root.path().join("limited");
    fs::create_dir(&limited).unwrap();
    let path = std::env::var("PATH").unwrap();
    fs::write(limited.join("restic"), format!("#!/bin/bash\nulimit -f 200\nPATH='{path}' exec restic \"$@\"\n"))
        .unwrap();
    fs::set_permissions(limited.join("restic"), fs::Permissions::from_mode(0o700)).unwrap();
    let (data, first) = (office.path("data"), office.path("first"));
    let mut full = program();
    full.args(["backup", "--json", "--data", &data, "--repository", &first]);
    let output = full.env("PATH", format!("{}:{path}", limited.display())).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), code(&document)), (Some(1), "backup_full"), "{document}");
    assert_eq!(office.backups().find(&office.id(), None).unwrap().at, {
        office.store().last_run(RunKind::Backup, false, true).unwrap().unwrap().told.snapshot_at.unwrap()
    });
    assert_eq!(office.run("drill", &[]).0, 0);
}

#[test]
fn a_stream_that_breaks_off_becomes_no_snapshot() {
    let root = tempfile::tempdir().unwrap();
    let repository = Repository::new(root.path().join("r").to_str().unwrap(), Zeroizing::new("x".to_owned()));
    repository.open_or_make(None).unwrap();
    let broken = repository.save("elm", at(0), |out| {
        out.write_all(&[b'x'; 100_000])?;
        Err::<(), _>(StoreError::Damaged("a row"))
    });
    assert!(matches!(broken, Err(StoreError::Damaged("a row"))));
    assert!(repository.snapshots("elm").unwrap().is_empty());
}

#[test]
fn a_host_that_is_killed_in_the_middle_of_a_backup_leaves_the_one_before_as_the_last() {
    let office = Office::new();
    office.back_up(at(1));
    // restic hears the beginning; then the host is killed, and restic hears the end.
    let (killing, path) = (office.root.path().join("killing"), std::env::var("PATH").unwrap());
    fs::create_dir(&killing).unwrap();
    let script = format!(
        "#!/bin/bash\nPATH='{path}'\n[[ $* == *--stdin-filename* ]] || exec restic \"$@\"\n\
         {{ head -c 300; kill -9 $PPID; }} | restic \"$@\" >/dev/null 2>&1\necho $? > '{}'\n",
        office.path("ended")
    );
    fs::write(killing.join("restic"), script).unwrap();
    fs::set_permissions(killing.join("restic"), fs::Permissions::from_mode(0o700)).unwrap();
    let (data, first) = (office.path("data"), office.path("first"));
    let mut killed = program();
    killed.args(["backup", "--data", &data, "--repository", &first]);
    let status = killed.env("PATH", format!("{}:{path}", killing.display())).output().unwrap().status;
    assert_eq!(status.code(), None, "it was killed");
    while fs::read_to_string(office.path("ended")).unwrap_or_default().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_to_string(office.path("ended")).unwrap(), "0\n", "restic took it for all there is");
    assert_eq!(office.backups().find(&office.id(), None).unwrap().at, at(1));
    assert_eq!(office.run("drill", &[]).0, 0);
    assert_eq!(office.run("backup", &[]).0, 0);
}

/// A practice whose audit chain was altered in the middle, as whoever has the operator's key could.
fn altered() -> Office {
    let office = Office::new();
    let mut stream = Vec::new();
    office.store().stream(&mut stream).unwrap();
    let text = String::from_utf8(stream).unwrap();
    let (body, _) = text.trim_end().rsplit_once('\n').unwrap();
    let body = body.replacen("added as admin", "added as Admin", 1) + "\n";
    let sha256: String = sha2::Digest::finalize(sha2::Digest::chain_update(sha2::Sha256::default(), &body))
        .iter()
        .map(|byte: &u8| format!("{byte:02x}"))
        .collect();
    let end = json!({"end": {"lines": body.lines().count(), "sha256": sha256}});
    let whole = format!("{body}{end}\n");
    PracticeStore::put_back(&office.dir(), &office.id(), &mut whole.as_bytes(), at(1), "then").unwrap();
    office
}

#[test]
fn an_altered_audit_chain_is_found_where_it_breaks_also_in_a_drill() {
    let office = altered();
    let data = office.path("data");
    let (status, found) = json(&["verify-audit", "--data", &data], None);
    assert_eq!((status, &found["intact"]), (6, &json!(false)), "{found}");
    assert_eq!(found["practices"][0]["chains"][0]["broken"]["seq"], 1, "{found}");
    office.back_up(at(2));
    let (status, drilled) = office.run("drill", &[]);
    assert_eq!((status, drilled["drills"][0]["run"]["problem"].as_str()), (6, Some("backup_damaged")), "{drilled}");
    let whole = Office::new();
    assert_eq!(json(&["verify-audit", "--data", &whole.path("data")], None).0, 0);
}

#[test]
fn a_drill_notices_a_backup_that_is_not_what_was_backed_up() {
    let office = Office::new();
    office.back_up(at(1));
    let other = NewPractice { id: office.id(), name: "Other", time_zone: "America/New_York", at: at(0) };
    let elsewhere = DataDir::open_or_create(&office.root.path().join("other")).unwrap();
    let other = PracticeStore::create(&elsewhere, &other).unwrap();
    let repository = Repository::new(office.path("first"), password::password(&office.dir(), None).unwrap());
    repository.destroy(&office.practice).unwrap();
    repository.save(&office.practice, at(1), |out| other.stream(out)).unwrap();
    let done = office.backups().drill(&office.dir(), &office.store(), &Ok(()), at(2));
    assert_eq!(done.refusal.unwrap().code, Code::BackupDamaged);
}
