//! The sync driver: carries out what the machine asks, decides nothing.

mod ahead;
mod feed;
mod found;
mod give_back;
mod horizon;
mod live;
mod merge;
mod pull;
mod push;
mod sealed;
mod standing;
mod state;
mod today;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use practice::{Code, ids::ChangeId, time::Stamp, wire::AuditUpload};
use serde::Serialize;
use sync::{Backoff, Effect, Event, Failure, Machine, Step};

use crate::{
    desk::Desk,
    host::{Bearer, HostError},
    refused::Outcome,
    screen::{LockReason, Refused},
    session::{Enrolled, Notice, Session, Workstation},
};

pub(crate) use ahead::Ahead;
pub(crate) use found::asked as found_asked;
pub(crate) use sealed::{Place, place_of};
pub(crate) use state::SyncStatus;

/// Links of the audit chain sent at once.
const AUDIT_BATCH: usize = 500;

/// Wait after a round that another program's hold on the file cut off.
const HELD_BY_ANOTHER: Duration = Duration::from_secs(5);

/// What one round did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Resources taken.
    pub pulled: usize,
    /// Changes the host accepted.
    pub pushed: usize,
    /// Changes that wait for a person because the resource had changed.
    pub conflicts: usize,
    /// Changes the host refused.
    pub set_aside: usize,
    /// How long it took.
    pub duration_ms: u64,
}

/// What a round needs: the line, the credential, and the session it belongs to.
pub(crate) struct Round {
    pub(crate) enrolled: Arc<Enrolled>,
    device: Arc<vault::DeviceToken>,
    generation: u64,
    pub(crate) ahead: Option<Ahead>,
    way: pull::Way,
    /// Whether this round began to read the history from its start.
    started_over: bool,
    /// The changes that the host has seen a newer version of, as long as they are not merged with it.
    in_conflict: BTreeSet<ChangeId>,
    giving_back: give_back::GivingBack,
    /// When the host had no more than what is here, and had nothing new.
    whole: Option<Stamp>,
    /// Rows that lay outside of the horizon.
    let_go: usize,
    pub(crate) report: SyncReport,
}

impl Round {
    pub(crate) fn bearer(&self) -> Bearer<'_> {
        Bearer(self.device.for_header())
    }

    /// A core to store with, where pages are made ready meanwhile.
    async fn core(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        self.ahead.as_ref()?.take_core().await
    }
}

/// Why a step did not happen.
pub(crate) enum Trouble {
    Host(HostError),
    Local(Refused),
    Closed(Refused),
}

impl From<HostError> for Trouble {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        match refused.code {
            Code::Locked | Code::SignedOut | Code::NotEnrolled => Self::Closed(refused),
            _ => Self::Local(refused),
        }
    }
}

impl Workstation {
    /// Keeps this workstation in step until the program ends, also while it is locked.
    pub async fn keep_in_step(self: Arc<Self>) {
        tokio::join!(Arc::clone(&self).listen_on(), self.go_round());
    }

    async fn go_round(self: Arc<Self>) {
        let mut machine = Machine::default();
        let (mut wait, mut deaf, mut closed) = (None, false, Backoff::default());
        loop {
            let event = tokio::select! {
                () = sleep_for(wait.take()) => Event::Woke,
                () = self.poked.notified() => Event::Poked,
                () = self.called.notified(), if !deaf => Event::Poked,
            };
            deaf = false;
            if self.is_open() {
                let (asked_for, ended) = self.run(&mut machine, event).await;
                // A host that made no sense is asked again when the wait is over, however often it calls.
                deaf = ended.is_err_and(|refused| refused.code == Code::HostConfused);
                wait = asked_for;
                // Cut off, but not by a lock: the machine was told of a lock, and asks for no wait.
                wait = wait.or_else(|| self.is_open().then_some(HELD_BY_ANOTHER));
            } else if let Err(trouble) = self.pull_sealed().await {
                let (_, refused) = self.failed(trouble);
                self.heed(&refused).await;
                deaf = refused.code == Code::HostConfused;
                wait = deaf.then(|| closed.failed(jitter()));
            } else {
                closed.succeeded();
            }
        }
    }

