//! Merge two records of one person, and take that apart again.
//!
//! Only the two Patients change (and who pays, where that was chosen): `practice::patient::same` says why.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    patient::{GENDERS, LANGUAGES, PatientForm, likely::Sought, problems, same},
    permission::RegisterPatient,
    resource::ResourceKey,
    time::Stamp,
    views::PatientView,
};
use store::{ChartRows, NewText, PatientHit, Registration};

use super::{
    change::Edit,
    change_patient::{Made, made},
    patient_form::{form_of, unknown, version_of},
    register::odd,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{MergeField, MergePage, MergeRequest, MergeSide, PatientCheck, PatientSaved},
    session::Workstation,
};

impl Workstation {
    /// The record of `patient` beside that of `other`, or beside nobody yet, with who else they may be.
    ///
    /// # Errors
    /// When locked or not allowed, or when one of them is not known here.
    pub fn merge_page(&self, patient: &str, other: Option<&str>) -> Outcome<MergePage> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let now = self.clock.now();
            let (own, form) = desk.side(patient, now)?;
            let Some(other) = other else {
                let sought = Sought::of(&form);
                let mut likely = sought.map(|sought| desk.likely(&form, &sought, now)).transpose()?.unwrap_or_default();
                likely.retain(|one| one.patient.id != own.patient.id);
                return Ok(MergePage { own, other: None, likely, fields: Vec::new() });
            };
            let (other, others) = desk.side(other, now)?;
            if other.patient.id == own.patient.id {
                return refuse(Code::Invalid, "That is the same record already. Choose another.");
            }
            Ok(MergePage { own, other: Some(other), likely: Vec::new(), fields: fields(&form, &others) })
        })
    }

    /// Merges one record into another. What belongs to it stays under its id, and is shown with the one that stays.
    ///
    /// # Errors
    /// When locked or not allowed, for records not known here, for those that were merged already, or when somebody
    /// changed one of them since they were looked at.
    pub fn merge_patients(&self, wish: MergeRequest) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let (Some(stays), Some(goes)) = (PatientId::parse(&wish.stays), PatientId::parse(&wish.goes)) else {
                return unknown();
            };
            if stays == goes {
                return refuse(Code::Invalid, "That is the same record already. Choose another.");
            }
            let (kept, gone) = (desk.written(&stays)?, desk.written(&goes)?);
            if version_of(&kept) != wish.stays_version || version_of(&gone) != wish.goes_version {
                return refuse(
                    Code::NotNow,
                    "Somebody changed one of them meanwhile. Nothing was merged: look at both again.",
                );
            }
            if [&kept, &gone].iter().any(|here| same::replaced_by(&here.patient.text).is_some()) {
                return refuse(Code::NotNow, "One of them was merged already. Close this, and look at the chart again.");
            }
            let now = self.clock.now();
            let (old, theirs) = (form_of(&kept).clean(), form_of(&gone).clean());
            let form = same::chosen(&old, &theirs, &wish.fields);
            // What was chosen stands in one of them already: only what is nonsense together is refused.
            let wrong = problems(&form, desk.enrolled.zone.today(now));
            let known = problems(&old, desk.enrolled.zone.today(now));
            if wrong.iter().any(|problem| known.iter().all(|before| before.field != problem.field)) {
                return refuse(
                    Code::Invalid,
                    "Something that would be kept can't be saved so. Choose the other value, or mend it in its chart first.",
                );
            }
            let mut texts = made(&stays, &kept, &old, &form)?;
            let (own, version) = match texts.iter().position(|(key, ..)| *key == ResourceKey::patient(&stays)) {
                Some(at) => {
                    let (_, text, version) = texts.remove(at);
                    (text, version)
                }
                None => (kept.patient.text.clone(), Some(kept.patient.version.clone())),
            };
            let after = same::replace(&own, &goes).map_err(|_| odd())?;
            let retired = same::retire(&gone.patient.text, &stays).map_err(|_| odd())?;
            texts.push((ResourceKey::patient(&goes), retired, Some(gone.patient.version)));
            self.commit_records(desk, &stays, (after, version), texts, "merged two records", wish.comment)
        })
    }

    /// Takes a merge apart, however long ago it was: the record `gone` is in use again, with all that belongs to it. What
    /// was kept from it stays with the other as well.
    ///
    /// # Errors
    /// When locked or not allowed, or when that record was not merged into another.
    pub fn unmerge(&self, gone: &str, comment: Option<String>) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let Some(id) = PatientId::parse(gone) else { return unknown() };
            let here = desk.written(&id)?;
            let Some(stays) = same::replaced_by(&here.patient.text) else {
                return refuse(Code::NotNow, "That record stands alone already. Look at the chart again.");
            };
            let mut texts = Vec::<Made>::new();
            // The other may have been taken apart elsewhere, or not have come here.
            if let Some(other) = desk.store.peek(&ResourceKey::patient(&stays)).map_err(|e| e.refusal())? {
                let text = same::release(&other.text, &id).map_err(|_| odd())?;
                if text != other.text {
                    texts.push((ResourceKey::patient(&stays), text, Some(other.version)));
                }
            }
            let after = same::revive(&here.patient.text, &stays).map_err(|_| odd())?;
            let own = (after, Some(here.patient.version));
            self.commit_records(desk, &id, own, texts, "took two merged records apart", comment)
        })
    }

    pub(super) fn commit_records(
        &self,
        desk: &Desk,
        id: &PatientId,
        (after, base): (String, Option<String>),
        others: Vec<Made>,
        activity: &str,
        comment: Option<String>,
    ) -> Outcome<PatientSaved> {
        let hit = PatientHit::of(id.clone(), &PatientView::read(&after));
        let others: Vec<NewText<'_>> =
            others.iter().map(|(key, text, base)| NewText { key: key.clone(), text, base: base.as_deref() }).collect();
        let edit = Edit { key: ResourceKey::patient(id), base, after, activity: activity.to_owned(), comment };
        let check = PatientCheck { birth_date: None, very_old: false, problems: Vec::new(), likely: Vec::new() };
        self.commit_patient(desk, edit, &others, hit, check)
    }
}

