//! A member at work: the open store, the keys, and who it is. Holding a `&Desk` is the proof that the vault is open;
//! dropping it closes every handle and wipes the keys.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission::{Action, Permitted, authorise},
    time::{Mono, Stamp},
    wire::MemberInfo,
};
use store::Store;
use vault::{DeviceToken, Unlocked};
use zeroize::Zeroizing;

use crate::{
    driver::{Place, place_of},
    freshness::WHOLE,
    refused::{Outcome, refuse},
    screen::{LeftOff, Settings},
    session::Enrolled,
    use_cases::settings,
};

const MEMBERS: &str = "members";
const REACHED: &str = "last_reached";
const SEEN: &str = "last_seen";
const SYNCED: &str = "last_synced";
const POLICY: &str = "policy_version";

/// The right to ask the host for what only a person may ask.
pub(crate) struct Access {
    token: Zeroizing<String>,
    ends: Mono,
    /// Good once for the next. In memory alone, and gone with the desk.
    refresh: Option<Zeroizing<String>>,
}

/// What the desk can show the host for its member.
pub(crate) enum Right {
    /// A token that holds.
    Holds(Zeroizing<String>),
    /// One with which the next are fetched. The desk has it no more.
    Renews(Zeroizing<String>),
    /// Nothing.
    Ended,
}

impl Access {
    pub(crate) fn new(token: String, refresh: Option<String>, expires_in: u32, now: Mono) -> Self {
        // A little earlier than the host: a request takes its time.
        let holds = std::time::Duration::from_secs(expires_in.saturating_sub(30).into());
        Self { token: Zeroizing::new(token), ends: now.plus(holds), refresh: refresh.map(Zeroizing::new) }
    }
}

/// An open store whose member is not known yet.
pub(crate) struct Unseated {
    enrolled: Arc<Enrolled>,
    unlocked: Unlocked,
    store: Store,
    access: Option<Access>,
}

/// The desk.
pub(crate) struct Desk {
    pub(crate) enrolled: Arc<Enrolled>,
    pub(crate) me: MemberInfo,
    pub(crate) store: Store,
    /// Where the page stands, not yet written down.
    pub(crate) left: Mutex<Option<LeftOff>>,
    /// Whether the lease has ended, and the grace for the schedule has not.
    in_grace: AtomicBool,
    /// Where the pull goes on.
    place: Mutex<Option<Place>>,
    /// How the practice stood when its policy and its members were last taken in this session.
    standing: Mutex<Option<String>>,
    /// This computer's credential: the keychain takes longer than all else in a round that brings nothing new.
    device: Mutex<Option<Arc<DeviceToken>>>,
    /// Whether something half typed is in the vault, or should be.
    pub(crate) half_typed: AtomicBool,
    /// What the member chose for themselves, as it lies in the vault.
    pub(crate) settings: Mutex<Settings>,
    /// What was fetched from beyond the horizon, and when.
    fetched: Mutex<BTreeMap<String, Stamp>>,
    unlocked: Unlocked,
    access: Mutex<Option<Access>>,
}

impl Unseated {
    /// Everyone known at the last sync.
    pub(crate) fn members(&self) -> Outcome<Vec<MemberInfo>> {
        read_members(&self.store)
    }

    pub(crate) fn seat(self, me: MemberInfo) -> Outcome<Desk> {
        Ok(Desk {
            settings: Mutex::new(settings::kept(&self.store, &me.id)?),
            enrolled: self.enrolled,
            me,
            store: self.store,
            left: Mutex::default(),
            in_grace: AtomicBool::default(),
            place: Mutex::default(),
            standing: Mutex::default(),
            device: Mutex::default(),
            half_typed: AtomicBool::default(),
            fetched: Mutex::default(),
            unlocked: self.unlocked,
            access: Mutex::new(self.access),
        })
    }
}

fn read_members(store: &Store) -> Outcome<Vec<MemberInfo>> {
    let text = store.meta_get(MEMBERS).map_err(|e| e.refusal())?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).map(MemberInfo::readable).unwrap_or_default())
}

impl Desk {
    /// Opens the store. A member who has just signed in online is remembered for the next time without the host.
    pub(crate) fn open(
        enrolled: &Arc<Enrolled>,
        unlocked: Unlocked,
        fresh: Option<&MemberInfo>,
        access: Option<Access>,
    ) -> Outcome<Unseated> {
        let store = open_store(&unlocked)?;
        keep_policy_version(enrolled, &store)?;
        if let Some(me) = fresh {
            let mut members = read_members(&store)?;
            members.retain(|m| m.id != me.id);
            members.push(me.clone());
            keep_members(&store, &members)?;
        }
        Ok(Unseated { enrolled: Arc::clone(enrolled), unlocked, store, access })
    }

