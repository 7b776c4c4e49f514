//! After a round that ended well: what the horizon lacks is fetched, and what lies outside of it goes. A little each round,
//! so that nobody's change waits for it; and only in step with the host, which has what goes.

use std::{collections::BTreeSet, sync::Arc};

use practice::{
    horizon::{LIMITED, Window},
    policy::Policy,
};
use store::{Lacking, Pruned};
use sync::Event;

use super::{Round, Trouble, found};
use crate::{
    desk::Desk,
    host::HostError,
    refused::Outcome,
    session::{Enrolled, Workstation},
};

/// Pages fetched in one round.
const PAGES: usize = 10;

/// Times that the store is asked to let go in one round: a second's work, about.
const TIMES: usize = 10;

/// What the host is asked for, one question after the other, until nothing is lacking.
fn questions(gaps: &[Window]) -> Vec<String> {
    let of = |gap: &Window| LIMITED.map(|kind| format!("{kind}?_count=1000{}", gap.as_search()));
    gaps.iter().flat_map(of).collect()
}

/// Which question is being asked, and the address of its next page.
struct Asking {
    question: usize,
    query: String,
}

impl Asking {
    fn begun(lacking: &Lacking) -> Option<Self> {
        match &lacking.place {
            Some(place) => {
                let (question, query) = place.split_once(' ')?;
                Some(Self { question: question.parse().ok()?, query: query.to_owned() })
            }
            None => Self::first(&lacking.gaps, 0),
        }
    }

    fn first(gaps: &[Window], question: usize) -> Option<Self> {
        questions(gaps).into_iter().nth(question).map(|query| Self { question, query })
    }

    fn place(&self) -> String {
        format!("{} {}", self.question, self.query)
    }
}

impl Workstation {
    pub(super) async fn keep_horizon(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let mut asked = BTreeSet::new();
        for _ in 0..PAGES {
            let lacking =
                self.in_background(round.generation, |desk| Ok(desk.store.lacking().map_err(|e| e.refusal())?)).await?;
            let Some(lacking) = lacking else { break };
            self.fetch_lacking(round, lacking, &mut asked).await?;
        }
        for _ in 0..TIMES {
            let Pruned { rows, more } = self.in_background(round.generation, let_go).await?;
            round.let_go += rows;
            if !more {
                break;
            }
        }
        Ok(Event::HorizonKept)
    }

    async fn fetch_lacking(
        self: &Arc<Self>,
        round: &Round,
        lacking: Lacking,
        asked: &mut BTreeSet<String>,
    ) -> Result<(), Trouble> {
        let Some(asking) = Asking::begun(&lacking) else { return Err(HostError::Confused.into()) };
        // A host that leads back to where it led from would be followed for ever.
        if !asked.insert(asking.place()) {
            return Err(HostError::Confused.into());
        }
        let (page, _, next) = found::search(&round.enrolled, round.bearer(), &asking.query).await?;
        let next = match next {
            Some(query) => Some(Asking { query, ..asking }),
            None => Asking::first(&lacking.gaps, asking.question + 1),
        };
        let place = next.map(|next| next.place());
        let taken = self
            .in_background(round.generation, move |desk| {
                Ok(desk.store.take_lacking(&lacking, page, place.as_deref()).map_err(|e| e.refusal())?)
            })
            .await?;
        let kinds = taken.map(|taken| taken.kinds).unwrap_or_default();
        self.changed(kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
        Ok(())
    }

    /// The horizon of the policy in force, as of today.
    pub(super) fn follow_horizon(&self, policy: &Policy, enrolled: &Enrolled, desk: &Desk) -> Outcome<()> {
        let window = policy.horizon.window(&enrolled.zone, self.clock.now());
        Ok(desk.store.keep_within(window).map_err(|e| e.refusal())?)
    }
}

/// What a person fetched stays as long as their session.
fn let_go(desk: &Desk) -> Outcome<Pruned> {
    if desk.has_fetched() {
        return Ok(Pruned { rows: 0, more: false });
    }
    Ok(desk.store.prune().map_err(|e| e.refusal())?)
}
