//! After the pull: what waits here and what has come are merged where they touch different fields.

use std::sync::Arc;

use sync::Event;

use super::{Round, Trouble};
use crate::{merging::merge_waiting, session::Workstation};

impl Workstation {
    pub(super) async fn merge(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let (at, ws) = (self.clock.now(), Arc::clone(self));
        let merged = self
            .in_background(round.generation, move |desk| {
                let merged = merge_waiting(desk, at, None)?;
                if !merged.keys.is_empty() {
                    ws.keep_rescue_after(desk, merged.keys.iter());
                }
                Ok(merged)
            })
            .await?;
        round.in_conflict.retain(|change| !merged.changes.contains(change));
        round.report.conflicts = round.in_conflict.len();
        self.changed(merged.keys.iter().map(|key| key.kind.as_str().to_owned()).collect());
        let given_back = std::mem::take(&mut round.giving_back.sends_again);
        Ok(Event::Merged { more: given_back || !merged.changes.is_empty() })
    }
}