    /// The proof that the member may do `A`.
    pub(crate) fn may<A: Action>(&self) -> Outcome<Permitted<A>> {
        if self.schedule_only() && !A::OF_THE_SCHEDULE {
            return refuse(
                Code::LeaseEnded,
                "Only the schedule is open, because the host has not been reached for too long. The charts open again when it is reached.",
            );
        }
        Ok(authorise::<A>(self.me.role)?)
    }

    /// An audit record of this member here, to be completed with `..`.
    pub(crate) fn tells(&self, at: Stamp, action: AuditAction) -> AuditRecord {
        AuditRecord::new(at, action, Some(self.me.id.clone()), self.enrolled.as_written.workstation.clone())
    }

    /// The last record before the handles close, and where the page stood. A lock can't wait for a disk that is full:
    /// then the log says so.
    pub(crate) fn last_words(&self, record: &AuditRecord) {
        if self.store.last_words(record, self.left_to_write()).is_err() {
            tracing::error!("the end of the session could not be written to the audit chain");
        }
    }

    /// Notes where the pull goes on: when the session ends the store can't be asked any more.
    pub(crate) fn note_place(&self) -> Outcome<()> {
        *self.place.lock().unwrap_or_else(|e| e.into_inner()) = place_of(self)?;
        Ok(())
    }

