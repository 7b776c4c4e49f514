//! A drill of a practice in PostgreSQL: it meets what a restore there would meet, and nobody else sees anything of it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Child, Command},
};

use hosted::{
    data_dir::DataDir,
    store::{NewResource, PracticeStore},
};
use practice::{ids::PracticeId, time::Stamp, wire::RunKind};
use serde_json::{Value, json};

use crate::{
    backups::has,
    command_line::{self, program},
    office::{key, patient},
    postgres::Server,
    wait::until,
};

const PATIENTS: usize = 300;

/// An office in a database of its own, with a backup.
struct Office {
    root: tempfile::TempDir,
    database: String,
    store: PracticeStore,
    /// The server ends after whoever is connected to it.
    _server: Server,
}

impl Office {
    fn new() -> Self {
        let (root, server) = (tempfile::tempdir().unwrap(), Server::start());
        let (data, database) = (root.path().join("data"), server.database());
        let made = ["init", "--data", data.to_str().unwrap(), "--database", &database, "--practice", "Elm Street"];
        let admin = ["--time-zone", "America/New_York", "--admin", "a@elm.test", "--password-stdin"];
        let (status, made) = command_line::json(&[&made[..], &admin].concat(), Some("a long password\n"));
        assert_eq!(status, 0, "{made}");
        let id = PracticeId::parse(made["practice"].as_str().unwrap()).unwrap();
        let store = PracticeStore::open(&DataDir::open(&data).unwrap(), &id).unwrap();
        let mut office = Self { root, database, store, _server: server };
        for n in 0..PATIENTS {
            office.take(&format!("p{n}"));
        }
        assert_eq!(office.run("backup").0, 0);
        office
    }

    fn take(&mut self, id: &str) {
        let text = patient(id, "Canarybird");
        let new = NewResource { key: key(&text), text: text.to_string() };
        self.store.accept(&[new], Stamp::from_millis(1_790_000_000_000).unwrap()).unwrap();
    }

    fn arguments(&self, command: &str) -> Vec<String> {
        let path = |name| self.root.path().join(name).to_str().unwrap().to_owned();
        [command, "--data", &path("data"), "--repository", &path("first")].map(str::to_owned).to_vec()
    }

    fn run(&self, command: &str) -> (i32, Value) {
        let arguments = self.arguments(command);
        command_line::json(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), None)
    }

    /// What `statement` gives to who sees every row.
    fn owner(&self, statement: &str) -> String {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        let url = self.database.replace("user=host", "user=owner");
        let done = psql.args(["--dbname", &url, "--command", statement]).output().unwrap();
        assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// The tables that have rows of somebody else than the practice.
    fn with_other_rows(&self) -> Vec<String> {
        let tables = self.owner("select relname from pg_class where relrowsecurity");
        let id = self.store.practice().clone();
        let other = |table: &&str| self.owner(&format!("select count(*) from {table} where practice <> '{id}'")) != "0";
        assert!(tables.lines().count() > 10, "{tables}");
        tables.lines().filter(other).map(str::to_owned).collect()
    }

    /// Transactions that have written and not ended.
    fn under_way(&self) -> String {
        self.owner("select count(*) from pg_stat_activity where usename = 'host' and backend_xid is not null")
    }
}

#[test]
fn a_drill_fails_where_a_restore_into_the_database_would_and_leaves_nothing_there() {
    let office = Office::new();
    let (status, drilled) = office.run("drill");
    assert_eq!((status, &drilled["good"]), (0, &json!(true)), "{drilled}");
    assert_eq!(drilled["drills"][0]["run"]["versions"], PATIENTS, "{drilled}");
    assert_eq!(office.with_other_rows(), Vec::<String>::new());
    // Which a file would not have noticed.
    office.owner("revoke insert on term from host");
    let (status, drilled) = office.run("drill");
    assert_eq!((status, &drilled["good"]), (6, &json!(false)), "{drilled}");
    let told = office.store.last_run(RunKind::Drill, false, false).unwrap().unwrap().told;
    assert_eq!(told.problem.as_deref(), Some("unexpected"), "the admin sees it");
    office.owner("grant insert on term to host");
    assert_eq!(office.run("drill").0, 0);
    assert_eq!(office.with_other_rows(), Vec::<String>::new());
}

/// A drill that has taken three quarters of the backup in, and then waits at the gate.
fn halfway(office: &Office) -> Child {
    let (waiting, path) = (office.root.path().join("waiting"), std::env::var("PATH").unwrap());
    fs::create_dir(&waiting).unwrap();
    let gate = waiting.join("gate");
    assert!(Command::new("mkfifo").arg(&gate).status().unwrap().success());
    let backup = office.store.last_run(RunKind::Backup, false, true).unwrap().unwrap().told;
    let most = backup.bytes.unwrap() / 4 * 3;
    let script = format!(
        "#!/bin/bash\nPATH='{path}'\n[[ $* == *dump* ]] || exec restic \"$@\"\n\
         restic \"$@\" | {{ head -c {most}; cat '{}'; cat; }} 2>/dev/null\n",
        gate.display()
    );
    fs::write(waiting.join("restic"), script).unwrap();
    fs::set_permissions(waiting.join("restic"), fs::Permissions::from_mode(0o700)).unwrap();
    let mut drill = program();
    drill.args(office.arguments("drill")).env("PATH", format!("{}:{path}", waiting.display()));
    drill.spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_drill_or_waits_for_it_and_one_that_is_killed_leaves_nothing() {
    let mut office = Office::new();
    let mut drill = halfway(&office);
    until("rows of the backup are in the database", || office.under_way() == "1").await;
    assert_eq!(office.with_other_rows(), Vec::<String>::new(), "not even whoever sees every row sees them");
    assert_eq!(office.owner("select count(*) from practice"), "1");
    office.take("meanwhile");
    assert!(has(&office.store, "meanwhile"));
    drill.kill().unwrap();
    drill.wait().unwrap();
    fs::write(office.root.path().join("waiting/gate"), "").unwrap();
    until("its transaction is gone", || office.under_way() == "0").await;
    assert_eq!(office.with_other_rows(), Vec::<String>::new());
    assert_eq!(office.owner("select count(*) from version"), (PATIENTS + 1).to_string());
    assert_eq!(office.run("drill").0, 0);
}
