//! The history of a visit as a person tells it: who did what, in a sentence. Pure.

/// What `who` did to a visit, from the words of its Provenance ([`crate::provenance::ChangeNote::activity`]), without the
/// stop at its end. Words of another version stand as they are.
pub fn told(who: &str, activity: &str) -> String {
    let who = if who.trim().is_empty() { "Somebody" } else { who };
    let noted = |what: &str| format!("{who} noted that {what}");
    match activity {
        "arrived" => return noted("the patient had arrived"),
        "taken to a room" => return noted("the patient was in a room"),
        "done" => return noted("the visit was done"),
        "left" => return noted("the patient had left"),
        "did not come" => return noted("the patient did not come"),
        "confirmed by the patient" => return noted("the patient had confirmed"),
        "confirmed" | "proposed" | "cancelled" => return format!("{who} {activity} it"),
        "asked for" => return format!("{who} asked for it"),
        "set back to booked" => return format!("{who} set it back to booked"),
        "entered by mistake" => return format!("{who} marked it as entered by mistake"),
        "left where it was" => return format!("{who} left it where it was"),
        "took the last change back" => return format!("{who} took the last change back"),
        _ => {}
    }
    let begins = |start: &str| activity.strip_prefix(start);
    if let Some(reason) = begins("cancelled: ") {
        return format!("{who} cancelled it: {reason}");
    }
    if let Some(wish) = begins("put on the waitlist: ") {
        return format!("{who} put the patient on the waitlist: {wish}");
    }
    if let Some(reason) = begins("taken off the waitlist: ") {
        return format!("{who} took the patient off the waitlist: {reason}");
    }
    if activity.starts_with("called: ") {
        return format!("{who} {activity}");
    }
    if let Some(reason) = begins("for: ") {
        return format!("{who} said what it is for: {reason}");
    }
    if activity.starts_with("now ") {
        return format!("{who} changed it: {activity}");
    }
    for verb in ["booked", "moved", "made", "changed"] {
        if let Some(rest) = begins(verb).filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            return format!("{who} {verb} it{rest}");
        }
    }
    format!("{who}: {activity}")
}

/// Whether a visit begins with a change of these words, so that nothing is known to be missing before it.
pub fn begins(activity: &str) -> bool {
    activity.starts_with("booked") || activity.starts_with("put on the waitlist")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schedule::activity, views::AppointmentStatus};

    #[test]
    fn a_change_is_told_as_a_person_would() {
        for (activity, said) in [
            ("booked for 3 Dec 10:00", "Ana Ray booked it for 3 Dec 10:00"),
            ("booked from the waitlist for 3 Dec 10:00", "Ana Ray booked it from the waitlist for 3 Dec 10:00"),
            ("moved from 3 Dec 10:00 to 4 Dec 9:15", "Ana Ray moved it from 3 Dec 10:00 to 4 Dec 9:15"),
            ("made 45 minutes long", "Ana Ray made it 45 minutes long"),
            ("cancelled: called back", "Ana Ray cancelled it: called back"),
            ("taken off the waitlist: moved away", "Ana Ray took the patient off the waitlist: moved away"),
            ("arrived", "Ana Ray noted that the patient had arrived"),
            ("madeira was mentioned", "Ana Ray: madeira was mentioned"),
        ] {
            assert_eq!(told("Ana Ray", activity), said);
        }
        assert_eq!(told(" ", "done"), "Somebody noted that the visit was done");
    }

    #[test]
    fn every_status_that_a_person_can_set_has_its_sentence() {
        for from in AppointmentStatus::ALL {
            for to in AppointmentStatus::ALL {
                let said = told("Ana", activity(from, to));
                assert!(!said.contains(": ") || to == AppointmentStatus::Waitlist, "{said}");
            }
        }
    }
}
