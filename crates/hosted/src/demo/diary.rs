//! The schedule: block-outs, holds, and six weeks of appointments around the demo's day.

mod blocks;
mod status;
mod visit;

use jiff::{ToSpan, civil::Date};

use super::{DemoSpec, dice::Dice, staff::Column};

pub use blocks::slots;
pub use visit::appointments;

/// Days before and after the demo's day: six weeks.
const REACH: i32 = 21;

/// One day of one column.
#[derive(Clone, Debug)]
pub struct Day {
    /// Days from the demo's day; past ones are negative.
    pub offset: i32,
    /// Its date.
    pub date: Date,
    /// Its column.
    pub column: Column,
    /// Working minutes, from midnight.
    pub hours: (i64, i64),
}

impl Day {
    /// Dice for something on this day.
    fn dice(&self, spec: &DemoSpec, what: &str, nth: u64) -> Dice {
        Dice::of(spec.seed, what, &[(self.offset + REACH) as u64, u64::from(self.column.index), nth])
    }

    /// Whether it is the demo's day and the office is open now.
    fn is_open(&self, spec: &DemoSpec) -> bool {
        self.offset == 0 && (self.hours.0..self.hours.1).contains(&spec.now)
    }

    /// The weeks before and after today count from today, whatever weekday it is.
    fn weeks_away(&self) -> i32 {
        self.offset.abs() / 7
    }
}

/// First and last day of the diary.
pub fn span(spec: &DemoSpec) -> (Date, Date) {
    (shifted(spec, -REACH), shifted(spec, REACH))
}

fn shifted(spec: &DemoSpec, days: i32) -> Date {
    spec.today.saturating_add(days.days())
}

/// Every worked day of every column, day by day.
pub fn days(spec: &DemoSpec) -> impl Iterator<Item = Day> + Send + use<> {
    let spec = spec.clone();
    (-REACH..=REACH).flat_map(move |offset| {
        let spec = spec.clone();
        (0..spec.providers).filter_map(move |index| {
            let date = shifted(&spec, offset);
            let column = Column::at(&spec, index);
            let hours = column.hours(&spec, date.weekday())?;
            Some(Day { offset, date, column, hours })
        })
    })
}

/// A FHIR instant: a wall-clock minute of a date, with the offset that the practice's zone has then.
pub fn instant(spec: &DemoSpec, date: Date, minute: i64) -> String {
    let wall = date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
    match wall.to_zoned(spec.zone.clone()) {
        Ok(zoned) => zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        // Only the first and last days of the calendar have no instant.
        Err(_) => format!("{date}T{}Z", super::staff::wall_clock(minute)),
    }
}
