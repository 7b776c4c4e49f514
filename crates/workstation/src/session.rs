//! One computer, and who is at work on it.
//!
//! The session is signed out, locked or open. Open means that a [`Desk`] exists: the one holder of database handles
//! and keys. Locking drops it. A generation counter makes an unlock that was begun before a lock void.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
};

use base64::{Engine, prelude::BASE64_STANDARD};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    policy::{self, Policy, STRICTEST_TIME_OUT, VerifyingKey},
    schedule::Zoned,
    time::Mono,
    wire::MemberInfo,
};
use tokio::{
    runtime::Handle,
    sync::{Notify, broadcast},
};
use vault::{Keychain, RescueKey, Vault, WorkstationKeyName};

use crate::{
    begun::Begun,
    clock::Clock,
    desk::Desk,
    driver::SyncStatus,
    exports::Exports,
    home::{Enrolment, Home},
    host::HostLine,
    refused::{Outcome, refuse},
    screen::{LockReason, Phase, ShellState},
    turn::{Event, Turn, turn},
};

/// News for the windows. None carries patient data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The shell's state changed: phase, connection, queue.
    Shell,
    /// Rows of these resource types changed: ask again.
    Data(Vec<String>),
    /// Seconds until the idle lock; `None` when input came in time.
    Idle(Option<u32>),
    /// The session closed: drop everything that was shown.
    Closed,
}

/// Everything that enrolment settled, ready for use.
pub(crate) struct Enrolled {
    pub(crate) as_written: Enrolment,
    pub(crate) home: Home,
    pub(crate) line: HostLine,
    pub(crate) zone: Zoned,
    pub(crate) vault: Vault,
    pub(crate) policy_key: VerifyingKey,
    pub(crate) rescue_key: RescueKey,
    /// The highest policy version seen: an older policy is none.
    policy_seen: AtomicU32,
}

pub(crate) enum Session {
    SignedOut,
    Locked { me: MemberInfo, reason: LockReason },
    Open(Box<Desk>),
}

impl Session {
    /// Where it stands, on a computer that belongs to a practice.
    fn phase(&self) -> Phase {
        match self {
            Self::SignedOut => Phase::SignedOut,
            Self::Locked { .. } => Phase::Locked,
            Self::Open(_) => Phase::Open,
        }
    }
}

/// The workstation.
pub struct Workstation {
    pub(crate) home: Home,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keychain: Arc<dyn Keychain>,
    pub(crate) enrolled: RwLock<Option<Arc<Enrolled>>>,
    pub(crate) session: RwLock<Session>,
    generation: AtomicU64,
    last_input: Mutex<Mono>,
    /// Raised by whoever is about to close the desk: a reading of the whole file gives way.
    pub(crate) desk_wanted: Arc<AtomicU64>,
    pub(crate) sync: Mutex<SyncStatus>,
    /// Somebody here wants a sync.
    pub(crate) poked: Notify,
    /// The host says that it has news.
    pub(crate) called: Notify,
    pub(crate) one_sync: tokio::sync::Mutex<()>,
    pub(crate) one_renewal: tokio::sync::Mutex<()>,
    /// A sign-in that waits for a code.
    pub(crate) begun: Begun,
    /// Raised when the practice tells this computer to forget it: the first screen says so.
    pub(crate) forgotten: AtomicBool,
    pub(crate) exports: Exports,
    notices: broadcast::Sender<Notice>,
}

