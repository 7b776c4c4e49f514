//! MedicationRequest and MedicationStatement.

use super::{ClinicalView, Section, first_of, in_words};
use crate::views::{
    datatypes::{CodeableConcept, Period, Quantity, Reference, filled},
    tolerant::{Number, Str, view},
};

view! {
    /// What someone takes or is to take.
    struct Medication {
        one {
            /// Where it stands.
            status: Str<'a>,
            /// What.
            medication_codeable_concept: CodeableConcept<'a>,
            /// What, as a pointer.
            medication_reference: Reference<'a>,
            /// When it was ordered.
            authored_on: Str<'a>,
            /// When it is taken.
            effective_date_time: Str<'a>,
            /// When it is taken.
            effective_period: Period<'a>,
            /// When it was told.
            date_asserted: Str<'a>,
        }
        many {
            /// How, in a request.
            dosage_instruction: Dosage<'a>,
            /// How, in a statement.
            dosage: Dosage<'a>,
        }
    }

    /// How to take it.
    struct Dosage {
        one {
            /// In words.
            text: Str<'a>,
            /// How often.
            timing: Timing<'a>,
        }
        plain {
            /// When needed.
            as_needed_boolean: bool,
        }
        many {
            /// How much.
            dose_and_rate: Dose<'a>,
        }
    }

    /// How much.
    struct Dose {
        one {
            /// At once.
            dose_quantity: Quantity<'a>,
        }
    }

    /// How often.
    struct Timing {
        one {
            /// "BID".
            code: CodeableConcept<'a>,
            /// In parts.
            repeat: Repeat<'a>,
        }
    }

    /// How often, in parts.
    struct Repeat {
        one {
            /// Times ...
            frequency: Number<'a>,
            /// ... in so many ...
            period: Number<'a>,
            /// ... `h`, `d`, `wk`, `mo`.
            period_unit: Str<'a>,
        }
    }
}

pub(super) fn medication(text: &str) -> Option<ClinicalView> {
    let view: Medication = crate::views::read(text);
    let status = view.status.as_deref();
    if status == Some("entered-in-error") {
        return None;
    }
    let period = view.effective_period.as_ref().and_then(|period| filled(period.start.as_deref()));
    let when =
        first_of(&[&view.authored_on, &view.effective_date_time]).or(period).or(filled(view.date_asserted.as_deref()));
    let mut line = ClinicalView {
        detail: view.dosage_instruction.first().or(view.dosage.first()).and_then(how),
        status: status.map(in_words),
        current: matches!(status, None | Some("active" | "on-hold" | "intended" | "unknown")),
        when: when.map(str::to_owned),
        ..ClinicalView::line(Section::Medications, view.medication_codeable_concept.as_ref())
    };
    if let (None, Some(named)) = (&view.medication_codeable_concept, &view.medication_reference) {
        line.title = filled(named.display.as_deref()).unwrap_or(super::UNNAMED).to_owned();
    }
    Some(line)
}

/// The words of the order, else "500 mg, 2 times a day, as needed".
fn how(dosage: &Dosage) -> Option<String> {
    if let Some(words) = filled(dosage.text.as_deref()) {
        return Some(words.to_owned());
    }
    let dose = dosage.dose_and_rate.iter().find_map(|dose| {
        let quantity = dose.dose_quantity.as_ref()?;
        let unit = filled(quantity.unit.as_deref()).unwrap_or_default();
        Some(format!("{} {unit}", quantity.value?.text()).trim_end().to_owned())
    });
    let timing = dosage.timing.as_ref();
    let coded = timing.and_then(|timing| timing.code.as_ref()?.words()).map(str::to_owned);
    let often = coded.or_else(|| timing.and_then(|timing| often(timing.repeat.as_ref()?)));
    let needed = (dosage.as_needed_boolean == Some(true)).then(|| "as needed".to_owned());
    super::joined(&[dose, often, needed])
}

fn often(repeat: &Repeat) -> Option<String> {
    let unit = match repeat.period_unit.as_deref()? {
        "h" => "hour",
        "d" => "day",
        "wk" => "week",
        "mo" => "month",
        "a" => "year",
        _ => return None,
    };
    let times = match repeat.frequency?.text() {
        "1" => "once".to_owned(),
        "2" => "twice".to_owned(),
        more => format!("{more} times"),
    };
    Some(match repeat.period?.text() {
        "1" | "1.0" => format!("{times} a {unit}"),
        more => format!("{times} every {more} {unit}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dose_reads_as_a_person_would_say_it() {
        for (dosage, expect) in [
            (r#"{"text":"1 tablet at night","asNeededBoolean":true}"#, Some("1 tablet at night")),
            (
                r#"{"doseAndRate":[{"doseQuantity":{"value":1.50,"unit":"mg"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}"#,
                Some("1.50 mg, twice a day"),
            ),
            (
                r#"{"timing":{"repeat":{"frequency":1,"period":8,"periodUnit":"h"}},"asNeededBoolean":true}"#,
                Some("once every 8 hours, as needed"),
            ),
            (r#"{"timing":{"repeat":{"frequency":1,"period":1.0,"periodUnit":"fortnight"}}}"#, None),
            ("{}", None),
        ] {
            let text = format!(
                r#"{{"status":"active","medicationCodeableConcept":{{"text":"x"}},"dosageInstruction":[{dosage}]}}"#
            );
            assert_eq!(medication(&text).unwrap().detail.as_deref(), expect, "{dosage}");
        }
    }

    #[test]
    fn a_stopped_medication_does_not_count() {
        let line =
            medication(r#"{"status":"stopped","medicationReference":{"display":"Ibuprofen"},"authoredOn":"2020"}"#)
                .unwrap();
        assert_eq!((line.title.as_str(), line.current, line.when.as_deref()), ("Ibuprofen", false, Some("2020")));
    }
}