    pub(crate) fn place(&self) -> Option<Place> {
        self.place.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// All that the host has of `what` is here since `at`.
    pub(crate) fn note_fetched(&self, what: String, at: Stamp) {
        self.fetched.lock().unwrap_or_else(|e| e.into_inner()).insert(what, at);
    }

    /// When `what` was fetched in this session.
    pub(crate) fn fetched(&self, what: &str) -> Option<Stamp> {
        self.fetched.lock().unwrap_or_else(|e| e.into_inner()).get(what).copied()
    }

    /// Whether something was fetched in this session.
    pub(crate) fn has_fetched(&self) -> bool {
        !self.fetched.lock().unwrap_or_else(|e| e.into_inner()).is_empty()
    }

    /// Whether the policy and the members are here as they were when the practice stood so.
    pub(crate) fn stands(&self, standing: &str) -> bool {
        self.standing.lock().unwrap_or_else(|e| e.into_inner()).as_deref() == Some(standing)
    }

    pub(crate) fn set_standing(&self, standing: Option<String>) {
        *self.standing.lock().unwrap_or_else(|e| e.into_inner()) = standing;
    }

    pub(crate) fn device(&self) -> Option<Arc<DeviceToken>> {
        self.device.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    pub(crate) fn keep_device(&self, device: &Arc<DeviceToken>) {
        *self.device.lock().unwrap_or_else(|e| e.into_inner()) = Some(Arc::clone(device));
    }

    /// After a trouble the keychain and the host are asked for everything again.
    pub(crate) fn ask_again(&self) {
        self.set_standing(None);
        *self.device.lock().unwrap_or_else(|e| e.into_inner()) = None;
    }

    pub(crate) fn unlocked(&self) -> &Unlocked {
        &self.unlocked
    }

    /// Everyone known at the last sync.
    pub(crate) fn members(&self) -> Outcome<Vec<MemberInfo>> {
        read_members(&self.store)
    }

    /// Notes in the vault which policy was seen, so that an older file put in its place is noticed.
    pub(crate) fn keep_policy_version(&self) -> Outcome<()> {
        keep_policy_version(&self.enrolled, &self.store)
    }

    /// Whether the host refused the password of this member's slot. Then only the host opens for them.
    pub(crate) fn outdated(&self) -> Outcome<bool> {
        Ok(self.store.meta_get(&self.outdated_name()).map_err(|e| e.refusal())?.as_deref() == Some("yes"))
    }

    pub(crate) fn set_outdated(&self, outdated: bool) -> Outcome<()> {
        let word = if outdated { "yes" } else { "no" };
        Ok(self.store.meta_set(&self.outdated_name(), word).map_err(|e| e.refusal())?)
    }

    fn outdated_name(&self) -> String {
        format!("outdated/{}", self.me.id)
    }

    /// The host stopped this member: their slot opens nothing any more.
    pub(crate) fn stop_me(&self) -> Outcome<()> {
        let mut members = self.members()?;
        members.iter_mut().filter(|m| m.id == self.me.id).for_each(|me| me.stopped = true);
        self.keep_members(&members)
    }

    pub(crate) fn keep_members(&self, members: &[MemberInfo]) -> Outcome<()> {
        keep_members(&self.store, members)
    }

    /// When the host was last reached, and the latest time this vault has seen.
    pub(crate) fn marks(&self) -> Outcome<(Stamp, Stamp)> {
        let mark = |name| -> Outcome<Stamp> {
            let text = self.store.meta_get(name).map_err(|e| e.refusal())?;
            match text.as_deref().and_then(Stamp::parse).or(Stamp::from_millis(0)) {
                Some(at) => Ok(at),
                None => refuse(Code::VaultDamaged, "This workstation's clock marks are damaged. Sign in online."),
            }
        };
        Ok((mark(REACHED)?, mark(SEEN)?))
    }

    /// Whether the lease has ended, and only the schedule is open.
    pub(crate) fn schedule_only(&self) -> bool {
        self.in_grace.load(Ordering::SeqCst)
    }

    pub(crate) fn set_schedule_only(&self, only: bool) {
        self.in_grace.store(only, Ordering::SeqCst);
    }

    /// Notes that the host answered.
    pub(crate) fn reached(&self, at: Stamp) -> Outcome<()> {
        self.set_schedule_only(false);
        self.mark_and_see([(REACHED, at)], at)
    }

    /// Notes the time, so that a clock set back is noticed.
    pub(crate) fn seen(&self, at: Stamp) -> Outcome<()> {
        self.mark_and_see([], at)
    }

    /// Notes that all of a page that was sealed is here.
    pub(crate) fn synced(&self, at: Stamp) -> Outcome<()> {
        self.mark(SYNCED, at)
    }

    /// Notes a round that ended well: with [`Self::synced`] the only thing that moves "last synced". `whole` is when the
    /// host had no more than what is here, where that is not noted yet.
    pub(crate) fn went_well(&self, at: Stamp, whole: Option<Stamp>) -> Outcome<()> {
        self.set_schedule_only(false);
        let whole = whole.map(|whole| (WHOLE, whole));
        self.mark_and_see([(REACHED, at), (SYNCED, at)].into_iter().chain(whole), at)
    }

    /// Notes `marks`, and the time: all in one.
    fn mark_and_see(&self, marks: impl IntoIterator<Item = (&'static str, Stamp)>, at: Stamp) -> Outcome<()> {
        let seen = (self.marks()?.1 < at).then_some((SEEN, at));
        let marks: Vec<_> = marks.into_iter().chain(seen).map(|(name, at)| (name, at.to_string())).collect();
        if marks.is_empty() {
            return Ok(());
        }
        let marks = marks.iter().map(|(name, at)| (*name, at.as_str()));
        Ok(self.store.meta_set_each(marks).map_err(|e| e.refusal())?)
    }

    /// The last round that ended well.
    pub(crate) fn last_synced(&self) -> Option<Stamp> {
        self.store.meta_get(SYNCED).ok().flatten().as_deref().and_then(Stamp::parse)
    }

    pub(crate) fn mark(&self, name: &str, at: Stamp) -> Outcome<()> {
        Ok(self.store.meta_set(name, &at.to_string()).map_err(|e| e.refusal())?)
    }

    pub(crate) fn renew(&self, access: Access) {
        *self.access.lock().unwrap_or_else(|e| e.into_inner()) = Some(access);
    }

    /// What there is to show the host now.
    pub(crate) fn right(&self, now: Mono) -> Right {
        let mut access = self.access.lock().unwrap_or_else(|e| e.into_inner());
        match access.as_mut() {
            Some(access) if now < access.ends => Right::Holds(access.token.clone()),
            Some(access) => access.refresh.take().map_or(Right::Ended, Right::Renews),
            None => Right::Ended,
        }
    }
}

/// The highest policy version that this computer has seen, told by the vault to the session and the other way round.
fn keep_policy_version(enrolled: &Enrolled, store: &Store) -> Outcome<()> {
    let kept = store.meta_get(POLICY).map_err(|e| e.refusal())?.and_then(|text| text.parse().ok()).unwrap_or(0);
    let highest = enrolled.saw_policy(kept);
    if highest > kept {
        store.meta_set(POLICY, &highest.to_string()).map_err(|e| e.refusal())?;
    }
    Ok(())
}

fn keep_members(store: &Store, members: &[MemberInfo]) -> Outcome<()> {
    let text = serde_json::to_string(members).unwrap_or_else(|_| unreachable!("plain data"));
    Ok(store.meta_set(MEMBERS, &text).map_err(|e| e.refusal())?)
}

/// Opens the store. Why the vault did not give a connection is the vault's to say.
fn open_store(unlocked: &Unlocked) -> Outcome<Store> {
    let why = std::cell::RefCell::new(None);
    let connect = || {
        unlocked.connect().map_err(|error| {
            let refusal = error.refusal();
            *why.borrow_mut() = Some(refusal);
            store::StoreError::Closed
        })
    };
    Store::open(&connect).map_err(|error| why.take().unwrap_or_else(|| error.refusal()).into())
}