    /// One round now.
    ///
    /// # Errors
    /// When it can't be finished: the host can't be reached or trusted, or refuses this workstation.
    pub async fn sync_once(self: &Arc<Self>) -> Outcome<SyncReport> {
        self.at_desk(|_| Ok(()))?;
        let began = self.clock.mono();
        let mut report = self.run(&mut Machine::default(), Event::Poked).await.1?;
        report.duration_ms = u64::try_from(self.clock.mono().since(began).as_millis()).unwrap_or(u64::MAX);
        Ok(report)
    }

    /// Runs the machine until it rests; gives the wait it asks for, and how the last round ended.
    async fn run(self: &Arc<Self>, machine: &mut Machine, event: Event) -> (Option<Duration>, Outcome<SyncReport>) {
        let ran = self.run_round(machine, event).await;
        if let Err(refused) = &ran.1 {
            self.heed(refused).await;
        }
        ran
    }

    async fn run_round(
        self: &Arc<Self>,
        machine: &mut Machine,
        event: Event,
    ) -> (Option<Duration>, Outcome<SyncReport>) {
        let _one_at_a_time = self.one_sync.lock().await;
        let mut effects = machine.on(event);
        let mut round = match self.begin_round().await {
            Ok(round) => round,
            Err(trouble) => {
                let (event, refused) = self.failed(trouble);
                return (self.rest(machine.on(event), None), Err(refused));
            }
        };
        let mut ended = Ok(());
        loop {
            let next = effects.iter().find_map(|effect| match effect {
                Effect::Do(step) => Some(*step),
                Effect::Finished | Effect::Stalled(_) | Effect::WakeAfter(_) => None,
            });
            let wait = self.rest(effects, Some(&round));
            let Some(step) = next else {
                self.sync_changed(|status| status.running = false);
                self.fold_log(&round).await;
                return (wait, ended.map(|()| round.report));
            };
            let event = match self.carry_out(step, &mut round).await {
                Ok(event) => event,
                Err(trouble) => {
                    let (event, refused) = self.failed(trouble);
                    ended = Err(refused);
                    event
                }
            };
            effects = machine.on(event);
        }
    }

    /// Everything but steps: status for the screen, and how long to wait.
    fn rest(&self, effects: Vec<Effect>, round: Option<&Round>) -> Option<Duration> {
        let mut wait = None;
        for effect in effects {
            match effect {
                Effect::Do(_) => {}
                Effect::Finished => {
                    let now = self.clock.now();
                    if let Some(round) = round {
                        let _ = self.desk_of(round.generation, |desk| desk.went_well(now, round.whole));
                    }
                    self.sync_changed(|status| {
                        status.reachable = true;
                        status.trouble = None;
                        status.first_sync = None;
                    });
                }
                Effect::Stalled(failure) => {
                    self.lock_when_lease_ended();
                    if let Some((round, whole)) = round.and_then(|round| Some((round, round.whole?))) {
                        let _ = self.desk_of(round.generation, |desk| desk.is_whole(whole));
                    }
                    self.sync_changed(|status| {
                        status.running = false;
                        status.reachable &= failure == Failure::Local;
                    });
                }
                Effect::WakeAfter(time) => wait = Some(time),
            }
        }
        wait
    }

    /// Folds the log of a round into the file, when nobody waits for it. What was stored is safe either way.
    async fn fold_log(self: &Arc<Self>, round: &Round) {
        if round.report.pulled + round.let_go > 0 {
            let _ =
                self.in_background(round.generation, |desk| Ok(desk.store.fold_log().map_err(|e| e.refusal())?)).await;
        }
    }

    async fn begin_round(self: &Arc<Self>) -> Result<Round, Trouble> {
        let generation = self.generation();
        let enrolled = self.enrolled()?;
        let device = match self.at_desk(|desk| Ok(desk.device()))? {
            Some(device) => device,
            None => Arc::new(self.device_token(&enrolled).await?),
        };
        self.desk_of(generation, |desk| {
            desk.keep_device(&device);
            Ok(())
        })?;
        self.sync_changed(|status| status.running = true);
        Ok(Round {
            enrolled,
            device,
            generation,
            ahead: None,
            way: pull::Way::default(),
            started_over: false,
            in_conflict: BTreeSet::new(),
            giving_back: give_back::GivingBack::default(),
            whole: None,
            let_go: 0,
            report: SyncReport::default(),
        })
    }

