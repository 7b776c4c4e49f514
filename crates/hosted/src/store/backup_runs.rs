//! What became of each backup and each drill.

use practice::{
    time::Stamp,
    wire::{BackupRun, RunKind},
};

use super::{
    PracticeStore, StoreError,
    db::{Row, values},
};
use crate::random;

/// How long a backup's run is remembered, in days: as long as its day has a backup. The last good one in each repository is
/// remembered for good, since backups are there from then on.
const BACKUPS: i64 = 31;
/// A drill's, which is the proof that backups were good.
const DRILLS: i64 = 1_100;

const DAY: i64 = 24 * 3_600_000;

const COLUMNS: &str = "kind, at, took, kept, elsewhere, snapshot, snapshot_at, versions, bytes, sha256, problem, say";

/// A run, with what only the host knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// As the admin sees it.
    pub told: BackupRun,
    /// The stream's hash.
    pub sha256: Option<String>,
}

impl PracticeStore {
    /// Remembers `run`, and forgets those of long ago.
    pub fn keep_run(&mut self, run: &Run) -> Result<(), StoreError> {
        let BackupRun { kind, at, took_ms, kept, elsewhere, snapshot, snapshot_at, versions, bytes, problem, say } =
            &run.told;
        let number = |number: &Option<u64>| number.map(|number| i64::try_from(number).unwrap_or(i64::MAX));
        let db = self.db.begin()?;
        for (kind, days) in [(RunKind::Backup, BACKUPS), (RunKind::Drill, DRILLS)] {
            let before = at.millis() - days * DAY;
            db.execute(
                "delete from backup_run where kind = ? and at < ? and (kind <> 'backup' or problem is not null or exists
                 (select 1 from backup_run later where later.kind = 'backup' and later.problem is null
                  and later.kept = backup_run.kept and later.at > backup_run.at))",
                values![word(kind), before],
            )?;
        }
        db.execute(
            &format!("insert into backup_run (id, {COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
            values![
                random::uuid().to_string(),
                word(*kind),
                at.millis(),
                *took_ms,
                kept,
                i64::from(*elsewhere),
                snapshot,
                snapshot_at.map(Stamp::millis),
                number(versions),
                number(bytes),
                run.sha256,
                problem,
                say,
            ],
        )?;
        db.commit()
    }

    /// The newest runs, at most `most`.
    pub fn runs(&self, most: u32) -> Result<Vec<Run>, StoreError> {
        let sql = format!("select {COLUMNS} from backup_run order by at desc, id limit ?");
        self.db.all(&sql, values![most], read)
    }

    /// The last run of this kind, there or here; a good one alone, if that is asked.
    pub fn last_run(&self, kind: RunKind, elsewhere: bool, good: bool) -> Result<Option<Run>, StoreError> {
        let only = if good { "and problem is null" } else { "" };
        let sql = format!(
            "select {COLUMNS} from backup_run where kind = ? and elsewhere = ? {only} order by at desc, id limit 1"
        );
        self.db.one(&sql, values![word(kind), i64::from(elsewhere)], read)
    }

    /// Every repository that ever took a backup of this practice.
    pub fn repositories(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select distinct kept from backup_run where kind = 'backup' and problem is null order by kept";
        self.db.all(sql, &[], |row| row.get("kept"))
    }

    /// The hash of the stream that lies in the snapshot made at `at`, where it is remembered.
    pub fn hash_of(&self, snapshot_at: Stamp) -> Result<Option<String>, StoreError> {
        let sql = "select sha256 from backup_run
            where kind = 'backup' and problem is null and snapshot_at = ? and sha256 is not null limit 1";
        self.db.one(sql, values![snapshot_at.millis()], |row| row.get("sha256"))
    }
}

fn word(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Backup => "backup",
        RunKind::Drill => "drill",
    }
}

fn read(row: &Row<'_>) -> Result<Run, StoreError> {
    const BAD: StoreError = StoreError::Damaged("a backup's run");
    let kind: &str = row.get("kind")?;
    let told = BackupRun {
        kind: [RunKind::Backup, RunKind::Drill].into_iter().find(|one| word(*one) == kind).ok_or(BAD)?,
        at: Stamp::from_millis(row.get("at")?).ok_or(BAD)?,
        took_ms: u32::try_from(row.get::<i64>("took")?).map_err(|_| BAD)?,
        kept: row.get("kept")?,
        elsewhere: row.get::<i64>("elsewhere")? != 0,
        snapshot: row.get("snapshot")?,
        snapshot_at: row.get::<Option<i64>>("snapshot_at")?.and_then(Stamp::from_millis),
        versions: row.get::<Option<i64>>("versions")?.map(i64::unsigned_abs),
        bytes: row.get::<Option<i64>>("bytes")?.map(i64::unsigned_abs),
        problem: row.get("problem")?,
        say: row.get("say")?,
    };
    Ok(Run { told, sha256: row.get("sha256")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, office};

    const SECONDS: i64 = 24 * 3600;

    #[test]
    fn a_repository_that_holds_backups_is_remembered_however_long_it_was_not_used() {
        let mut store = office().store;
        let run = |day: i64, kept: &str, problem: Option<&str>| Run {
            told: BackupRun {
                kind: RunKind::Backup,
                at: at(day * SECONDS),
                took_ms: 1,
                kept: kept.to_owned(),
                elsewhere: false,
                snapshot: None,
                snapshot_at: None,
                versions: None,
                bytes: None,
                problem: problem.map(str::to_owned),
                say: None,
            },
            sha256: None,
        };
        let (good, full) = (None, Some("full"));
        let before = [(0, "old", good), (1, "old", good), (2, "old", full), (3, "never", full)];
        for (day, kept, problem) in before.into_iter().chain([(400, "new", good), (401, "new", good)]) {
            store.keep_run(&run(day, kept, problem)).unwrap();
        }
        assert_eq!(store.repositories().unwrap(), ["new", "old"]);
        let left: Vec<_> = store.runs(9).unwrap().into_iter().map(|run| run.told.at).collect();
        assert_eq!(left, [at(401 * SECONDS), at(400 * SECONDS), at(SECONDS)], "the rest is forgotten");
    }
}
