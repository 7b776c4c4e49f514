//! One patient's chart: about 45 resources in the shape of US Core.

mod conditions;
mod encounters;
mod history;
mod labs;
mod notes;
mod patient;
mod vitals;

use jiff::{ToSpan, civil::Date};

pub use patient::patient;

use super::{DemoSpec, dice::Dice, json::Object, people::Person, shape::reference, staff::Column};

/// What the resources of one chart have in common.
pub struct Chart<'a> {
    spec: &'a DemoSpec,
    person: Person,
}

impl Chart<'_> {
    fn dice(&self, what: &str, nth: u64) -> Dice {
        Dice::of(self.spec.seed, what, &[self.person.index, nth])
    }

    fn id(&self, kind: &str, nth: u64) -> String {
        self.dice(kind, nth).id()
    }

    fn subject(&self, o: &mut Object<'_>, key: &str) {
        reference(o, key, "Patient", &self.person.id, None);
    }

    /// The patient's usual provider, if the practice has any.
    fn provider(&self) -> Option<Column> {
        let doctors = if self.spec.providers >= 3 { self.spec.providers - 1 } else { self.spec.providers };
        (doctors > 0).then(|| Column::at(self.spec, (self.person.index % u64::from(doctors)) as u32))
    }

    fn by_provider(&self, o: &mut Object<'_>, key: &str) {
        if let Some(column) = self.provider() {
            reference(o, key, "Practitioner", &column.id, Some(&column.name()));
        }
    }

    /// The date `days` before the demo's day, but not before birth.
    fn days_ago(&self, days: i64) -> Date {
        self.spec.today.saturating_sub(days.days()).max(self.person.born)
    }
}

/// Every resource of the chart at `index`, the Patient first.
pub fn resources(spec: &DemoSpec, index: u64) -> Vec<String> {
    let chart = Chart { spec, person: Person::at(spec, index) };
    let mut all = vec![patient(spec, &chart.person), history::coverage(&chart)];
    let problems = conditions::of(&chart);
    all.extend(problems.iter().map(|problem| conditions::condition(&chart, problem)));
    all.extend(history::allergies(&chart));
    all.extend(conditions::medications(&chart, &problems));
    all.extend(history::immunizations(&chart));
    for visit in encounters::of(&chart) {
        all.push(encounters::encounter(&chart, &visit));
        all.extend(vitals::of(&chart, &visit));
        all.extend(labs::of(&chart, &visit, &problems));
        all.extend(notes::of(&chart, &visit));
    }
    all
}
