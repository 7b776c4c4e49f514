//! Wrong passwords: how long the next try has to wait. Counted a member, kept in `slots.json` under a code that only
//! this computer's keychain can make, so that lowering the count by hand raises it to the maximum; and with the number
//! of the try, by which the keychain knows an older copy of the file (see `tries`).

use std::time::Duration;

use practice::ids::MemberId;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Moment,
    secret::Key,
    slots::{Bytes, code_for, code_holds},
};

/// So many wrong passwords are free: people mistype.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(60 * 60);
const PURPOSE: &str = "shadowchart attempts 1";

/// The wait after `failed` wrong passwords in a row: none up to four, then 30 seconds, doubling, an hour at most.
///
/// ```
/// use std::time::Duration;
/// use vault::attempts::wait_after;
/// assert_eq!(wait_after(4), Duration::ZERO);
/// assert_eq!(wait_after(5), Duration::from_secs(30));
/// assert_eq!(wait_after(6), Duration::from_secs(60));
/// ```
pub fn wait_after(failed: u32) -> Duration {
    match failed.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs(30).saturating_mul(1 << more.min(20)).min(LONGEST),
    }
}

/// One member's wrong passwords in a row, and when the last one was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tally {
    member: MemberId,
    failed: u32,
    last: Moment,
}

/// Every member's tally, as it stood at try number `number` of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attempts {
    pub(crate) number: u64,
    tallies: Vec<Tally>,
    code: Bytes,
}

impl Attempts {
    /// Nobody has failed up to try `number`.
    pub(crate) fn none(number: u64, device: &Key) -> Self {
        let mut attempts = Self { number, tallies: Vec::new(), code: Bytes(Vec::new()) };
        attempts.sign(device);
        attempts
    }

    /// Whether this is what the vault last wrote.
    pub(crate) fn holds(&self, device: &Key) -> bool {
        code_holds(device, PURPOSE, &(self.number, &self.tallies), &self.code)
    }

    /// What the count becomes when up to `more` tries are missing in it, whoever's they were: each of `members` has that
    /// many more, the last of them now.
    pub(crate) fn raise<'a>(
        &mut self,
        members: impl Iterator<Item = &'a MemberId>,
        more: u32,
        number: u64,
        now: &Moment,
        device: &Key,
    ) {
        self.tallies = members
            .map(|member| Tally {
                member: member.clone(),
                failed: self.failed(member).saturating_add(more),
                last: now.clone(),
            })
            .collect();
        self.number = number;
        self.sign(device);
    }

    fn failed(&self, member: &MemberId) -> u32 {
        self.tallies.iter().find(|tally| tally.member == *member).map_or(0, |tally| tally.failed)
    }

    /// How long `member` still has to wait.
    pub(crate) fn wait(&self, member: &MemberId, now: &Moment) -> Duration {
        self.tallies.iter().find(|tally| tally.member == *member).map_or(Duration::ZERO, |tally| {
            wait_after(tally.failed).saturating_sub(Duration::from_millis(now.millis_since(&tally.last)))
        })
    }

    /// Counts try `number` as wrong. Called before the password is looked at, so that pulling the plug forgives nothing.
    pub(crate) fn count(&mut self, member: &MemberId, number: u64, now: &Moment, device: &Key) {
        self.number = number;
        match self.tallies.iter_mut().find(|tally| tally.member == *member) {
            Some(tally) => {
                tally.failed = tally.failed.saturating_add(1);
                tally.last = now.clone();
            }
            None => self.tallies.push(Tally { member: member.clone(), failed: 1, last: now.clone() }),
        }
        self.sign(device);
    }

    /// The member proved the password.
    pub(crate) fn clear(&mut self, member: &MemberId, device: &Key) {
        self.tallies.retain(|tally| tally.member != *member);
        self.sign(device);
    }

    fn sign(&mut self, device: &Key) {
        self.code = code_for(device, PURPOSE, &(self.number, &self.tallies));
    }
}

#[cfg(test)]
mod tests {
    use practice::time::Mono;

    use super::*;

    fn at(secs: u64) -> Moment {
        Moment::new("boot", Mono(Duration::from_secs(secs)))
    }

    #[test]
    fn the_wait_grows_from_half_a_minute_to_an_hour() {
        let waits: Vec<u64> = (0..16).map(|failed| wait_after(failed).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]);
        assert_eq!(wait_after(u32::MAX).as_secs(), 3600);
    }

    #[test]
    fn the_wait_belongs_to_one_member_and_passes_with_time_since_the_start() {
        let device = Key::random().unwrap();
        let (ann, bob) = (MemberId::parse("ann").unwrap(), MemberId::parse("bob").unwrap());
        let mut attempts = Attempts::none(0, &device);
        for _ in 0..6 {
            attempts.count(&ann, 1, &at(100), &device);
        }
        assert_eq!(attempts.wait(&ann, &at(100)).as_secs(), 60);
        assert_eq!(attempts.wait(&ann, &at(130)).as_secs(), 30);
        assert_eq!(attempts.wait(&ann, &at(160)).as_secs(), 0);
        assert_eq!(attempts.wait(&bob, &at(100)).as_secs(), 0);
        let restarted = Moment::new("later", Mono(Duration::from_secs(20)));
        assert_eq!(attempts.wait(&ann, &restarted).as_secs(), 40, "a restart does not forgive");
        attempts.clear(&ann, &device);
        assert_eq!(attempts.wait(&ann, &at(100)).as_secs(), 0);
    }

    #[test]
    fn a_count_lowered_by_hand_does_not_hold() {
        let device = Key::random().unwrap();
        let ann = MemberId::parse("ann").unwrap();
        let mut attempts = Attempts::none(0, &device);
        attempts.count(&ann, 1, &at(1), &device);
        assert!(attempts.holds(&device));
        let lowered =
            Attempts { tallies: vec![Tally { failed: 0, ..attempts.tallies[0].clone() }], ..attempts.clone() };
        assert!(!lowered.holds(&device));
        assert!(!Attempts { tallies: Vec::new(), ..attempts.clone() }.holds(&device));
        assert!(!Attempts { number: 2, ..attempts.clone() }.holds(&device));
        let mut raised = attempts;
        raised.raise([&ann].into_iter(), u32::MAX, 2, &at(1), &device);
        assert!(raised.holds(&device));
        assert_eq!(raised.wait(&ann, &at(1)), LONGEST);
    }
}
