//! A first sync of ten thousand resources, of a hundred thousand and of a million: time, bytes and memory, and how soon
//! today's schedule is there in the largest. The workstation is `shadowctl sync`, a process of its own.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use speed::{load, power};
use tests::{build, host::Host, workstation::Workstation};
use workstation::screen::Day;

use crate::{
    desk::{Desk, until},
    feed, line, note, office,
    process::peak,
};

/// Patients and providers: 10,000, 100,000 and 1,000,000 resources.
const PRACTICES: [(u64, u64); 3] = [(210, 1), (2_050, 12), (22_000, 12)];
/// Of a first sync of the largest, in MB.
const MEMORY: f64 = 200.0;
/// 1 is linear; the logarithm in the depth of a B-tree and the noise of a measurement are in the rest.
const POWER: f64 = 1.05;
const TODAY: Duration = Duration::from_secs(3);
/// Bytes of the log with which more than the empty layout is in it.
const STORING: u64 = 1_000_000;

/// What a first sync came to.
struct Synced {
    resources: usize,
    seconds: f64,
    wire: f64,
    file: f64,
    hosts_file: f64,
    memory: f64,
}

pub async fn measure() {
    let mut all = Vec::new();
    for (patients, providers) in PRACTICES {
        let host = office(patients, providers).await;
        let desk = Workstation::enrolled(&host).unwrap();
        let synced = first_sync(&host, &desk).await;
        let Synced { resources, seconds, wire, file, hosts_file, memory } = &synced;
        let figure = format!(
            "{seconds:.1} s ({:.0} a second), {wire:.1} MB over the line, file {file:.1} MB, host's file {hosts_file:.1} MB",
            *resources as f64 / seconds
        );
        note(&format!("first sync, {resources} resources"), &figure);
        let name = format!("first sync, {resources} resources, memory of the workstation's process at most");
        line(&name, &format!("{memory:.0} MB"), &format!("<= {MEMORY} MB"), *memory <= MEMORY);
        println!("# load {}", load());
        if all.len() == PRACTICES.len() - 1 {
            today(&host, &desk, *resources).await;
        }
        all.push(synced);
    }
    grows("time", all.iter().map(|synced| (synced.resources, synced.seconds)));
    grows("bytes over the line", all.iter().map(|synced| (synced.resources, synced.wire)));
    grows("bytes of the file", all.iter().map(|synced| (synced.resources, synced.file)));
    grows("bytes of the host's file", all.iter().map(|synced| (synced.resources, synced.hosts_file)));
}

fn grows(what: &str, figures: impl Iterator<Item = (usize, f64)>) {
    let figures: Vec<(f64, f64)> = figures.map(|(resources, figure)| (resources as f64, figure)).collect();
    let power = power(&figures);
    let name = format!("first sync, {what}, grows with the power of the resources");
    line(&name, &format!("{power:.3}"), &format!("<= {POWER}"), power <= POWER);
}

async fn first_sync(host: &Host, desk: &Workstation) -> Synced {
    let member = host.demo.member("front_desk").unwrap();
    let mut ctl = Command::new(build::program("shadowctl").unwrap());
    ctl.args(["--json", "--member", &member.email, "--password-stdin", "--home"]).arg(desk.home()).arg("sync");
    let mut ctl = ctl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(ctl.stdin.take().unwrap(), "{}", member.password).unwrap();
    // The sign-in derives a key, which takes memory of its own and is over when the first rows are stored.
    let log = desk.home().join("vault/vault.db-wal");
    let stores = move || log.metadata().is_ok_and(|log| log.len() > STORING);
    let (ran, memory) = peak(ctl.id(), stores, || ctl.wait_with_output().unwrap());
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let megabytes = |file: &Path| std::fs::metadata(file).unwrap().len() as f64 / 1e6;
    let practices = host.folder().join("data/practices");
    Synced {
        resources: report["pulled"].as_u64().unwrap() as usize,
        seconds: report["duration_ms"].as_f64().unwrap() / 1000.0,
        wire: feed::on_the_wire(host).await as f64 / 1e6,
        file: megabytes(&desk.home().join("vault/vault.db")),
        hosts_file: megabytes(&practices.join(format!("{}.db", host.demo.practice))),
        memory,
    }
}

/// From the beginning of a first sync until the day shows the visits of the synced desk, each with its patient's name.
async fn today(host: &Host, synced: &Workstation, resources: usize) {
    let whole = synced.ctl_as(host.demo.member("front_desk").unwrap(), &["day"]).unwrap();
    let of = |visit: &Value| Some((visit["id"].as_str()?.to_owned(), visit["patient"]["name"].as_str()?.to_owned()));
    let mut whole: Vec<(String, String)> = whole["appointments"].as_array().unwrap().iter().filter_map(of).collect();
    whole.sort();
    let desk = Desk::signed_in(host).await;
    let (mut notices, began) = (desk.ws.notices(), Instant::now());
    let syncing = desk.syncing();
    until(&mut notices, || (named(&desk.ws.day(None).unwrap()) == whole).then_some(())).await;
    let took = began.elapsed();
    // The pages begin when the charts are there.
    until(&mut notices, || (desk.progress() > 0 || desk.ws.state().sync.last_synced.is_some()).then_some(())).await;
    let charts = began.elapsed();
    syncing.abort();
    let name = format!("first sync, {resources} resources, today's schedule is there after");
    let figure = format!(
        "{:.2} s ({} visits; with their charts after {:.2} s at most)",
        took.as_secs_f64(),
        whole.len(),
        charts.as_secs_f64()
    );
    line(&name, &figure, &format!("<= {} s", TODAY.as_secs()), took <= TODAY);
}

/// The visits of a day and whose they are.
fn named(day: &Day) -> Vec<(String, String)> {
    let of = |card: &workstation::screen::Card| Some((card.id.clone(), card.patient.as_ref()?.name.clone()));
    let mut visits: Vec<_> = day.appointments.iter().filter_map(of).collect();
    visits.sort();
    visits
}
