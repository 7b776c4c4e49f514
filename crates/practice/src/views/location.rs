//! FHIR R4 Location (<https://hl7.org/fhir/R4/location.html>).

use super::{
    datatypes::{CodeableConcept, filled},
    tolerant::{Str, view},
};

view! {
    /// A place.
    struct LocationView {
        one {
            /// `active`, `suspended`, `inactive`.
            status: Str<'a>,
            /// "Room 2".
            name: Str<'a>,
            /// What kind of place it is.
            physical_type: CodeableConcept<'a>,
        }
    }
}

impl<'a> LocationView<'a> {
    /// Reads a Location's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// The name of a room that is in use (code `ro` of
    /// <https://hl7.org/fhir/R4/valueset-location-physical-type.html>); `None` for other places.
    pub fn room(&self) -> Option<&str> {
        let in_use = matches!(self.status.as_deref(), None | Some("active"));
        let is_room = self.physical_type.as_ref().is_some_and(|kind| kind.has("ro"));
        filled(self.name.as_deref()).filter(|_| in_use && is_room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_room_in_use_is_one() {
        let place = |status: &str, kind: &str| {
            format!(r#"{{"status":"{status}","name":"Room 2","physicalType":{{"coding":[{{"code":"{kind}"}}]}}}}"#)
        };
        assert_eq!(LocationView::read(&place("active", "ro")).room(), Some("Room 2"));
        assert_eq!(LocationView::read(&place("inactive", "ro")).room(), None);
        assert_eq!(LocationView::read(&place("active", "bu")).room(), None);
        assert_eq!(LocationView::read(r#"{"name":"Main office"}"#).room(), None);
    }
}
