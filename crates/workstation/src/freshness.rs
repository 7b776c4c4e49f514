//! How fresh what is here is: what is said of its age, and as of when a day is known to be whole.
//!
//! "Last synced" tells of rounds, and moves when one ends well. A day tells of data: it is whole as of the moment at which
//! the host was asked for the last page there was, whatever became of the rest of that round.

use std::time::Duration;

use jiff::civil::Date;
use practice::{schedule::Zoned, time::Stamp};

use crate::{desk::Desk, refused::Outcome, screen::Stale, show::day_and_time};

/// From when on the age of the data is said.
pub(crate) const SAID: Duration = Duration::from_secs(10 * 60);
/// From when on it is said more strongly.
const INSISTED: Duration = Duration::from_secs(30 * 60);

pub(crate) const WHOLE: &str = "whole";
const DAY_FIRST: &str = "day_first";

/// What is said of data from a round that ended well at `synced`; nothing while it is fresh.
pub(crate) fn stale(zone: &Zoned, synced: Stamp, now: Stamp) -> Option<Stale> {
    let age = now.since(synced);
    let strong = age >= INSISTED;
    let hint = if strong {
        "Ask before you rely on what is shown here. The paper chart decides."
    } else {
        "Others may have changed what is shown here."
    };
    let say = format!("Nothing has come from the host since {}. {hint}", day_and_time(zone, synced));
    (age >= SAID).then_some(Stale { strong, say })
}

impl Desk {
    /// Everything that the host had at `asked` is here.
    pub(crate) fn is_whole(&self, asked: Stamp) -> Outcome<()> {
        self.mark(WHOLE, asked)
    }

    /// Everything that the host had at `asked` for the schedule of `day` is here.
    pub(crate) fn day_is_whole(&self, day: Date, asked: Stamp) -> Outcome<()> {
        Ok(self.store.meta_set(DAY_FIRST, &format!("{day} {asked}")).map_err(|e| e.refusal())?)
    }

    /// The latest moment of which all that the host had is here.
    pub(crate) fn whole_at(&self) -> Outcome<Option<Stamp>> {
        let kept = self.store.meta_get(WHOLE).map_err(|e| e.refusal())?;
        // A chart from before this was noted had ended a round well.
        Ok(kept.as_deref().and_then(Stamp::parse).or_else(|| self.last_synced()))
    }

    /// The latest moment of which all that the host had for the schedule of `day` is here. The history tells of every
    /// provider at once, so it is the same for each.
    pub(crate) fn day_whole_at(&self, day: Date) -> Outcome<Option<Stamp>> {
        let first = self.store.meta_get(DAY_FIRST).map_err(|e| e.refusal())?;
        let first = first.as_deref().and_then(|text| text.split_once(' '));
        let first = first.filter(|(of, _)| *of == day.to_string()).and_then(|(_, asked)| Stamp::parse(asked));
        Ok(first.max(self.whole_at()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_the_data_is_said_at_ten_minutes_and_more_strongly_at_thirty() {
        let zone = Zoned::named("America/Chicago").unwrap();
        let synced = Stamp::parse("2026-11-23T15:30:00Z").unwrap();
        let after = |seconds: i64| Stamp::from_millis(synced.millis() + seconds * 1000).unwrap();
        for (seconds, strong) in
            [(-60, None), (0, None), (599, None), (600, Some(false)), (1_799, Some(false)), (1_800, Some(true))]
        {
            assert_eq!(stale(&zone, synced, after(seconds)).map(|said| said.strong), strong, "{seconds} s");
        }
        let said = [after(600), after(1_800)].map(|now| stale(&zone, synced, now).unwrap().say);
        assert!(
            said.iter().all(|say| say.starts_with("Nothing has come from the host since 23 Nov 9:30.")),
            "{said:?}"
        );
        assert_ne!(said[0], said[1]);
    }
}
