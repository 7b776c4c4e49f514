//! Observation: vital signs and laboratory results, value for value as written.

use super::{ClinicalView, Measure, Section, in_words};
use crate::views::{
    datatypes::{CodeableConcept, Period, Quantity, filled},
    tolerant::{Number, Str, view},
};

view! {
    /// What was measured.
    struct Observation {
        one {
            /// Where it stands.
            status: Str<'a>,
            /// What.
            code: CodeableConcept<'a>,
            /// When.
            effective_date_time: Str<'a>,
            /// When.
            effective_period: Period<'a>,
            /// When.
            effective_instant: Str<'a>,
            /// When it was made known.
            issued: Str<'a>,
            /// How much.
            value_quantity: Quantity<'a>,
            /// In words.
            value_string: Str<'a>,
            /// In a code.
            value_codeable_concept: CodeableConcept<'a>,
            /// How many.
            value_integer: Number<'a>,
        }
        many {
            /// `vital-signs`, `laboratory` ...
            category: CodeableConcept<'a>,
            /// High, low.
            interpretation: CodeableConcept<'a>,
            /// Parts, as of a blood pressure.
            component: Component<'a>,
        }
    }

    /// One part of what was measured.
    struct Component {
        one {
            /// What.
            code: CodeableConcept<'a>,
            /// How much.
            value_quantity: Quantity<'a>,
            /// In words.
            value_string: Str<'a>,
            /// In a code.
            value_codeable_concept: CodeableConcept<'a>,
            /// How many.
            value_integer: Number<'a>,
        }
        many {
            /// High, low.
            interpretation: CodeableConcept<'a>,
        }
    }
}

/// LOINC: the panel, and its two parts.
const BLOOD_PRESSURE: &str = "85354-9";
const SYSTOLIC: &str = "8480-6";
const DIASTOLIC: &str = "8462-4";

pub(super) fn observation(text: &str) -> Option<ClinicalView> {
    let view: Observation = crate::views::read(text);
    let status = view.status.as_deref();
    if matches!(status, Some("entered-in-error" | "cancelled")) {
        return None;
    }
    let is = |category: &str| view.category.iter().any(|concept| concept.has(category));
    let section = match () {
        () if is("vital-signs") || is("vital-sign") => Section::Vitals,
        () if is("laboratory") => Section::Labs,
        () => return None,
    };
    let period = view.effective_period.as_ref().and_then(|period| period.start.as_deref());
    let when = super::first_of(&[&view.effective_date_time, &view.effective_instant])
        .or(filled(period))
        .or(filled(view.issued.as_deref()));
    Some(ClinicalView {
        status: status.map(in_words),
        when: when.map(str::to_owned),
        measures: measures(&view),
        ..ClinicalView::line(section, view.code.as_ref())
    })
}

fn measures(view: &Observation) -> Vec<Measure> {
    let whole = Value {
        quantity: view.value_quantity.as_ref(),
        string: filled(view.value_string.as_deref()),
        concept: view.value_codeable_concept.as_ref().and_then(CodeableConcept::words),
        integer: view.value_integer,
    };
    let whole = measure(view.code.as_ref(), &whole, &view.interpretation);
    whole.into_iter().chain(pressure(view)).chain(parts(view)).collect()
}

fn parts<'v>(view: &'v Observation) -> impl Iterator<Item = Measure> + 'v {
    let paired = pressure(view).is_some();
    let single = move |part: &&Component| !(paired && (has(part, SYSTOLIC) || has(part, DIASTOLIC)));
    view.component
        .iter()
        .filter(single)
        .filter_map(|part| measure(part.code.as_ref(), &part.value(), &part.interpretation))
}

/// "120/80", when both parts are there.
fn pressure(view: &Observation) -> Option<Measure> {
    let part = |code| view.component.iter().find(|part| has(part, code));
    let (high, low) = (part(SYSTOLIC)?, part(DIASTOLIC)?);
    let text = format!("{}/{}", high.value().text()?, low.value().text()?);
    let flags = high.interpretation.iter().chain(&low.interpretation).chain(&view.interpretation);
    Some(Measure {
        code: BLOOD_PRESSURE.to_owned(),
        title: "Blood pressure".to_owned(),
        text,
        value: high.value().number(),
        unit: high.value().unit(),
        flag: flags.into_iter().find_map(flag),
    })
}

fn has(part: &Component, code: &str) -> bool {
    part.code.as_ref().is_some_and(|concept| concept.has(code))
}

impl<'a> Component<'a> {
    fn value(&self) -> Value<'_, 'a> {
        Value {
            quantity: self.value_quantity.as_ref(),
            string: filled(self.value_string.as_deref()),
            concept: self.value_codeable_concept.as_ref().and_then(CodeableConcept::words),
            integer: self.value_integer,
        }
    }
}