    async fn carry_out(self: &Arc<Self>, step: Step, round: &mut Round) -> Result<Event, Trouble> {
        match step {
            Step::TakePolicy => self.take_policy_first(round).await,
            Step::Push => self.push(round).await,
            Step::PullToday => self.pull_today(round).await,
            Step::Pull => self.pull(round).await,
            Step::GiveBack => self.give_back(round).await,
            Step::Merge => self.merge(round).await,
            Step::SendAudit => self.send_audit(round).await,
            Step::KeepHorizon => self.keep_horizon(round).await,
        }
    }

    async fn send_audit(self: &Arc<Self>, round: &Round) -> Result<Event, Trouble> {
        let entries = self
            .in_background(round.generation, |desk| {
                Ok(desk.store.audit_unsent(AUDIT_BATCH as u32).map_err(|e| e.refusal())?)
            })
            .await?;
        let Some((first, last)) = entries.first().zip(entries.last()).map(|(first, last)| (first.seq, last.seq)) else {
            return Ok(Event::AuditTaken { more: false });
        };
        let more = entries.len() == AUDIT_BATCH;
        let receipt = round.enrolled.line.send_audit(round.bearer(), &AuditUpload { entries }).await?;
        // Sent for ever, if it were sent again at once.
        if receipt.accepted_through < first {
            return Err(HostError::Confused.into());
        }
        let through = receipt.accepted_through.min(last);
        self.in_background(round.generation, move |desk| {
            Ok(desk.store.audit_sent(through).map_err(|e| e.refusal())?)
        })
        .await?;
        Ok(Event::AuditTaken { more })
    }

    /// Tells the screen, and gives what the machine and the asker are told.
    fn failed(&self, trouble: Trouble) -> (Event, Refused) {
        let (failure, refused) = match trouble {
            Trouble::Closed(refused) => return (Event::Locked, refused),
            Trouble::Local(refused) => (Failure::Local, refused),
            Trouble::Host(HostError::Refused(refused) | HostError::UnknownCursor(refused)) => {
                (Failure::Refused(refused.code), refused)
            }
            Trouble::Host(error) => (Failure::Unreachable, error.into()),
        };
        if refused.code == Code::WorkstationStopped {
            self.home.stop(true);
            self.lock(LockReason::WorkstationStopped);
        }
        self.sync_changed(|status| status.trouble = Some(refused.clone()));
        let _ = self.at_desk(|desk| {
            desk.ask_again();
            Ok(())
        });
        (Event::Failed { failure, jitter: jitter() }, refused)
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(&*self.session.read().unwrap_or_else(|e| e.into_inner()), Session::Open(_))
    }

    /// Works at the desk of the session the round began in; a later one is not ours.
    pub(crate) fn desk_of<T>(&self, generation: u64, work: impl FnOnce(&Desk) -> Outcome<T>) -> Outcome<T> {
        self.at_desk(|desk| {
            if self.generation() == generation {
                work(desk)
            } else {
                crate::refused::refuse(Code::Locked, "The session was locked meanwhile.")
            }
        })
    }

    /// As [`Self::desk_of`], off the async threads.
    pub(crate) async fn in_background<T: Send + 'static>(
        self: &Arc<Self>,
        generation: u64,
        work: impl FnOnce(&Desk) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let ws = Arc::clone(self);
        crate::blocking(move || ws.desk_of(generation, work)).await
    }

    pub(crate) fn changed(&self, kinds: Vec<String>) {
        if !kinds.is_empty() {
            self.notify(Notice::Data(kinds));
        }
    }
}

/// As the sign-in says it.
pub(crate) fn stopped_here() -> Refused {
    practice::Refusal::new(Code::MemberStopped, "Your sign-in was stopped. Ask your practice's admin.").into()
}

/// For ever, without a time.
async fn sleep_for(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

fn jitter() -> u32 {
    let uuid = uuid::Uuid::new_v4();
    u32::from_be_bytes([uuid.as_bytes()[0], uuid.as_bytes()[1], uuid.as_bytes()[2], uuid.as_bytes()[3]])
}
