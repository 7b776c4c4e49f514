//! After the pull: what waits here and what has come are merged where they touch different fields. A change that the host
//! refused for one that nobody can show goes on by itself.

use std::sync::Arc;

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::ChangeId,
};
use sync::Event;

use super::{Round, Trouble};
use crate::{merging::merge_waiting, session::Workstation};

/// How often a change is refused for another that does not come, before a person looks at it.
const MOST_TRIES: u32 = 3;

impl Workstation {
    pub(super) async fn merge(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let (at, ws) = (self.clock.now(), Arc::clone(self));
        let (merged, again) = self
            .in_background(round.generation, move |desk| {
                let merged = merge_waiting(desk, at, None)?;
                if !merged.keys.is_empty() {
                    ws.keep_rescue_after(desk, merged.keys.iter());
                }
                let tells = |change: &ChangeId| AuditRecord {
                    query: Some(change.to_string()),
                    ..desk.tells(at, AuditAction::Retry)
                };
                let again = desk.store.go_on_unopposed(MOST_TRIES, tells).map_err(|e| e.refusal())?;
                Ok((merged, again))
            })
            .await?;
        round.in_conflict.retain(|change| !merged.changes.contains(change) && !again.contains(change));
        round.report.conflicts = round.in_conflict.len();
        self.changed(merged.keys.iter().map(|key| key.kind.as_str().to_owned()).collect());
        let given_back = std::mem::take(&mut round.giving_back.sends_again);
        Ok(Event::Merged { more: given_back || !merged.changes.is_empty() || !again.is_empty() })
    }
}
