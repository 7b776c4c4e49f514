//! A patient's resources, laid out as a chart: sections, series, and what must be seen first.
//!
//! Pure: the same resources in any order give the same chart.

use std::collections::BTreeMap;

use crate::{
    resource::ResourceKey,
    time::Stamp,
    views::{ClinicalView, Measure, Section},
};

/// Most points a series shows.
pub const MAX_POINTS: usize = 24;

/// A resource of the chart's patient.
#[derive(Clone)]
pub struct Source<'a> {
    /// Which.
    pub key: ResourceKey,
    /// Its text.
    pub text: &'a str,
    /// Whether it waits for the host.
    pub unsent: bool,
}

/// One line of a section.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// Which resource.
    pub key: ResourceKey,
    /// "Essential hypertension".
    pub title: String,
    /// "since 2011".
    pub detail: Option<String>,
    /// "Active".
    pub status: Option<String>,
    /// Whether it counts now.
    pub current: bool,
    /// FHIR date, dateTime or instant, as written.
    pub when: Option<String>,
    /// High criticality.
    pub severe: bool,
    /// It says that there is none: "No known allergy".
    pub absent: bool,
    /// Whether it waits for the host.
    pub unsent: bool,
}

/// A measured quantity through time.
#[derive(Clone, PartialEq)]
pub struct Series {
    /// "Body weight".
    pub title: String,
    /// Unit as written; another unit is another series.
    pub unit: Option<String>,
    /// Newest first, [`MAX_POINTS`] at most.
    pub points: Vec<Point>,
}

/// One value of a series.
#[derive(Clone, PartialEq)]
pub struct Point {
    /// Which Observation.
    pub key: ResourceKey,
    /// As written; empty when unknown.
    pub when: String,
    /// The digits of the source.
    pub text: String,
    /// For drawing.
    pub value: Option<f64>,
    /// "High", "Low".
    pub flag: Option<&'static str>,
}

/// The clinical part of a chart.
#[derive(Clone, Default, PartialEq)]
pub struct Chart {
    /// Conditions, current first, then newest first.
    pub problems: Vec<Line>,
    /// Severe first, then current, then newest.
    pub allergies: Vec<Line>,
    /// Current first, then newest first.
    pub medications: Vec<Line>,
    /// Newest first.
    pub immunizations: Vec<Line>,
    /// In the order of a vital-signs sheet.
    pub vitals: Vec<Series>,
    /// By their newest value, newest first.
    pub labs: Vec<Series>,
    /// Newest first.
    pub visits: Vec<Line>,
    /// Newest first.
    pub notes: Vec<Line>,
    /// Newest first.
    pub documents: Vec<Line>,
}

impl Chart {
    /// Lays out `sources`; those that a chart does not show are passed over.
    pub fn lay_out<'a>(sources: impl IntoIterator<Item = Source<'a>>) -> Self {
        let mut chart = Chart::default();
        let (mut vitals, mut labs) = (Sheet::default(), Sheet::default());
        for source in sources {
            let Some(view) = ClinicalView::read(source.key.kind, source.text) else { continue };
            match view.section {
                Section::Vitals => vitals.add(&source.key, view),
                Section::Labs => labs.add(&source.key, view),
                Section::Problems => chart.problems.push(line(source, view)),
                Section::Allergies => chart.allergies.push(line(source, view)),
                Section::Medications => chart.medications.push(line(source, view)),
                Section::Immunizations => chart.immunizations.push(line(source, view)),
                Section::Visits => chart.visits.push(line(source, view)),
                Section::Notes => chart.notes.push(line(source, view)),
                Section::Documents => chart.documents.push(line(source, view)),
            }
        }
        for section in [
            &mut chart.problems,
            &mut chart.allergies,
            &mut chart.medications,
            &mut chart.immunizations,
            &mut chart.visits,
            &mut chart.notes,
            &mut chart.documents,
        ] {
            section.sort_by_cached_key(|line| std::cmp::Reverse((moment(line.when.as_deref()), line.key.clone())));
        }
        chart.problems.sort_by_key(|line| !line.current);
        chart.medications.sort_by_key(|line| !line.current);
        chart.allergies.sort_by_key(|line| (!line.current, !line.severe));
        chart.vitals = vitals.series();
        chart.vitals.sort_by_cached_key(|series| (vital_rank(&series.title), series.title.clone()));
        chart.labs = labs.series();
        chart
    }

    /// The allergies that count: what must be seen before anything is done.
    pub fn alerts(&self) -> impl Iterator<Item = &Line> {
        self.allergies.iter().filter(|line| line.current && !line.absent)
    }
}

