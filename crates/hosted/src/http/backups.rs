//! `GET /backups`: how the practice's backups stand, for its admin.

use axum::extract::State;
use practice::{
    permission::{ReadBackups, authorise},
    wire::{Backups, RunKind},
};

use super::{App, Caller, blocking, failure::Own, reply::Reply};
use crate::{
    backup::{KEPT, Standing, problems},
    store::{PracticeStore, StoreError},
};

/// Most runs that are told.
const MOST: u32 = 100;

pub(super) async fn show(State(app): State<App>, caller: Caller) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ReadBackups>(member.role)?;
    let (now, hourly) = (app.now(), app.backs_up());
    let told = blocking(move || {
        let read = |store: &PracticeStore| {
            let last =
                |kind, elsewhere, good| Ok::<_, StoreError>(store.last_run(kind, elsewhere, good)?.map(|run| run.told));
            let (tried, tried_elsewhere) = (last(RunKind::Backup, false, false)?, last(RunKind::Backup, true, false)?);
            let (good, elsewhere) = (last(RunKind::Backup, false, true)?, last(RunKind::Backup, true, true)?);
            let drill = last(RunKind::Drill, false, false)?;
            let standing = Standing {
                tried: tried.as_ref(),
                last: good.as_ref(),
                tried_elsewhere: tried_elsewhere.as_ref(),
                last_elsewhere: elsewhere.as_ref(),
                drill: drill.as_ref(),
            };
            let problems = problems(&standing, now);
            let runs = store.runs(MOST)?.into_iter().map(|run| run.told).collect();
            Ok::<_, StoreError>(Backups {
                hourly,
                keeps: Some(KEPT),
                last: good,
                last_elsewhere: elsewhere,
                drill,
                problems,
                runs,
            })
        };
        Ok(caller.practice.read(read)?)
    })
    .await?;
    Ok(Reply::json(&told)?.finish(false)?)
}
