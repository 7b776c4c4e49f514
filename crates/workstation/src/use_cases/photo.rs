//! Put a photo to a patient, or take it away.

use practice::{
    Code,
    ids::PatientId,
    patient::photo::{Photo, put},
    permission::RegisterPatient,
    resource::ResourceKey,
};

use super::{patient_form::unknown, register::odd};
use crate::{
    refused::{Outcome, refuse},
    screen::{PatientSaved, PhotoChange},
    session::Workstation,
};

impl Workstation {
    /// Replaces the photo of a patient.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient not known here, or for what is no small picture.
    pub fn set_photo(&self, wish: PhotoChange) -> Outcome<PatientSaved> {
        self.at_desk(|desk| {
            desk.may::<RegisterPatient>()?;
            let Some(id) = PatientId::parse(&wish.patient) else { return unknown() };
            let photo = wish.picture.as_deref().map(Photo::read);
            if photo == Some(None) {
                return refuse(Code::Invalid, "That is no photo that can be kept. Choose a JPEG or PNG picture.");
            }
            let key = ResourceKey::patient(&id);
            let Some(here) = desk.store.peek(&key).map_err(|e| e.refusal())? else { return unknown() };
            let after = put(&here.text, photo.flatten().as_ref()).map_err(|_| odd())?;
            let activity = if wish.picture.is_some() { "put a photo in" } else { "took the photo out" };
            self.commit_records(desk, &id, (after, Some(here.version)), Vec::new(), activity, wish.comment)
        })
    }
}
