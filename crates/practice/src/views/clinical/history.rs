//! Condition, AllergyIntolerance, Immunization.

use super::{ClinicalView, Section, first_of, in_words, is_mistake, joined, year};
use crate::views::{
    datatypes::{CodeableConcept, Period, filled},
    tolerant::{Str, view},
};

view! {
    /// Condition, AllergyIntolerance and Immunization have most elements in common.
    struct History {
        one {
            /// What it is.
            code: CodeableConcept<'a>,
            /// What was given.
            vaccine_code: CodeableConcept<'a>,
            /// Conditions and allergies.
            clinical_status: CodeableConcept<'a>,
            /// Conditions and allergies.
            verification_status: CodeableConcept<'a>,
            /// Immunizations.
            status: Str<'a>,
            /// Why it was not given.
            status_reason: CodeableConcept<'a>,
            /// Conditions.
            severity: CodeableConcept<'a>,
            /// `high`, `low`.
            criticality: Str<'a>,
            /// When it began.
            onset_date_time: Str<'a>,
            /// When it began, in words.
            onset_string: Str<'a>,
            /// When it began, roughly.
            onset_period: Period<'a>,
            /// When it ended.
            abatement_date_time: Str<'a>,
            /// When it ended, in words.
            abatement_string: Str<'a>,
            /// When it was given.
            occurrence_date_time: Str<'a>,
            /// When it was given, in words.
            occurrence_string: Str<'a>,
            /// When it was written down.
            recorded_date: Str<'a>,
            /// The batch of a vaccine.
            lot_number: Str<'a>,
        }
        many {
            /// What an allergy did.
            reaction: Reaction<'a>,
        }
    }

    /// What an allergy did.
    struct Reaction {
        one {
            /// `mild`, `moderate`, `severe`.
            severity: Str<'a>,
        }
        many {
            /// Hives, anaphylaxis.
            manifestation: CodeableConcept<'a>,
        }
    }
}

impl History<'_> {
    fn began(&self) -> Option<&str> {
        let period = self.onset_period.as_ref().and_then(|period| period.start.as_deref());
        filled(self.onset_date_time.as_deref()).or(filled(period))
    }

    /// Active, unless a status or an end says otherwise.
    fn is_current(&self) -> bool {
        let refuted = self.verification_status.as_ref().is_some_and(|concept| concept.has("refuted"));
        let ended = self.abatement_date_time.is_some() || self.abatement_string.is_some();
        let status = self.clinical_status.as_ref().and_then(CodeableConcept::code);
        !refuted && status.map_or(!ended, |status| matches!(status, "active" | "recurrence" | "relapse"))
    }

    /// Says that no allergy is known, and nothing else that would speak of one.
    fn says_none(&self) -> bool {
        let codings = self.code.iter().flat_map(|concept| &concept.coding);
        let mut codes = codings.map(|coding| coding.code.as_deref().unwrap_or_default()).peekable();
        let only = codes.peek().is_some() && codes.all(|code| NONE_KNOWN.contains(&code));
        only && self.reaction.is_empty() && self.criticality.as_deref() != Some("high")
    }

    fn status_words(&self) -> Option<String> {
        let refuted = self.verification_status.as_ref().filter(|concept| concept.has("refuted"));
        refuted.or(self.clinical_status.as_ref()).and_then(CodeableConcept::code).map(in_words)
    }
}

pub(super) fn condition(text: &str) -> Option<ClinicalView> {
    let view: History = crate::views::read(text);
    if is_mistake(view.verification_status.as_ref()) {
        return None;
    }
    let since = view.began().and_then(year).map(|year| format!("since {year}"));
    let until = view.abatement_date_time.as_deref().and_then(year).map(|year| format!("until {year}"));
    let severity = view.severity.as_ref().and_then(CodeableConcept::words).map(str::to_lowercase);
    let onset_words = filled(view.onset_string.as_deref()).map(str::to_owned);
    Some(ClinicalView {
        detail: joined(&[severity, since.or(onset_words), until]),
        status: view.status_words(),
        current: view.is_current(),
        when: view.began().or(filled(view.recorded_date.as_deref())).map(str::to_owned),
        ..ClinicalView::line(Section::Problems, view.code.as_ref())
    })
}

