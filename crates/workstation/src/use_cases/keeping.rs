//! How the host keeps the practice: its backups and drills, and when its certificates end. Nothing of this is kept here.

use std::sync::Arc;

use practice::{
    permission::ReadBackups,
    schedule::{Zoned, days_until, written},
    wire::{BackupProblem, BackupRun},
};

use super::certificates;
use crate::{
    host::{Ending, Place},
    refused::Outcome,
    screen::{BackupLine, BackupTrouble, BackupsKept, CertificateLine, CertificatePlace, KeepingPage},
    session::Workstation,
};

/// What is said when the host can't be reached and does not know the admin any more.
const UNKNOWN: &str = "The host tells of its backups, and can't be reached now. They show here when it is back.";

impl Workstation {
    /// How the practice's backups stand, and when the host's certificates end.
    ///
    /// # Errors
    /// When locked or not an admin's, and when the host can't be reached.
    pub async fn keeping(self: &Arc<Self>) -> Outcome<KeepingPage> {
        let (enrolled, person, _) = self.person::<ReadBackups>(UNKNOWN).await?;
        let told = enrolled.line.backups(&person).await?;
        let (zone, now) = (&enrolled.zone, self.clock.now());
        let line = |run| shown(zone, run);
        // As they were presented for this very answer.
        let certificates = enrolled.line.endings().into_iter().map(|ending| CertificateLine {
            place: place(ending),
            ends: written(zone, ending.at),
            days_left: days_until(zone, ending.at, now),
            say: certificates::told(ending, zone, now).map(|told| told.say),
        });
        Ok(KeepingPage {
            hourly: told.hourly,
            keeps: told.keeps.map(|keeps| BackupsKept {
                hourly: keeps.hourly,
                daily: keeps.daily,
                monthly: keeps.monthly,
            }),
            last: told.last.map(line),
            last_elsewhere: told.last_elsewhere.map(line),
            drill: told.drill.map(line),
            problems: told.problems.into_iter().map(trouble).collect(),
            runs: told.runs.into_iter().map(line).collect(),
            certificates: certificates.collect(),
        })
    }
}

fn place(ending: Ending) -> CertificatePlace {
    match ending.place {
        Place::Host => CertificatePlace::Host,
        Place::Between => CertificatePlace::Between,
        Place::Authority => CertificatePlace::Authority,
    }
}

fn shown(zone: &Zoned, run: BackupRun) -> BackupLine {
    let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    BackupLine {
        kind: run.kind,
        at: written(zone, run.at),
        took_ms: run.took_ms,
        kept: run.kept,
        elsewhere: run.elsewhere,
        made: run.snapshot_at.map(|at| written(zone, at)),
        versions: run.versions.map(number),
        kilobytes: run.bytes.map(|bytes| number(bytes.div_ceil(1024))),
        say: run.say,
    }
}

fn trouble(problem: BackupProblem) -> BackupTrouble {
    let way_out = match problem.code.as_str() {
        "none_yet" => "Whoever runs the host gives it a repository (serve --repository), or calls backup.",
        "late" | "late_elsewhere" => {
            "Ask whoever runs the host whether it was off, and whether the repository can be reached."
        }
        "failed" => "Show this to whoever runs the host. The next try is within the hour; older backups stay.",
        "drill_late" => "Whoever runs the host can try a restore at any time (shadowchart-hosted drill).",
        "drill_failed" => {
            "Show this to whoever runs the host today: until a drill is good again, do not count on the backups."
        }
        _ => "Show this to whoever runs the host.",
    };
    BackupTrouble { say: problem.say, way_out: way_out.to_owned() }
}