fn line(source: Source<'_>, view: ClinicalView) -> Line {
    Line {
        key: source.key,
        title: view.title,
        detail: view.detail,
        status: view.status,
        current: view.current,
        when: view.when,
        severe: view.severe,
        absent: view.absent,
        unsent: source.unsent,
    }
}

type SeriesKey = (String, Option<String>);
type Timed = (Option<i64>, Point, String);

/// Values on their way to series, by code and unit: kilograms and pounds never share a line.
#[derive(Default)]
struct Sheet(BTreeMap<SeriesKey, Vec<Timed>>);

impl Sheet {
    fn add(&mut self, key: &ResourceKey, view: ClinicalView) {
        let at = moment(view.when.as_deref());
        let when = view.when.unwrap_or_default();
        for Measure { code, title, text, value, unit, flag } in view.measures {
            let point = Point { key: key.clone(), when: when.clone(), text, value, flag };
            self.0.entry((code, unit)).or_default().push((at, point, title));
        }
    }

    /// By the newest value, newest first; ties by title.
    fn series(self) -> Vec<Series> {
        let mut all: Vec<(Option<i64>, Series)> = self
            .0
            .into_iter()
            .filter_map(|((_, unit), mut timed)| {
                timed.sort_by(|a, b| (b.0, &b.1.key, &b.1.text).cmp(&(a.0, &a.1.key, &a.1.text)));
                timed.truncate(MAX_POINTS);
                let (newest, title) = timed.first().map(|(at, _, title)| (*at, title.clone()))?;
                let points = timed.into_iter().map(|(_, point, _)| point).collect();
                Some((newest, Series { title, unit, points }))
            })
            .collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.title.cmp(&b.1.title)));
        all.into_iter().map(|(_, series)| series).collect()
    }
}

/// The order of a vital-signs sheet; what is not on it comes after.
fn vital_rank(title: &str) -> usize {
    const SHEET: [&str; 8] =
        ["blood pressure", "heart rate", "respiratory", "temperature", "oxygen", "weight", "height", "mass index"];
    let title = title.to_lowercase();
    SHEET.iter().position(|word| title.contains(word)).unwrap_or(SHEET.len())
}

