//! Which status an appointment of the demo has: what the clock and the calendar make likely.

use crate::demo::dice::Dice;

/// All ten, so that the smallest practice shows each: the first column's day goes through these in turn.
const FIRST_PAST_DAY: &[&str] = &["fulfilled", "noshow", "cancelled", "entered-in-error"];
const REST_OF_TODAY: &[&str] = &["checked-in", "arrived", "booked", "pending", "proposed", "waitlist", "cancelled"];

/// Where an appointment stands in the diary.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Days from the demo's day.
    pub offset: i32,
    /// Minutes after midnight, of the demo's day.
    pub now: i64,
    /// Whether this is the column's turn to show every status.
    pub showcase: bool,
    /// Its number among the day's appointments that are over, or among those that are not.
    pub nth: usize,
    pub from: i64,
    pub to: i64,
}

/// The status.
pub fn status(place: Place, dice: &mut Dice) -> &'static str {
    let Place { offset, now, showcase, nth, from, to } = place;
    let turn = |list: &[&'static str]| if showcase { list.get(nth).copied() } else { None };
    let roll = dice.between(0, 99);
    if offset < 0 || (offset == 0 && to <= now) {
        let past = || match roll {
            0..=84 => "fulfilled",
            85..=90 => "noshow",
            91..=98 => "cancelled",
            _ => "entered-in-error",
        };
        return if offset < 0 { turn(FIRST_PAST_DAY).unwrap_or_else(past) } else { past() };
    }
    if offset == 0 {
        let ahead = || match roll {
            _ if from < now => "arrived",
            0..=49 if from < now + 20 => "checked-in",
            _ if from < now + 20 => "booked",
            0..=83 => "booked",
            84..=89 => "pending",
            90..=92 => "proposed",
            93..=94 => "waitlist",
            _ => "cancelled",
        };
        return turn(REST_OF_TODAY).unwrap_or_else(ahead);
    }
    match roll {
        0..=83 => "booked",
        84..=89 => "pending",
        90..=92 => "proposed",
        93..=94 => "waitlist",
        _ => "cancelled",
    }
}
