//! Encounter.

use super::{ClinicalView, Section, in_words, joined};
use crate::views::{
    datatypes::{CodeableConcept, Coding, Period, Reference, filled},
    tolerant::{Str, view},
};

view! {
    /// A visit.
    struct Encounter {
        one {
            /// Where it stands.
            status: Str<'a>,
            /// Ambulatory, virtual ...
            class: Coding<'a>,
            /// When.
            period: Period<'a>,
        }
        many {
            /// What kind.
            r#type: CodeableConcept<'a>,
            /// Why.
            reason_code: CodeableConcept<'a>,
            /// Who.
            participant: Attendant<'a>,
        }
    }

    /// Who was there.
    struct Attendant {
        one {
            /// The practitioner.
            individual: Reference<'a>,
        }
    }
}

pub(super) fn encounter(text: &str) -> Option<ClinicalView> {
    let view: Encounter = crate::views::read(text);
    let status = view.status.as_deref();
    if status == Some("entered-in-error") {
        return None;
    }
    let reason = view.reason_code.iter().find_map(CodeableConcept::words).map(str::to_owned);
    let who = view.participant.iter().find_map(|one| filled(one.individual.as_ref()?.display.as_deref()));
    let mut line = ClinicalView {
        detail: joined(&[reason, who.map(str::to_owned)]),
        status: status.map(in_words),
        current: matches!(status, Some("arrived" | "triaged" | "in-progress" | "onleave")),
        when: view.period.as_ref().and_then(|period| filled(period.start.as_deref())).map(str::to_owned),
        ..ClinicalView::line(Section::Visits, view.r#type.first())
    };
    if let (true, Some(class)) = (view.r#type.is_empty(), &view.class) {
        line.title = filled(class.display.as_deref()).unwrap_or("Visit").to_owned();
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_says_what_why_and_with_whom() {
        let text = r#"{"status":"finished","type":[{"text":"Check up"}],"reasonCode":[{"text":"Cough"}],
            "participant":[{"individual":{"reference":"Practitioner/a","display":"Ann Sample, MD"}}],
            "period":{"start":"2025-01-02T10:00:00Z"}}"#;
        let line = encounter(text).unwrap();
        assert_eq!((line.title.as_str(), line.detail.as_deref()), ("Check up", Some("Cough, Ann Sample, MD")));
        assert_eq!((line.when.as_deref(), line.current), (Some("2025-01-02T10:00:00Z"), false));
        assert_eq!(encounter(r#"{"class":{"code":"AMB"}}"#).unwrap().title, "Visit");
    }
}
