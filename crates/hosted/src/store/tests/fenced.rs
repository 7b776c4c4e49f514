//! What keeps practices apart in PostgreSQL, also from a host whose statements are not its own any more.

use std::process::Command;

use practice::Code;

use super::{at, office_on, postgres::Server, resource};
use crate::{data_dir::DataDir, store::StoreError};

/// The address `url` for another role.
fn with_role(url: &str, role: &str) -> String {
    url.replace("user=host", &format!("user={role}"))
}

/// Says `statements` one after another on one connection to `url`: what came last, or the SQLSTATE of the first that failed.
fn say(url: &str, statements: &[&str]) -> Result<String, String> {
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
    psql.args(["--set", "ON_ERROR_STOP=1", "--set", "VERBOSITY=sqlstate", "--dbname", url]);
    let done = statements.iter().fold(&mut psql, |psql, one| psql.args(["--command", one])).output().unwrap();
    let error = String::from_utf8(done.stderr).unwrap();
    if done.status.success() {
        return Ok(String::from_utf8(done.stdout).unwrap().lines().next_back().unwrap_or_default().to_owned());
    }
    Err(error.trim().rsplit(' ').next().unwrap_or_default().to_owned())
}

const DENIED: &str = "42501";
const ELMS: &str = "set shadowchart.practice = 'practice-1'";

/// An address of a database with one practice in it, for the host's role.
fn filled(server: &Server) -> (super::Office, String) {
    let url = server.database();
    let mut office = office_on(Some(url.clone()));
    office.store.accept(&[resource("Patient/p", "")], at(1)).unwrap();
    (office, url)
}

#[test]
fn the_hosts_role_can_not_open_what_row_level_security_shuts() {
    let server = Server::start();
    let (_office, url) = filled(&server);
    assert_eq!(say(&url, &[ELMS, "select count(*) from version"]).unwrap(), "1");
    // Whoever switches it off is told that rows would be held back, and sees none.
    assert_eq!(say(&url, &[ELMS, "set row_security = off", "select count(*) from version"]).unwrap_err(), DENIED);
    for statement in [
        "alter table version disable row level security",
        "alter table version no force row level security",
        "alter table version owner to host",
        "drop policy its_practice on version",
        "create policy every_row on version using (true)",
        "alter policy its_practice on version using (true)",
        "create or replace function the_practice() returns text language sql stable as 'select id from practice'",
        "create trigger told before insert on version execute function pg_catalog.suppress_redundant_updates_trigger()",
        "truncate version",
        "drop table version",
        "set role owner",
        "set session authorization owner",
        "alter role host bypassrls",
        "create role another bypassrls",
        "grant owner to host",
        "copy version to '/tmp/version'",
        "select pg_read_file('PG_VERSION')",
    ] {
        assert_eq!(say(&url, &[ELMS, statement]).unwrap_err(), DENIED, "{statement}");
    }
    assert_eq!(say(&url, &[ELMS, "select count(*) from version"]).unwrap(), "1");
}

/// Tries a row of nobody in every table. Each has to fail with `state`: row-level security is asked before a column is
/// found to be missing.
fn inserting(state: &str) -> String {
    format!(
        "do $$ declare name regclass; whose text;
        begin
            for name in select oid::regclass from pg_class where relrowsecurity loop
                foreach whose in array array['default', ''''''] loop
                    begin
                        execute format('insert into %s (practice) values (%s)', name, whose);
                        raise 'a row of nobody in %', name;
                    exception when others then
                        if sqlstate <> '{state}' then raise; end if;
                    end;
                end loop;
            end loop;
        end $$"
    )
}

#[test]
fn a_statement_that_says_no_practice_fails_or_sees_nothing_and_writes_nothing() {
    let server = Server::start();
    let (_office, url) = filled(&server);
    let tables = "select string_agg(relname, ' ') from pg_class where relrowsecurity";
    let tables = say(&url, &[tables]).unwrap();
    assert!(tables.split(' ').count() > 10, "{tables}");
    for table in tables.split(' ') {
        let count = format!("select count(*) from {table}");
        // None was ever said on this connection.
        assert_eq!(say(&url, &[&count]).unwrap_err(), "42704", "{table}");
        // One was, in a transaction that has ended.
        let before = "select set_config('shadowchart.practice', 'practice-1', true)";
        assert_eq!(say(&url, &[before, &count]).unwrap(), "0", "{table}");
        let delete = format!("with gone as (delete from {table} returning practice) select count(*) from gone");
        assert_eq!(say(&url, &[before, &delete]).unwrap(), "0", "{table}");
    }
    // After a transaction PostgreSQL has it as '', and no longer as missing.
    let before = "select set_config('shadowchart.practice', 'practice-1', true)";
    assert_eq!(say(&url, &[before, "select current_setting('shadowchart.practice')"]).unwrap(), "");
    say(&url, &[&inserting("42704")]).expect("none was ever said");
    for said in [before, "set shadowchart.practice = ''"] {
        say(&url, &[said, &inserting(DENIED)]).expect(said);
    }
    assert_eq!(
        say(&url, &["insert into practice (id) values ('')"]).unwrap_err(),
        "23514",
        "nor is there one called so"
    );
}

#[test]
fn a_role_that_could_see_every_practice_or_become_one_that_could_is_refused() {
    let server = Server::start();
    let url = server.database();
    let keeps = say(
        &with_role(&url, "owner"),
        &[
            "create role keeper login in role host",
            "create role plain login in role host",
            "create role bypasses login bypassrls in role host",
            "create role makes_roles login createrole in role host",
            "create role reads_files login in role host, pg_read_server_files",
            "create role runs_programs login in role host, pg_execute_server_program",
            "create role inherits login in role host, keeper",
            "create role switches login noinherit in role host, keeper",
            "create role becomes_mighty login in role host, bypasses",
            "grant select on refinery_schema_history to switches",
            "alter table term owner to keeper",
        ],
    );
    keeps.unwrap();
    let root = tempfile::tempdir().unwrap();
    let on = |role: &str| {
        let dir = DataDir::open_or_create(&root.path().join(role)).unwrap();
        dir.on(&with_role(&url, role)).map(drop)
    };
    for role in [
        "owner",
        "keeper",
        "bypasses",
        "makes_roles",
        "reads_files",
        "runs_programs",
        "inherits",
        "switches",
        "becomes_mighty",
    ] {
        let refused = on(role);
        assert!(matches!(refused, Err(StoreError::Refused(why)) if why.code == Code::Forbidden), "{role}");
    }
    on("host").unwrap();
    on("plain").unwrap();
    let masked = with_role(&url, "owner") + " options='-c role=host'";
    let dir = DataDir::open_or_create(&root.path().join("masked")).unwrap();
    assert!(
        matches!(dir.on(&masked), Err(StoreError::Refused(why)) if why.code == Code::Forbidden),
        "a mask comes off"
    );
    let nowhere = DataDir::open_or_create(&root.path().join("nowhere")).unwrap();
    assert!(nowhere.on(&(url + "x")).is_err(), "no such database");
}
