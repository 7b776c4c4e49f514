//! Change who a patient is and who pays: only what was touched is written, and only on what was seen.

use practice::{
    Code,
    ids::{ChangeId, PatientId},
    patient::{PatientForm, Plan, mistake, new_coverage, write, write_coverage},
    permission::RegisterPatient,
    resource::{Envelope, ResourceKey, ResourceType},
    text::{quote, set},
    views::PatientView,
};
use store::{NewText, PatientHit, Registration};

use super::{
    change::Edit,
    patient_form::{form_of, plan_of, unknown, version_of},
    register::{not_saved, odd},
    undo::newest_of,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{PatientChange, PatientCheck, PatientSaved},
    session::Workstation,
};

/// A text that a change makes: which, its text, and what it started from.
pub(super) type Made = (ResourceKey, String, Option<String>);

impl Workstation {
    /// Changes a patient. Nothing is saved while something that was touched is wrong; the answer says what.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient not known here, or when somebody changed them meanwhile.
    pub fn change_patient(&self, wish: PatientChange) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let now = self.clock.now();
            let Some(id) = PatientId::parse(&wish.patient) else { return unknown() };
            let Some(here) = desk.store.peek_registration(&id).map_err(|e| e.refusal())? else { return unknown() };
            if version_of(&here) != wish.version {
                return refuse(
                    Code::NotNow,
                    "Somebody changed this patient meanwhile. Nothing was saved: close this, look again, then change it.",
                );
            }
            let old = form_of(&here).clean();
            let (form, mut check) = desk.looked_over(wish.form, Some(&id), now)?;
            let touched = form.changed(&old);
            let is_touched = |field: &str| touched.iter().any(|(name, _)| *name == field);
            check.problems.retain(|problem| is_touched(&problem.field));
            check.very_old &= is_touched("birth_date");
            if !check.problems.is_empty() || (check.very_old && !wish.old_is_right) {
                return Ok(not_saved(check));
            }
            let made = made(&id, &here, &old, &form)?;
            let words: Vec<&str> = touched.iter().map(|(_, word)| *word).collect();
            let activity = format!("changed {}", listed(&words));
            self.commit_made(desk, &id, &here.patient.text, made, (activity, wish.comment), check)
        })
    }

    /// Takes `change` of a patient back, while nothing was changed on top of it. Whoever was registered by it was
    /// "entered by mistake": nobody finds them, and nothing is deleted.
    ///
    /// # Errors
    /// When locked or not allowed, when it is too late, or for a registration when something belongs to the patient by now.
    pub fn undo_patient(&self, change: &str) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let late = || refuse(Code::NotNow, "That can't be taken back any more. Change it by hand.");
            let Some(change) = ChangeId::parse(change) else { return late() };
            let replaced = desk.store.replaced_by(&change).map_err(|e| e.refusal())?;
            let (mut made, mut patient) = (Vec::<Made>::new(), None);
            for (key, before) in replaced {
                let now = newest_of(desk, &key, &change, self.clock.now())?;
                let after = match before {
                    Some(before) => before,
                    None if key.kind == ResourceType::COVERAGE => {
                        set(&now.text, "/status", &quote("entered-in-error")).map_err(|_| odd())?
                    }
                    None if key.kind == ResourceType::PATIENT => mistaken(desk, &now.text)?,
                    None => return late(),
                };
                if ![ResourceType::PATIENT, ResourceType::COVERAGE].contains(&key.kind) {
                    return late();
                }
                patient = patient.or(Envelope::read(&now.text).ok().and_then(|envelope| envelope.patient));
                made.push((key, after, Some(now.version)));
            }
            let Some(id) = patient else { return late() };
            let Some(here) = desk.store.peek_registration(&id).map_err(|e| e.refusal())? else { return unknown() };
            let check = PatientCheck { birth_date: None, very_old: false, problems: Vec::new(), likely: Vec::new() };
            let said = ("took the last change back".to_owned(), None);
            self.commit_made(desk, &id, &here.patient.text, made, said, check)
        })
    }

    fn commit_made(
        &self,
        desk: &Desk,
        id: &PatientId,
        text: &str,
        mut made: Vec<Made>,
        (activity, comment): (String, Option<String>),
        check: PatientCheck,
    ) -> Outcome<PatientSaved> {
        let own = made.iter().find(|(key, ..)| key.kind == ResourceType::PATIENT);
        let hit = PatientHit::of(id.clone(), &PatientView::read(own.map_or(text, |(_, text, _)| text)));
        if made.is_empty() {
            let patient = Some(crate::show::patient(hit, desk.enrolled.zone.today(self.clock.now())));
            return Ok(PatientSaved { patient, say: "Nothing was changed".into(), change: None, check });
        }
        let (key, after, base) = made.remove(0);
        let others: Vec<NewText<'_>> =
            made.iter().map(|(key, text, base)| NewText { key: key.clone(), text, base: base.as_deref() }).collect();
        self.commit_patient(desk, Edit { key, base, after, activity, comment }, &others, hit, check)
    }
}

/// Somebody who was registered by mistake.
fn mistaken(desk: &Desk, text: &str) -> Outcome<String> {
    let Some(id) = Envelope::read(text).ok().and_then(|envelope| envelope.patient) else { return unknown() };
    if desk.store.in_use(&id).map_err(|e| e.refusal())? {
        return refuse(Code::NotNow, "A visit or a note belongs to them by now. Take that back first, or keep them.");
    }
    mistake::take_out(text).map_err(|_| odd())
}

/// The texts that make `form` of what is here; those that stay as they are not among them.
pub(super) fn made(id: &PatientId, here: &Registration, old: &PatientForm, form: &PatientForm) -> Outcome<Vec<Made>> {
    let mut made = Vec::new();
    let text = write(&here.patient.text, old, form).map_err(|_| odd())?;
    if text != here.patient.text {
        made.push((ResourceKey::patient(id), text, Some(here.patient.version.clone())));
    }
    let (before, after) = (Plan::of(old), Plan::of(form));
    if before != after {
        made.push(match (plan_of(here), after) {
            (Some((key, stored, _)), after) => {
                let after = after.unwrap_or_default();
                let text = write_coverage(&stored.text, &before.unwrap_or_default(), &after).map_err(|_| odd())?;
                (key.clone(), text, Some(stored.version.clone()))
            }
            (None, after) => {
                let coverage = uuid::Uuid::new_v4().hyphenated().to_string();
                let text = new_coverage(&coverage, id, &after.unwrap_or_default());
                (ResourceKey::new(ResourceType::COVERAGE, &coverage), text, None)
            }
        });
    }
    Ok(made)
}

/// "family name, phone and payer".
fn listed(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