/// SNOMED CT's codes of FHIR's allergy codes that say there is none: of any kind, to drugs, food, the environment, animals, insects, latex.
const NONE_KNOWN: [&str; 7] =
    ["716186003", "409137002", "429625007", "428607008", "716220001", "428197003", "1003774007"];

pub(super) fn allergy(text: &str) -> Option<ClinicalView> {
    let view: History = crate::views::read(text);
    if is_mistake(view.verification_status.as_ref()) {
        return None;
    }
    let shown = view.reaction.iter().flat_map(|reaction| &reaction.manifestation).filter_map(CodeableConcept::words);
    let shown = shown.collect::<Vec<_>>().join(", ");
    let severe = |reaction: &Reaction| reaction.severity.as_deref() == Some("severe");
    let began = view.began().and_then(year).map(str::to_owned);
    Some(ClinicalView {
        detail: joined(&[Some(shown), began]),
        status: view.status_words(),
        current: view.is_current(),
        when: view.began().or(filled(view.recorded_date.as_deref())).map(str::to_owned),
        severe: view.criticality.as_deref() == Some("high") || view.reaction.iter().any(severe),
        absent: view.says_none(),
        ..ClinicalView::line(Section::Allergies, view.code.as_ref())
    })
}

pub(super) fn immunization(text: &str) -> Option<ClinicalView> {
    let view: History = crate::views::read(text);
    let status = view.status.as_deref();
    if status == Some("entered-in-error") {
        return None;
    }
    let lot = filled(view.lot_number.as_deref()).map(|lot| format!("lot {lot}"));
    let reason = view.status_reason.as_ref().and_then(CodeableConcept::words).map(str::to_owned);
    Some(ClinicalView {
        detail: joined(&[reason, lot]),
        status: status.map(in_words),
        current: status == Some("completed"),
        when: first_of(&[&view.occurrence_date_time, &view.occurrence_string, &view.recorded_date]).map(str::to_owned),
        ..ClinicalView::line(Section::Immunizations, view.vaccine_code.as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_since_when_and_whether_it_counts() {
        for (status, current) in [("active", true), ("relapse", true), ("resolved", false), ("inactive", false)] {
            let text = format!(
                r#"{{"code":{{"text":"Hypertension"}},"onsetDateTime":"2011-05","clinicalStatus":{{"coding":[{{"code":"{status}"}}]}}}}"#
            );
            let line = condition(&text).unwrap();
            assert_eq!(
                (line.title.as_str(), line.detail.as_deref(), line.current),
                ("Hypertension", Some("since 2011"), current)
            );
        }
        assert!(condition("{}").unwrap().current, "a problem without any status must be seen");
        assert!(!condition(r#"{"abatementDateTime":"2012"}"#).unwrap().current);
        assert!(condition(r#"{"verificationStatus":{"coding":[{"code":"entered-in-error"}]}}"#).is_none());
    }

    #[test]
    fn an_allergy_is_severe_by_criticality_or_by_what_it_did() {
        let high = allergy(
            r#"{"code":{"text":"penicillin"},"criticality":"high","onsetDateTime":"2011-01-01",
            "reaction":[{"manifestation":[{"text":"anaphylaxis"}]}]}"#,
        )
        .unwrap();
        assert_eq!((high.detail.as_deref(), high.severe, high.current), (Some("anaphylaxis, 2011"), true, true));
        assert!(allergy(r#"{"reaction":[{"severity":"severe"}]}"#).unwrap().severe);
        let refuted = allergy(r#"{"verificationStatus":{"coding":[{"code":"refuted"}]}}"#).unwrap();
        assert_eq!((refuted.current, refuted.status.as_deref(), refuted.severe), (false, Some("Refuted"), false));
    }

    #[test]
    fn a_vaccine_that_was_not_given_does_not_count() {
        let line =
            immunization(r#"{"status":"not-done","vaccineCode":{"text":"MMR"},"statusReason":{"text":"refused"}}"#)
                .unwrap();
        assert_eq!(
            (line.status.as_deref(), line.detail.as_deref(), line.current),
            (Some("Not done"), Some("refused"), false)
        );
    }
}
