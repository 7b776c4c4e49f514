//! A synthetic practice: FHIR R4 text, the same for the same [`DemoSpec`] on every machine, at any size.
//!
//! It makes what sample data lacks: providers' hours, block-outs, six weeks of appointments around a day in all ten
//! statuses, and members of every role. Each resource is computed from the seed and its position alone, so a million
//! of them need no more memory than one. It knows no store, no account and no clock.

mod chart;
mod diary;
mod dice;
mod json;
mod members;
mod people;
mod shape;
mod staff;
mod visit_types;

pub use members::{DemoMember, members};
pub use staff::{DemoPractitioner, practitioners};

use jiff::{civil::Date, tz::TimeZone};

/// What demo to make.
#[derive(Clone, Debug)]
pub struct DemoSpec {
    /// How many patients; each has about 45 resources.
    pub patients: u64,
    /// How many columns the schedule has. The last of three or more is the nurse's.
    pub providers: u32,
    /// The same seed gives the same practice.
    pub seed: u64,
    /// The day around which it lives.
    pub today: Date,
    /// Minutes after midnight that the clock stands at on that day.
    pub now: i64,
    /// The practice's time zone.
    pub zone: TimeZone,
}

/// Every resource of the demo, as compact JSON: the office first, then chart by chart, then the appointments.
pub fn plan(spec: &DemoSpec) -> impl Iterator<Item = String> + Send + use<> {
    let (office, charts, visits) = (spec.clone(), spec.clone(), spec.clone());
    staff::resources(spec)
        .into_iter()
        .chain(visit_types::resources(spec))
        .chain(diary::days(spec).flat_map(move |day| diary::slots(&office, day)))
        .chain((0..spec.patients).flat_map(move |index| chart::resources(&charts, index)))
        .chain(diary::days(spec).flat_map(move |day| diary::appointments(&visits, day)))
}

/// The Patient at `index` alone, for lists of people without their charts.
pub fn patient(spec: &DemoSpec, index: u64) -> String {
    chart::patient(spec, &people::Person::at(spec, index))
}

#[cfg(test)]
mod tests;
