//! DocumentReference, and DiagnosticReports that carry a document.

use super::{ClinicalView, Section, first_of, in_words, joined};
use crate::{
    resource::ResourceType,
    views::{
        datatypes::{CodeableConcept, Reference, filled},
        tolerant::{Str, view},
    },
};

view! {
    /// A document.
    struct Document {
        one {
            /// Whether it holds.
            status: Str<'a>,
            /// What kind.
            r#type: CodeableConcept<'a>,
            /// What kind of report.
            code: CodeableConcept<'a>,
            /// What it is called.
            description: Str<'a>,
            /// When.
            date: Str<'a>,
            /// When the report's findings were made.
            effective_date_time: Str<'a>,
            /// When the report was made known.
            issued: Str<'a>,
        }
        many {
            /// `clinical-note` ...
            category: CodeableConcept<'a>,
            /// By whom.
            author: Reference<'a>,
            /// The document itself.
            content: Content<'a>,
            /// A report's document.
            presented_form: Attachment<'a>,
        }
    }

    /// The document itself.
    struct Content {
        one {
            /// Where.
            attachment: Attachment<'a>,
        }
    }

    /// A file.
    struct Attachment {
        one {
            /// Its name.
            title: Str<'a>,
        }
    }
}

pub(super) fn note(kind: ResourceType, text: &str) -> Option<ClinicalView> {
    let view: Document = crate::views::read(text);
    let status = view.status.as_deref();
    let is_report = kind.as_str() == "DiagnosticReport";
    if status == Some("entered-in-error") || (is_report && view.presented_form.is_empty()) {
        return None;
    }
    let is_note = view.category.iter().any(|concept| concept.has("clinical-note"));
    let section = if is_note { Section::Notes } else { Section::Documents };
    let author = view.author.iter().find_map(|author| filled(author.display.as_deref())).map(str::to_owned);
    let attachment = view.content.iter().filter_map(|content| content.attachment.as_ref()).chain(&view.presented_form);
    let file = attachment.into_iter().find_map(|file| filled(file.title.as_deref())).map(str::to_owned);
    let mut line = ClinicalView {
        status: status.map(in_words),
        current: !matches!(status, Some("superseded")),
        when: first_of(&[&view.date, &view.effective_date_time, &view.issued]).map(str::to_owned),
        ..ClinicalView::line(section, view.r#type.as_ref().or(view.code.as_ref()))
    };
    let named = filled(view.description.as_deref()).map(str::to_owned).or_else(|| file.clone());
    if let Some(name) = named.filter(|_| view.description.is_some() || line.title == super::UNNAMED) {
        line.title = name;
    }
    line.detail = joined(&[author, file.filter(|file| *file != line.title)]);
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinical_note_is_a_note_and_everything_else_a_document() {
        let kind = ResourceType::parse("DocumentReference").unwrap();
        let note = |category: &str| {
            let text = format!(
                r#"{{"status":"current","type":{{"text":"Progress note"}},"category":[{{"coding":[{{"code":"{category}"}}]}}],
                   "author":[{{"display":"Ann Sample, MD"}}],"date":"2025-01-02","content":[{{"attachment":{{"title":"a.pdf"}}}}]}}"#
            );
            super::note(kind, &text).unwrap()
        };
        assert_eq!(note("clinical-note").section, Section::Notes);
        let document = note("other");
        assert_eq!((document.section, document.title.as_str()), (Section::Documents, "Progress note"));
        assert_eq!(document.detail.as_deref(), Some("Ann Sample, MD, a.pdf"));
        let report = ResourceType::parse("DiagnosticReport").unwrap();
        assert!(super::note(report, r#"{"status":"final","code":{"text":"Lipid panel"}}"#).is_none());
    }
}
