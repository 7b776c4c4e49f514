//! What people enter. Each edit sets fields to what nobody else enters, so that whose work is lost can be told.

use std::collections::BTreeSet;

use practice::{
    resource::{ResourceKey, ResourceType},
    text::{quote, raw, set},
    time::Stamp,
};

use crate::dice::Dice;

/// An edit: the new text, and the elements that its author meant to touch.
pub struct Edit {
    pub key: ResourceKey,
    pub base: Option<String>,
    pub text: String,
    pub fields: BTreeSet<&'static str>,
}

/// Quarter hours that visits are booked into: few, so that they meet.
pub(crate) const SLOTS: usize = 8;

/// When a slot begins, in milliseconds since 1970.
pub(crate) fn begins(n: usize) -> i64 {
    1_795_000_500_000 + n as i64 * 900_000
}

fn slot(n: usize) -> (String, String) {
    let begin = begins(n);
    let moment = |millis| Stamp::from_millis(millis).unwrap_or_else(|| unreachable!("on the calendar")).to_string();
    (moment(begin), moment(begin + 1_800_000))
}

/// A new booking.
pub fn book(dice: &mut Dice, name: &str, world: u64) -> Edit {
    let key = ResourceKey::new(ResourceType::APPOINTMENT, name);
    let ((start, end), provider) = (slot(dice.below(SLOTS)), dice.below(2));
    // As the program books; and as one of before did.
    let status = if dice.chance(75) { "pending" } else { "booked" };
    let text = format!(
        r#"{{"resourceType":"Appointment","id":"{name}","status":"{status}","start":"{start}","end":"{end}","participant":[{{"actor":{{"reference":"Practitioner/w{world}-d{provider}"}},"status":"accepted"}}]}}"#
    );
    let fields = ["resourceType", "id", "status", "start", "end", "participant"].into();
    Edit { key, base: None, text, fields }
}

/// A change of what is there.
pub fn change(dice: &mut Dice, key: &ResourceKey, base: String, text: &str, word: &str) -> Option<Edit> {
    let put = |text: &str, at: &str, value: &str| set(text, at, value).ok();
    let (text, fields): (String, BTreeSet<&'static str>) = if key.kind == ResourceType::APPOINTMENT {
        match dice.below(3) {
            0 => {
                let (start, end) = slot(dice.below(SLOTS));
                (put(&put(text, "/start", &quote(&start))?, "/end", &quote(&end))?, ["start", "end"].into())
            }
            1 => {
                let status = ["booked", "arrived", "fulfilled", "cancelled"][dice.below(4)];
                (put(text, "/status", &quote(status))?, ["status"].into())
            }
            _ => (put(text, "/comment", &quote(word))?, ["comment"].into()),
        }
    } else {
        match dice.below(4) {
            0 => (put(text, "/birthDate", &quote(word))?, ["birthDate"].into()),
            1 => (put(text, "/gender", &quote(word))?, ["gender"].into()),
            2 => (put(text, "/maritalStatus/text", &quote(word))?, ["maritalStatus"].into()),
            _ => {
                let phone = format!(r#"{{"system":"phone","value":{}}}"#, quote(word));
                let text = match raw(text, "/telecom") {
                    Some(_) => put(text, "/telecom/-", &phone)?,
                    None => put(text, "/telecom", &format!("[{phone}]"))?,
                };
                (text, ["telecom"].into())
            }
        }
    };
    Some(Edit { key: key.clone(), base: Some(base), text, fields })
}