/// Milliseconds since 1970 of a FHIR date as precise as it is known, for sorting.
fn moment(when: Option<&str>) -> Option<i64> {
    let when = when?;
    if let Some(at) = Stamp::parse(when) {
        return Some(at.millis());
    }
    let date = when.get(..10).unwrap_or(when);
    let whole = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    Stamp::parse(&format!("{whole}T00:00:00Z")).map(Stamp::millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay_out(resources: &[(&str, String)]) -> Chart {
        let source = |(key, text): &(&str, String)| (ResourceKey::parse(key).unwrap(), text.clone());
        let owned: Vec<_> = resources.iter().map(source).collect();
        Chart::lay_out(owned.iter().map(|(key, text)| Source { key: key.clone(), text, unsent: false }))
    }

    fn weight(when: &str, value: &str, unit: &str) -> String {
        format!(
            r#"{{"category":[{{"coding":[{{"code":"vital-signs"}}]}}],"code":{{"coding":[{{"code":"29463-7"}}],"text":"Body weight"}},
               "effectiveDateTime":"{when}","valueQuantity":{{"value":{value},"unit":"{unit}"}}}}"#
        )
    }

    #[test]
    fn a_chart_does_not_depend_on_the_order_of_its_resources() {
        let condition = |when: &str| format!(r#"{{"code":{{"text":"c"}},"onsetDateTime":"{when}"}}"#);
        let mut resources = vec![
            ("Condition/a", condition("2011")),
            ("Condition/b", condition("2011")),
            ("Condition/c", condition("2012-03-04T10:00:00-05:00")),
            ("Observation/1", weight("2020-01-01", "80.0", "kg")),
            ("Observation/2", weight("2020-01-01", "80.0", "kg")),
            ("Observation/3", weight("2021-01-01", "81", "kg")),
        ];
        let one = lay_out(&resources);
        resources.reverse();
        assert!(one == lay_out(&resources));
        let order: Vec<_> = one.problems.iter().map(|line| line.key.to_string()).collect();
        assert_eq!(order, ["Condition/c", "Condition/b", "Condition/a"]);
        assert_eq!(
            one.vitals[0].points.iter().map(|point| point.text.as_str()).collect::<Vec<_>>(),
            ["81", "80.0", "80.0"]
        );
    }

    #[test]
    fn kilograms_and_pounds_never_share_a_line() {
        let chart = lay_out(&[
            ("Observation/1", weight("2020-01-01", "80", "kg")),
            ("Observation/2", weight("2021-01-01", "176", "lb")),
        ]);
        assert_eq!(chart.vitals.len(), 2);
    }

    #[test]
    fn a_long_series_keeps_its_newest_values() {
        let values: Vec<_> = (0..40)
            .map(|n| weight(&format!("2020-01-{:02}T{:02}:00:00Z", n % 28 + 1, n / 28), &n.to_string(), "kg"))
            .collect();
        let ids: Vec<String> = (0..40).map(|n| format!("Observation/{n}")).collect();
        let resources: Vec<_> = ids.iter().map(String::as_str).zip(values).collect();
        let series = &lay_out(&resources).vitals[0];
        assert_eq!(series.points.len(), MAX_POINTS);
        assert_eq!(series.points[0].when, "2020-01-28T00:00:00Z");
    }

    #[test]
    fn a_severe_allergy_that_counts_comes_before_everything() {
        let allergy = |name: &str, status: &str, criticality: &str| {
            format!(
                r#"{{"code":{{"text":"{name}"}},"criticality":"{criticality}","clinicalStatus":{{"coding":[{{"code":"{status}"}}]}}}}"#
            )
        };
        let chart = lay_out(&[
            ("AllergyIntolerance/1", allergy("old", "resolved", "high")),
            ("AllergyIntolerance/2", allergy("pollen", "active", "low")),
            ("AllergyIntolerance/3", allergy("penicillin", "active", "high")),
        ]);
        let titles: Vec<_> = chart.allergies.iter().map(|line| line.title.as_str()).collect();
        assert_eq!(titles, ["penicillin", "pollen", "old"]);
        assert_eq!(chart.alerts().count(), 2);
    }

    #[test]
    fn that_no_allergy_is_known_is_told_and_warns_of_nothing() {
        let alerts = |codes: &str, more: &str| {
            let text = format!(r#"{{"code":{{"coding":[{codes}]}}{more}}}"#);
            let chart = lay_out(&[("AllergyIntolerance/1", text)]);
            assert_eq!(chart.allergies.len(), 1, "it is told: {codes}");
            chart.alerts().count()
        };
        let code = |code: &str| format!(r#"{{"system":"http://snomed.info/sct","code":"{code}"}}"#);
        for none in ["716186003", "409137002", "429625007", "428607008", "716220001", "428197003", "1003774007"] {
            assert_eq!(alerts(&code(none), ""), 0, "{none}");
        }
        let none = code("716186003");
        for (codes, more) in [
            (format!("{none},{}", code("91936005")), ""),
            (none.clone(), r#","criticality":"high""#),
            (none, r#","reaction":[{"manifestation":[{"text":"hives"}]}]"#),
            (String::new(), ""),
        ] {
            assert_eq!(alerts(&codes, more), 1, "{codes} {more}");
        }
    }
}