impl Workstation {
    /// Opens the workstation in `dir`.
    ///
    /// # Errors
    /// When the folder can't be used or is damaged.
    pub fn open(dir: &Path, keychain: Arc<dyn Keychain>, clock: Arc<dyn Clock>) -> Outcome<Arc<Self>> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = Home::at(dir)?;
        let enrolled = match home.enrolment()? {
            Some(enrolment) => Some(Arc::new(Enrolled::from(&home, enrolment, &keychain)?)),
            None => None,
        };
        let now = clock.mono();
        Ok(Arc::new(Self {
            home,
            clock,
            keychain,
            enrolled: RwLock::new(enrolled),
            session: RwLock::new(Session::SignedOut),
            generation: AtomicU64::new(0),
            last_input: Mutex::new(now),
            desk_wanted: Arc::default(),
            sync: Mutex::default(),
            poked: Notify::new(),
            called: Notify::new(),
            one_sync: tokio::sync::Mutex::default(),
            one_renewal: tokio::sync::Mutex::default(),
            begun: Begun::default(),
            forgotten: AtomicBool::default(),
            exports: Exports::default(),
            notices: broadcast::channel(256).0,
        }))
    }

    /// News from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    pub(crate) fn notify(&self, notice: Notice) {
        // Nobody listening is no failure: `shadowctl` has no windows.
        let _ = self.notices.send(notice);
    }

    pub(crate) fn enrolled(&self) -> Outcome<Arc<Enrolled>> {
        match &*self.enrolled.read().unwrap_or_else(|e| e.into_inner()) {
            Some(enrolled) => Ok(Arc::clone(enrolled)),
            None => refuse(Code::NotEnrolled, "This computer belongs to no practice yet. Enrol it first."),
        }
    }

    /// Works at the desk, while nobody can lock it away half way. Refused when it is closed.
    pub(crate) fn at_desk<T>(&self, work: impl FnOnce(&Desk) -> Outcome<T>) -> Outcome<T> {
        match &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
            Session::Open(desk) => work(desk),
            Session::Locked { .. } => refuse(Code::Locked, "The session is locked. Unlock it first."),
            Session::SignedOut => refuse(Code::SignedOut, "Nobody is signed in. Sign in first."),
        }
    }

    /// Marks real input from a person.
    pub fn activity(&self) {
        *self.last_input.lock().unwrap_or_else(|e| e.into_inner()) = self.clock.mono();
    }

    /// Marks input at a moment; whether it is later than the last.
    pub(crate) fn input_at(&self, at: Mono) -> bool {
        let mut last = self.last_input.lock().unwrap_or_else(|e| e.into_inner());
        let later = at > *last;
        *last = at.max(*last);
        later
    }

    pub(crate) fn last_input(&self) -> Mono {
        *self.last_input.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Seats `desk`, unless a lock came since `generation`: a late unlock is void.
    pub(crate) fn seat(&self, desk: Desk, generation: u64) -> Outcome<ShellState> {
        self.desk_wanted.fetch_add(1, Ordering::SeqCst);
        let mut session = self.session.write().unwrap_or_else(|e| e.into_inner());
        let late = self.generation() != generation;
        match turn(session.phase(), Event::Unlocked { late }) {
            Turn::Opens | Turn::TakesOver => {}
            Turn::Void | Turn::Locks | Turn::Closes | Turn::Forgets | Turn::Stays => {
                drop(session);
                return refuse(Code::Locked, "The session was locked meanwhile. Unlock it again.");
            }
        }
        if let Session::Open(before) = std::mem::replace(&mut *session, Session::SignedOut) {
            before.store.interrupt();
            before.last_words(&before.tells(self.clock.now(), AuditAction::SignOut));
        }
        *session = Session::Open(Box::new(desk));
        drop(session);
        self.activity();
        self.notify(Notice::Shell);
        self.poked.notify_one();
        Ok(self.state())
    }

    /// Locks: the desk's handles close and its keys are wiped before this returns. Nothing can veto it.
    pub fn lock(&self, reason: LockReason) -> ShellState {
        self.close(AuditAction::Lock, Some(reason))
    }

    /// Ends the session. The host is told when it is there, and nobody waits for that.
    pub fn sign_out(self: &Arc<Self>) -> ShellState {
        let right = self.at_desk(|desk| Ok((Arc::clone(&desk.enrolled), desk.right(self.clock.mono())))).ok();
        let state = self.close(AuditAction::SignOut, None);
        if let (Some((enrolled, right)), Ok(runtime)) = (right, Handle::try_current()) {
            runtime.spawn(Arc::clone(self).tell_signed_out(enrolled, right));
        }
        state
    }

    pub(crate) fn close(&self, action: AuditAction, reason: Option<LockReason>) -> ShellState {
        self.begun.forget();
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.desk_wanted.fetch_add(1, Ordering::SeqCst);
        self.exports.stop();
        if let Session::Open(desk) = &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
            desk.store.interrupt();
        }
        let mut session = self.session.write().unwrap_or_else(|e| e.into_inner());
        let event = if reason.is_some() { Event::Lock } else { Event::SignOut };
        let turn = turn(session.phase(), event);
        let mut place = None;
        if turn != Turn::Stays
            && let Session::Open(desk) = std::mem::replace(&mut *session, Session::SignedOut)
        {
            place = desk.place();
            desk.last_words(&AuditRecord {
                comment: reason.map(|r| crate::show::lock_reason(r).to_owned()),
                ..desk.tells(self.clock.now(), action)
            });
            if let Some(reason) = reason {
                *session = Session::Locked { me: desk.me.clone(), reason };
            }
        }
        drop(session);
        let closed = matches!(turn, Turn::Locks | Turn::Closes);
        self.sealed_pages().go_on_from(place.as_ref());
        if closed {
            self.notify(Notice::Closed);
        }
        self.notify(Notice::Shell);
        self.state()
    }

    /// The policy in force; `None` when it is missing, does not verify, is older than one seen or from the future, which
    /// means the strictest of everything.
    pub(crate) fn policy(&self, enrolled: &Enrolled) -> Option<Policy> {
        let held = policy::verify(&self.home.policy()?, &enrolled.policy_key, &enrolled.as_written.practice.id).ok();
        let now = self.clock.now();
        let held = held.filter(|held| held.version >= enrolled.saw_policy(0) && held.check_date(now).is_ok())?;
        enrolled.line.holds_policy(held.version);
        Some(held)
    }

    /// How long a session of `me` may be without input: the longest that they can choose for themselves.
    pub(crate) fn longest_time_out(&self, me: &MemberInfo) -> std::time::Duration {
        self.ruled_time_out(me).unwrap_or(STRICTEST_TIME_OUT)
    }

    /// As [`Self::longest_time_out`]; `None` when there is no policy in force that the practice vouches for.
    pub(crate) fn ruled_time_out(&self, me: &MemberInfo) -> Option<std::time::Duration> {
        let enrolled = self.enrolled().ok()?;
        Some(self.policy(&enrolled)?.time_out(me.role, enrolled.as_written.zone))
    }
}

