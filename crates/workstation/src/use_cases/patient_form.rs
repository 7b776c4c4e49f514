//! The form that a patient is written down with, and what is said of it while it is filled in.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    patient::{GENDERS, LANGUAGES, PRONOUNS, PatientForm, Plan, Problem, birth, likely::Sought, problems, read},
    permission::RegisterPatient,
    resource::ResourceKey,
    time::Stamp,
};
use store::{Registration, Stored};

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{FieldProblem, LikelyPatient, PatientCheck, PatientPage, Pick},
    session::Workstation,
};

/// Likely patients shown at most.
const MOST: usize = 5;

impl Workstation {
    /// The form of `patient` as they stand, or of somebody new who was looked for by `typed`.
    ///
    /// # Errors
    /// When locked or not allowed, or when there is no such patient here.
    pub fn patient_form(&self, patient: Option<&str>, typed: &str) -> Outcome<PatientPage> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let now = self.clock.now();
            let Some(patient) = patient else {
                return Ok(page(PatientForm::guess(typed, desk.enrolled.zone.today(now)), None));
            };
            let Some(id) = PatientId::parse(patient) else { return unknown() };
            let id = desk.store.survivor_of(&id).map_err(|e| e.refusal())?;
            let resource = Some(ResourceKey::patient(&id));
            let record = AuditRecord { patient: Some(id.clone()), resource, ..desk.tells(now, AuditAction::Read) };
            match desk.store.registration(&id, &record).map_err(|e| e.refusal())? {
                Some(here) => Ok(page(form_of(&here), Some(version_of(&here)))),
                None => unknown(),
            }
        })
    }

    /// What is said of a form of somebody new, or of `patient`. Looking for likely ones is a search, and told as one.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn check_patient(&self, form: PatientForm, patient: Option<&str>) -> Outcome<PatientCheck> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            Ok(desk.looked_over(form, patient.and_then(PatientId::parse).as_ref(), self.clock.now())?.1)
        })
    }
}

impl Desk {
    /// The form as it would be saved, and what is said of it.
    pub(super) fn looked_over(
        &self,
        form: PatientForm,
        patient: Option<&PatientId>,
        now: Stamp,
    ) -> Outcome<(PatientForm, PatientCheck)> {
        let today = self.enrolled.zone.today(now);
        let mut form = form.clean();
        let mut wrong = problems(&form, today);
        if !form.record_number.is_empty()
            && self.store.has_record_number(&form.record_number, patient).map_err(|e| e.refusal())?
        {
            wrong.push(Problem {
                field: "record_number",
                say: "Somebody here has that record number. Look at both charts, or leave it empty for now.",
            });
        }
        let born = birth::read(&form.birth_date, today);
        if let Some(born) = &born {
            form.birth_date.clone_from(born);
        }
        let likely = match Sought::of(&form) {
            // Who is here already is nobody to be registered.
            Some(sought) if patient.is_none() => self.likely(&form, &sought, now)?,
            _ => Vec::new(),
        };
        let problem = |one: Problem| FieldProblem { field: one.field.into(), say: one.say.into() };
        let check = PatientCheck {
            very_old: born.as_deref().is_some_and(|born| birth::is_very_old(born, today)),
            birth_date: born,
            problems: wrong.into_iter().map(problem).collect(),
            likely,
        };
        Ok((form, check))
    }

    pub(super) fn likely(&self, form: &PatientForm, sought: &Sought, now: Stamp) -> Outcome<Vec<LikelyPatient>> {
        let asked = [&form.family, &form.given, &form.birth_date, &form.mobile, &form.phone];
        let asked: Vec<&str> = asked.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
        let query = format!("like {}", asked.join(" ")).chars().take(200).collect();
        let record = AuditRecord { query: Some(query), ..self.tells(now, AuditAction::Search) };
        let found = self.store.alike(sought, MOST, &record).map_err(|e| e.refusal())?;
        let today = self.enrolled.zone.today(now);
        Ok(found
            .into_iter()
            .map(|(hit, signs)| LikelyPatient {
                patient: crate::show::patient(hit, today),
                why: signs.into_iter().map(|sign| sign.words().to_owned()).collect(),
            })
            .collect())
    }
}

/// What is written down of a patient.
pub(super) fn form_of(here: &Registration) -> PatientForm {
    let plan = plan_of(here).map(|(_, _, plan)| plan).unwrap_or_default();
    PatientForm { payer: plan.payer, member_number: plan.member_number, ..read(&here.patient.text) }
}

/// The plan that pays now: the first that is in force.
pub(super) fn plan_of(here: &Registration) -> Option<(&ResourceKey, &Stored, Plan)> {
    here.coverages.iter().find_map(|(key, stored)| Some((key, stored, Plan::read(&stored.text)?)))
}

/// The versions of all that the form shows.
pub(super) fn version_of(here: &Registration) -> String {
    let coverages = here.coverages.iter().map(|(key, stored)| format!(" {key} {}", stored.version));
    std::iter::once(here.patient.version.clone()).chain(coverages).collect()
}

fn page(form: PatientForm, version: Option<String>) -> PatientPage {
    let picks = |all: &[(&str, &str)]| -> Vec<Pick> {
        all.iter().map(|(value, word)| Pick { value: (*value).to_owned(), word: (*word).to_owned() }).collect()
    };
    let mut languages = picks(LANGUAGES);
    // A language of another system than ours stays what it is.
    if !form.language.is_empty() && languages.iter().all(|pick| pick.value != form.language) {
        languages.insert(0, Pick { value: form.language.clone(), word: form.language.clone() });
    }
    PatientPage {
        form,
        version,
        genders: picks(GENDERS),
        pronouns: PRONOUNS.iter().map(|(_, words)| (*words).to_owned()).collect(),
        languages,
    }
}

pub(super) fn unknown<T>() -> Outcome<T> {
    refuse(Code::NotFound, "There is no such patient here. The chart may not have arrived yet.")
}