impl Desk {
    fn written(&self, id: &PatientId) -> Outcome<Registration> {
        match self.store.peek_registration(id).map_err(|e| e.refusal())? {
            Some(here) => Ok(here),
            None => unknown(),
        }
    }

    /// One side of the page, and its form. Reading it is told as a look at the chart.
    fn side(&self, patient: &str, now: Stamp) -> Outcome<(MergeSide, PatientForm)> {
        let Some(id) = PatientId::parse(patient) else { return unknown() };
        let id = self.store.survivor_of(&id).map_err(|e| e.refusal())?;
        let query = Some("to merge".to_owned());
        let record = AuditRecord { patient: Some(id.clone()), query, ..self.tells(now, AuditAction::ReadChart) };
        let Some(rows) = self.store.chart(&id, &record).map_err(|e| e.refusal())? else { return unknown() };
        let here = self.written(&id)?;
        let (visits, notes) = counts(&rows);
        let patient = crate::show::patient(rows.patient, self.enrolled.zone.today(now));
        let merged = u32::try_from(rows.merged.len()).unwrap_or(u32::MAX);
        Ok((MergeSide { patient, version: version_of(&here), visits, notes, merged }, form_of(&here).clean()))
    }
}

/// How many visits and how many notes and documents a chart has.
fn counts(rows: &ChartRows) -> (u32, u32) {
    let count = |some: usize| u32::try_from(some).unwrap_or(u32::MAX);
    (count(rows.appointments.len()), count(rows.chart.notes.len() + rows.chart.documents.len()))
}

/// What either form says, in the words that a person reads.
fn fields(own: &PatientForm, other: &PatientForm) -> Vec<MergeField> {
    let may = |form: &PatientForm| form.may_contact.map(|may| if may { "Yes" } else { "No" }.to_owned());
    let said = |field: &'static str, word: &'static str, own: String, other: String| MergeField {
        field: field.into(),
        word: word.into(),
        own,
        other,
    };
    let texts = own.lines().zip(other.lines());
    let texts = texts.map(|((field, word, own), (.., other))| said(field, word, read(field, own), read(field, other)));
    let may =
        said("may_contact", "consent to be contacted", may(own).unwrap_or_default(), may(other).unwrap_or_default());
    texts.chain([may]).filter(|line| !(line.own.is_empty() && line.other.is_empty())).collect()
}

/// A value of a form as a person reads it.
fn read(field: &str, value: &str) -> String {
    let known = match field {
        "gender" => GENDERS,
        "language" => LANGUAGES,
        _ => &[],
    };
    known.iter().find(|(code, _)| *code == value).map_or(value, |(_, word)| *word).to_owned()
}