impl Enrolled {
    pub(crate) fn from(home: &Home, as_written: Enrolment, keychain: &Arc<dyn Keychain>) -> Outcome<Self> {
        let trusted = home.trusted()?;
        let line = HostLine::to(&as_written.host, trusted.as_deref().unwrap_or(&as_written.ca_pem))?;
        let Some(zone) = Zoned::named(&as_written.practice.time_zone) else {
            return refuse(Code::VaultDamaged, "The practice's time zone is unknown on this computer. Ask your admin.");
        };
        let Some(policy_key) = read_key(&as_written.policy_key) else {
            return refuse(Code::VaultDamaged, "The key that vouches for the policy is damaged. Ask your admin.");
        };
        let Some(rescue_key) = RescueKey::from_base64(&as_written.rescue_key) else {
            return refuse(Code::VaultDamaged, "The key for unsent work is damaged. Ask your admin.");
        };
        let vault = vault_of(home, &as_written, keychain)?;
        let home = home.clone();
        Ok(Self { as_written, home, line, zone, vault, policy_key, rescue_key, policy_seen: AtomicU32::new(0) })
    }

    /// Notes that policy `version` was seen; gives the highest so far.
    pub(crate) fn saw_policy(&self, version: u32) -> u32 {
        self.policy_seen.fetch_max(version, Ordering::SeqCst).max(version)
    }
}

/// The vault of this enrolment.
pub(crate) fn vault_of(home: &Home, enrolment: &Enrolment, keychain: &Arc<dyn Keychain>) -> Outcome<Vault> {
    let settled = serde_json::to_vec(enrolment).unwrap_or_else(|_| unreachable!("plain data"));
    let name = WorkstationKeyName::new(enrolment.practice.id.clone(), enrolment.workstation.clone(), &settled);
    let vault = Vault::at(&home.vault_dir(), Arc::clone(keychain), &name);
    vault.trusts(home.trusted()?.as_deref().map(str::as_bytes));
    Ok(vault)
}

fn read_key(base64: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = BASE64_STANDARD.decode(base64).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}