/// FHIR's `value[x]`, whichever of them there is.
struct Value<'v, 'a> {
    quantity: Option<&'v Quantity<'a>>,
    string: Option<&'v str>,
    concept: Option<&'v str>,
    integer: Option<Number<'a>>,
}

impl Value<'_, '_> {
    fn text(&self) -> Option<String> {
        if let Some((quantity, value)) = self.quantity.and_then(|quantity| Some((quantity, quantity.value?))) {
            let comparator = filled(quantity.comparator.as_deref()).map(|sign| format!("{sign} ")).unwrap_or_default();
            return Some(format!("{comparator}{}", value.text()));
        }
        self.integer.map(Number::text).or(self.string).or(self.concept).map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.quantity.and_then(|quantity| quantity.value).or(self.integer)?.value()
    }

    fn unit(&self) -> Option<String> {
        let quantity = self.quantity?;
        filled(quantity.unit.as_deref()).or(filled(quantity.code.as_deref())).map(str::to_owned)
    }
}

fn measure(code: Option<&CodeableConcept>, value: &Value, interpretation: &[CodeableConcept]) -> Option<Measure> {
    let title = code.and_then(CodeableConcept::words).unwrap_or(super::UNNAMED);
    Some(Measure {
        code: code.and_then(CodeableConcept::code).unwrap_or(title).to_owned(),
        title: title.to_owned(),
        text: value.text()?,
        value: value.number(),
        unit: value.unit(),
        flag: interpretation.iter().find_map(flag),
    })
}

/// HL7 v3 ObservationInterpretation (<https://hl7.org/fhir/R4/valueset-observation-interpretation.html>).
fn flag(concept: &CodeableConcept) -> Option<&'static str> {
    match concept.code()? {
        "H" | "HH" | "HU" | "HX" | ">" => Some("High"),
        "L" | "LL" | "LU" | "LX" | "<" => Some("Low"),
        "A" | "AA" => Some("Abnormal"),
        "POS" => Some("Positive"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> ClinicalView {
        observation(&format!(r#"{{"category":[{{"coding":[{{"code":"laboratory"}}]}}],"code":{{"coding":[{{"code":"1"}}],"text":"T"}},{rest}}}"#))
            .unwrap()
    }

    #[test]
    fn a_value_keeps_the_digits_of_its_source() {
        for (value, text, number) in [
            (r#""valueQuantity":{"value":1.10,"unit":"mg"}"#, "1.10", Some(1.1)),
            (r#""valueQuantity":{"value":5,"comparator":"<"}"#, "< 5", Some(5.0)),
            (r#""valueQuantity":{"value":1e999}"#, "1e999", None),
            (r#""valueQuantity":{"value":-0.0}"#, "-0.0", Some(0.0)),
            (r#""valueInteger":12"#, "12", Some(12.0)),
            (r#""valueString":"negative""#, "negative", None),
            (r#""valueCodeableConcept":{"text":"Type O"}"#, "Type O", None),
        ] {
            let measure = &read(value).measures[0];
            assert_eq!((measure.text.as_str(), measure.value), (text, number), "{value}");
        }
        assert!(read(r#""valueQuantity":{"value":"7"}"#).measures.is_empty(), "a string is no number");
    }

    #[test]
    fn a_blood_pressure_is_one_pair() {
        let part = |code: &str, value: &str, flag: &str| {
            format!(
                r#"{{"code":{{"coding":[{{"code":"{code}"}}]}},"valueQuantity":{{"value":{value},"unit":"mmHg"}},
                   "interpretation":[{{"coding":[{{"code":"{flag}"}}]}}]}}"#
            )
        };
        let both = read(&format!(r#""component":[{},{}]"#, part(DIASTOLIC, "80", "N"), part(SYSTOLIC, "142", "H")));
        let [pair] = both.measures.as_slice() else { panic!("one measure") };
        assert_eq!(
            (pair.title.as_str(), pair.text.as_str(), pair.value, pair.flag),
            ("Blood pressure", "142/80", Some(142.0), Some("High"))
        );
        let half = read(&format!(r#""component":[{}]"#, part(SYSTOLIC, "142", "N")));
        assert_eq!(half.measures[0].text, "142");
    }

    #[test]
    fn what_is_neither_vital_sign_nor_laboratory_or_is_a_mistake_is_not_shown() {
        assert!(observation(r#"{"category":[{"coding":[{"code":"survey"}]}]}"#).is_none());
        assert!(
            observation(r#"{"status":"entered-in-error","category":[{"coding":[{"code":"laboratory"}]}]}"#).is_none()
        );
        assert!(observation("{}").is_none());
    }
}
