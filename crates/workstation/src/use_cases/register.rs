//! Register: somebody new, with who pays, in one change. Whoever is likely here already is shown first.

use practice::{
    Code,
    ids::PatientId,
    patient::{Plan, new_coverage, new_patient},
    permission::RegisterPatient,
    resource::{ResourceKey, ResourceType},
    views::PatientView,
};
use store::{NewText, PatientHit};

use super::change::Edit;
use crate::{
    desk::Desk,
    refused::Outcome,
    screen::{PatientCheck, PatientSaved, Refused, RegisterRequest},
    session::Workstation,
};

impl Workstation {
    /// Registers. Nothing is saved while something is wrong with the form, a date of birth is very old and nobody said
    /// that it is right, or somebody likely was not looked at; the answer says which.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn register(&self, wish: RegisterRequest) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let (form, check) = desk.looked_over(wish.form, None, self.clock.now())?;
            let unseen = check.likely.iter().any(|likely| !wish.seen.contains(&likely.patient.id));
            if !check.problems.is_empty() || (check.very_old && !wish.old_is_right) || unseen {
                return Ok(not_saved(check));
            }
            let id = PatientId::from_uuid(uuid::Uuid::new_v4());
            let after = new_patient(&id, &form).map_err(|_| odd())?;
            let coverage = Plan::of(&form).map(|plan| {
                let coverage = uuid::Uuid::new_v4().hyphenated().to_string();
                (ResourceKey::new(ResourceType::COVERAGE, &coverage), new_coverage(&coverage, &id, &plan))
            });
            let others: Vec<NewText<'_>> =
                coverage.iter().map(|(key, text)| NewText { key: key.clone(), text, base: None }).collect();
            let key = ResourceKey::patient(&id);
            let edit =
                Edit { key, base: None, after: after.clone(), activity: "registered".into(), comment: wish.comment };
            self.commit_patient(desk, edit, &others, PatientHit::of(id, &PatientView::read(&after)), check)
        })
    }

    /// Commits what was written down of a patient; gives them as they now stand.
    pub(super) fn commit_patient(
        &self,
        desk: &Desk,
        edit: Edit,
        others: &[NewText<'_>],
        hit: PatientHit,
        check: PatientCheck,
    ) -> Outcome<PatientSaved> {
        let kinds = std::iter::once(&edit.key).chain(others.iter().map(|new| &new.key));
        let mut kinds: Vec<String> = kinds.map(|key| key.kind.as_str().to_owned()).collect();
        let (change, say, at) = self.commit_together(desk, edit, others, &hit.name, Some(hit.id.clone()))?;
        self.keep_rescue(desk);
        self.poked.notify_one();
        kinds.dedup();
        self.changed(kinds);
        self.notify(crate::Notice::Shell);
        let patient = Some(crate::show::patient(hit, desk.enrolled.zone.today(at)));
        Ok(PatientSaved { patient, say, change: Some(change.to_string()), check })
    }
}

/// What is told of a form that was not saved.
pub(super) fn not_saved(check: PatientCheck) -> PatientSaved {
    PatientSaved { patient: None, say: String::new(), change: None, check }
}

pub(super) fn odd() -> Refused {
    practice::Refusal::new(Code::Invalid, "This patient is written in a way that can't be changed here.").into()
}
