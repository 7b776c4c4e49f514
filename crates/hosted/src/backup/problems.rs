//! What the admin should hear of the backups.

use practice::{
    time::Stamp,
    wire::{BackupProblem, BackupRun},
};

/// A backup is made each hour: after so many without one it is late.
const LATE_HOURS: u64 = 3;
/// A drill is made each week.
const DRILL_LATE_DAYS: u64 = 8;

/// How the backups of a practice stand.
pub struct Standing<'a> {
    /// The last that was tried, good or not.
    pub tried: Option<&'a BackupRun>,
    /// The last good one.
    pub last: Option<&'a BackupRun>,
    /// The last that was tried elsewhere.
    pub tried_elsewhere: Option<&'a BackupRun>,
    /// The last good one elsewhere.
    pub last_elsewhere: Option<&'a BackupRun>,
    /// The last drill, good or not.
    pub drill: Option<&'a BackupRun>,
}

/// What is wrong at `now`; nothing when all is well.
pub fn problems(standing: &Standing<'_>, now: Stamp) -> Vec<BackupProblem> {
    let mut found = Vec::new();
    let mut tell = |code: &str, say: String| found.push(BackupProblem { code: code.to_owned(), say });
    let hours = |run: &BackupRun| now.since(run.at).as_secs() / 3600;
    match standing.last {
        None => {
            tell("none_yet", "There is no backup of this practice yet. Ask the host's operator to start them.".into())
        }
        Some(run) if hours(run) >= LATE_HOURS => {
            tell("late", format!("The last good backup is {} hours old.", hours(run)))
        }
        Some(_) => {}
    }
    match (standing.tried_elsewhere, standing.last_elsewhere) {
        (Some(_), None) => tell("late_elsewhere", "There is no good backup elsewhere yet.".into()),
        (Some(_), Some(run)) if hours(run) >= LATE_HOURS => {
            tell("late_elsewhere", format!("The last good backup elsewhere is {} hours old.", hours(run)));
        }
        _ => {}
    }
    for tried in [standing.tried, standing.tried_elsewhere] {
        if let Some(say) = tried.and_then(|run| run.say.clone()) {
            tell("failed", say);
        }
    }
    match standing.drill {
        None if standing.last.is_some() => {
            tell("drill_late", "No restore has been tried yet: nobody knows whether the backups are good.".into());
        }
        Some(BackupRun { say: Some(say), .. }) => tell("drill_failed", say.clone()),
        Some(run) if hours(run) / 24 >= DRILL_LATE_DAYS => {
            tell("drill_late", format!("The last restore was tried {} days ago.", hours(run) / 24));
        }
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use practice::wire::RunKind;

    use super::*;

    fn run(hour: i64, say: Option<&str>) -> BackupRun {
        BackupRun {
            kind: RunKind::Backup,
            at: at(hour),
            took_ms: 1,
            kept: "/srv".into(),
            elsewhere: false,
            snapshot: None,
            snapshot_at: None,
            versions: None,
            bytes: None,
            problem: say.map(|_| "backup_full".into()),
            say: say.map(str::to_owned),
        }
    }

    fn at(hour: i64) -> Stamp {
        Stamp::from_millis(1_790_000_000_000 + hour * 3_600_000).unwrap()
    }

    #[test]
    fn what_is_late_or_failed_is_told_and_nothing_else() {
        let (old, new, bad) = (run(0, None), run(200, None), run(200, Some("Full.")));
        for (tried, last, tried_elsewhere, last_elsewhere, drill, told) in [
            (None, None, None, None, None, vec!["none_yet"]),
            (Some(&new), Some(&new), None, None, Some(&new), vec![]),
            (Some(&new), Some(&new), Some(&new), Some(&new), Some(&new), vec![]),
            (Some(&old), Some(&old), None, None, Some(&new), vec!["late"]),
            (Some(&bad), Some(&new), None, None, Some(&new), vec!["failed"]),
            (Some(&new), Some(&new), Some(&bad), Some(&old), Some(&new), vec!["late_elsewhere", "failed"]),
            (Some(&new), Some(&new), Some(&bad), None, Some(&new), vec!["late_elsewhere", "failed"]),
            (Some(&new), Some(&new), None, None, None, vec!["drill_late"]),
            (Some(&new), Some(&new), None, None, Some(&old), vec!["drill_late"]),
            (Some(&new), Some(&new), None, None, Some(&bad), vec!["drill_failed"]),
        ] {
            let standing = Standing { tried, last, tried_elsewhere, last_elsewhere, drill };
            let found = problems(&standing, at(201));
            assert_eq!(found.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), told);
            assert!(found.iter().all(|one| one.say.ends_with('.')));
        }
    }
}
