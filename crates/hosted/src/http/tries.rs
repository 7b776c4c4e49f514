//! Tries for what a caller has no business with: each is told in the host's own chain of the practice that it was tried at.
//!
//! A refusal costs its sender nothing, and a row of the chain stays for years. So each place (a computer, or everybody
//! without a good token together) has [`OWN_ROWS`] rows a day. What comes beyond them is counted, and the count gets a row
//! every hour ([`crate::serve`]) and when the host stops: rows and counts are together always all tries, and a year of
//! nothing else from one place is some 20 MB. A host that is killed loses the counts of the last hour, and no row.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, Weak, atomic::Ordering},
    time::Duration,
};

use practice::{
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::{MemberId, PatientId, PracticeId, WorkstationId},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};

use super::{App, Caller, blocking, failure::Failure};
use crate::{
    practices::Practice,
    store::{PracticeStore, StoreError},
};

/// Rows of their own that a place's tries have in a day.
pub const OWN_ROWS: u32 = 100;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The longest address that is written down, in characters.
const LONGEST: usize = 300;

/// What was tried, where, and by whom as far as that is known.
pub(super) struct Try {
    pub practice: Arc<Practice>,
    /// None when no good token was shown.
    pub workstation: Option<WorkstationId>,
    pub member: Option<MemberId>,
    pub action: AuditAction,
    pub resource: Option<ResourceKey>,
    /// The address that was asked for.
    pub query: String,
    pub from: Option<IpAddr>,
}

/// The tries of the present day, by place.
#[derive(Default)]
pub(super) struct Tries(Mutex<HashMap<(PracticeId, Option<WorkstationId>), Place>>);

struct Place {
    /// It may end meanwhile.
    practice: Weak<Practice>,
    since: Stamp,
    rows: u32,
    counted: u64,
}

impl Try {
    /// A try of `caller`.
    pub fn of(caller: &Caller, action: AuditAction, query: String) -> Self {
        Self {
            practice: Arc::clone(&caller.practice),
            workstation: Some(caller.workstation.id.clone()),
            member: caller.member.as_ref().map(|member| member.id.clone()),
            action,
            resource: None,
            query,
            from: None,
        }
    }

    /// A try with a token that names `practice` and is none of its own, or no longer.
    pub fn without_a_name(practice: Arc<Practice>) -> Self {
        Self {
            practice,
            workstation: None,
            member: None,
            action: AuditAction::SignIn,
            resource: None,
            query: String::new(),
            from: None,
        }
    }

    fn record(self, store: &PracticeStore, now: Stamp) -> Result<AuditRecord, StoreError> {
        let query: String = self.query.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let patient = self.resource.as_ref().filter(|key| key.kind == ResourceType::PATIENT);
        Ok(AuditRecord {
            outcome: AuditOutcome::Refused,
            patient: patient.and_then(|key| PatientId::parse(key.id.as_str())),
            query: Some(query),
            comment: self.from.map(|address| format!("from {address}")),
            resource: self.resource,
            ..AuditRecord::new(now, self.action, self.member, self.workstation.map_or_else(|| store.host(), Ok)?)
        })
    }
}

impl Tries {
    /// Whether the next try of this place has a row of its own. It is counted where it has none.
    fn has_row(&self, practice: &Arc<Practice>, place: Option<&WorkstationId>, now: Stamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = seen.entry((practice.info.id.clone(), place.cloned())).or_insert_with(|| Place {
            practice: Arc::downgrade(practice),
            since: now,
            rows: 0,
            counted: 0,
        });
        if now.since(place.since) >= DAY {
            (place.since, place.rows) = (now, 0);
        }
        let own = place.rows < OWN_ROWS;
        if own {
            place.rows += 1;
        } else {
            place.counted += 1;
        }
        own
    }

    /// What was counted since it was asked for last.
    fn counted(&self) -> Vec<(Arc<Practice>, Option<WorkstationId>, u64)> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter_mut()
            .filter(|(_, place)| place.counted > 0)
            .filter_map(|((_, of), place)| {
                Some((place.practice.upgrade()?, of.clone(), std::mem::take(&mut place.counted)))
            })
            .collect()
    }
}

impl App {
    /// Writes down that a try was refused, or counts it.
    pub(super) async fn audit_try(&self, tried: Try) {
        let (app, now) = (self.clone(), self.now());
        self.0.metrics.tries.fetch_add(1, Ordering::Relaxed);
        if !app.0.tries.has_row(&tried.practice, tried.workstation.as_ref(), now) {
            return;
        }
        let job = move || {
            let practice = Arc::clone(&tried.practice);
            practice.write(|store| {
                let record = tried.record(store, now)?;
                Ok::<_, Failure>(store.audit(&record)?)
            })
        };
        // The caller hears why they were refused in any case; that the row is missing stands in the log.
        if blocking(job).await.is_err() {
            tracing::error!("a refused try could not be written into the audit trail");
        }
    }

    /// Writes the counts of the tries that have no row of their own. Blocks: not for an async thread.
    pub fn write_tries(&self) {
        let now = self.now();
        for (practice, place, count) in self.0.tries.counted() {
            let told = practice.write(|store| {
                let record = AuditRecord {
                    outcome: AuditOutcome::Refused,
                    query: Some(format!("{count} more tries that were refused")),
                    ..AuditRecord::new(now, AuditAction::Read, None, place.map_or_else(|| store.host(), Ok)?)
                };
                store.audit(&record)
            });
            if told.is_err() {
                tracing::error!(count, "a number of refused tries could not be written into the audit trail");
            }
        }
    }
}
