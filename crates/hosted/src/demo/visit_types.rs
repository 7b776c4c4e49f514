//! The types of visit that the office books, and which of them a reason to come belongs to.

use practice::views::VISIT_TYPE;

use super::{
    DemoSpec,
    dice::Dice,
    json::Object,
    shape::{coding, hl7, reference, resource},
    staff,
};

/// A type: short code, name, minutes, colour, and after how many minutes a wait for it is long.
type Kind = (&'static str, &'static str, u32, u32, u32);

const KINDS: [Kind; 6] = [
    ("AC", "Acute", 20, 3, 10),
    ("FU", "Follow-up", 20, 0, 15),
    ("NP", "New patient", 45, 1, 20),
    ("NV", "Nurse visit", 15, 5, 10),
    ("PX", "Physical", 40, 4, 15),
    ("PR", "Procedure", 60, 2, 20),
];

/// The HealthcareServices that the types are.
pub fn resources(spec: &DemoSpec) -> Vec<String> {
    let service = |(nth, (code, name, minutes, color, wait)): (usize, Kind)| {
        let id = Dice::of(spec.seed, "HealthcareService", &[nth as u64]).id();
        resource("HealthcareService", &id, None, |o| {
            o.list("extension", |l| {
                l.object(|o| {
                    o.list("extension", |l| {
                        for (part, value) in [("minutes", minutes), ("color", color), ("wait", wait)] {
                            l.object(|o| {
                                o.text("url", part).bare("valueUnsignedInt", value);
                            });
                        }
                    });
                    o.text("url", VISIT_TYPE);
                });
            });
            o.bare("active", true);
            reference(o, "providedBy", "Organization", &staff::organization(spec), None);
            o.one("type", |o| {
                o.list("coding", |l| coding(l, VISIT_TYPE, code, Some(name)));
            });
            o.text("name", name);
        })
    };
    KINDS.into_iter().enumerate().map(service).collect()
}

/// What `appointmentType` holds for a visit with this reason: the office's type, and beside it HL7's where it has one.
pub fn put(o: &mut Object<'_>, reason: &str, nurse: bool) {
    let (code, standard) = match reason {
        "New patient" => ("NP", ("ROUTINE", "Routine appointment")),
        "Annual physical" | "Well child" => ("PX", ("CHECKUP", "A routine check-up, such as an annual physical")),
        "Knee injection" | "Skin biopsy" => ("PR", ("ROUTINE", "Routine appointment")),
        "Fever, same day" => ("AC", ("WALKIN", "A previously unscheduled walk-in visit")),
        "Ear pain" | "Cough and fever" | "Sore throat" | "Rash" | "Back pain" | "Headache" => {
            ("AC", ("ROUTINE", "Routine appointment"))
        }
        _ if nurse => ("NV", ("ROUTINE", "Routine appointment")),
        _ => ("FU", ("ROUTINE", "Routine appointment")),
    };
    let name = KINDS.iter().find(|kind| kind.0 == code).map_or(code, |kind| kind.1);
    o.list("coding", |l| {
        coding(l, VISIT_TYPE, code, Some(name));
        coding(l, &hl7("v2-0276"), standard.0, Some(standard.1));
    });
    o.text("text", name);
}
