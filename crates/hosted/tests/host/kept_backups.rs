//! Twenty-six months of backups: which of them are kept.
//!
//! restic itself decides, with the clock told to it. Hour by hour it would be 19,000 runs of half a second each; so it is
//! a backup a month, then one a day, then one an hour, with more of each than is kept, and now and then a second one in
//! the same month, day or hour, of which only the later may stay. `forget` runs along the way, as in life: what an
//! earlier one let go of is not there for a later one to choose.

use std::collections::BTreeSet;

use hosted::backup::Repository;
use jiff::{ToSpan, civil::DateTime, civil::date, tz::TimeZone};
use practice::time::Stamp;
use zeroize::Zeroizing;

fn stamp(moment: DateTime) -> Stamp {
    Stamp::new(moment.to_zoned(TimeZone::UTC).unwrap().timestamp())
}

/// The last of each of the newest `count` stretches of time, as `stretch` names them.
fn newest<K: Ord>(all: &[DateTime], count: usize, stretch: impl Fn(&DateTime) -> K) -> BTreeSet<DateTime> {
    let mut last = std::collections::BTreeMap::new();
    for moment in all {
        last.insert(stretch(moment), *moment);
    }
    last.into_values().rev().take(count).collect()
}

#[test]
fn of_twenty_six_months_there_are_24_hours_30_days_and_24_months() {
    let root = tempfile::tempdir().unwrap();
    let repository = Repository::new(root.path().join("r").to_str().unwrap(), Zeroizing::new("x".to_owned()));
    repository.open_or_make(None).unwrap();
    let save = |moment: DateTime| {
        repository.write("elm", "elm.ndjson", stamp(moment), |out| Ok(out.write_all(b"x\n")?)).unwrap();
    };
    let mut all = Vec::new();
    let first = date(2024, 9, 1);
    let mut take = |moment: DateTime| {
        save(moment);
        all.push(moment);
    };
    for number in 0..25 {
        let month = first + number.months();
        if number % 6 == 0 {
            take(month.at(10, 0, 0, 0));
        }
        take(month.last_of_month().at(22, 30, 0, 0));
        if number % 3 == 0 {
            repository.forget("elm").unwrap();
        }
    }
    for day in 0..34 {
        take(date(2026, 10, 1).at(23, 0, 0, 0) + day.days());
    }
    for hour in 0..27 {
        let moment = date(2026, 11, 7).at(0, 10, 0, 0) + hour.hours();
        take(moment);
        if hour % 9 == 5 {
            take(moment + 30.minutes());
        }
    }
    repository.forget("elm").unwrap();
    let hourly = newest(&all, 24, |at| (at.date(), at.hour()));
    let daily = newest(&all, 30, |at| at.date());
    let monthly = newest(&all, 24, |at| (at.year(), at.month()));
    let expected: BTreeSet<Stamp> = hourly.iter().chain(&daily).chain(&monthly).map(|at| stamp(*at)).collect();
    let kept: BTreeSet<Stamp> = repository.snapshots("elm").unwrap().iter().map(|one| one.at).collect();
    assert_eq!(kept, expected);
    assert_eq!((hourly.len(), daily.len(), monthly.len()), (24, 30, 24));
    assert!(kept.len() + 15 < all.len(), "{} of {} are kept", kept.len(), all.len());
}
