//! The types of visit that the practice books: everyone chooses among them, an admin says what they are.

use practice::{
    Code,
    permission::{ChangeSchedule, ReadSchedule},
    resource::{ResourceKey, ResourceType},
    text::{quote, set},
    views::{self, TYPE_COLORS, VISIT_TYPE, is_code},
};
use serde_json::{Value, json};

use super::{
    book::MINUTES,
    change::{Edit, clean, found},
    move_appointment::put_extension,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::VisitType,
    session::Workstation,
};

/// Longest name, in characters, and longest wait that is not long, in minutes.
const LONGEST: (usize, u32) = (40, 240);

impl Workstation {
    /// The practice's types of visit by name, also those that are not offered any more.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn visit_types(&self) -> Outcome<Vec<VisitType>> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            desk.visit_types()
        })
    }

    /// Says what the type of that code is; one that the practice does not have yet is added.
    ///
    /// # Errors
    /// When locked or not allowed, and for what makes no sense.
    pub fn set_visit_type(&self, wish: VisitType, comment: Option<String>) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<ChangeSchedule>()?;
            let wish = sane(wish)?;
            let known = desk.store.visit_types().map_err(|e| e.refusal())?;
            let known = known.into_iter().find(|(_, known)| known.code == wish.code);
            if known.as_ref().is_some_and(|(_, known)| shown(known.clone()) == wish) {
                return Ok(());
            }
            let edit = match found(desk, known.map(|(key, _)| key))? {
                Some((key, stored)) => Edit {
                    after: edited(&stored.text, &wish)?,
                    base: Some(stored.version),
                    key,
                    activity: "changed a type of visit".to_owned(),
                    comment,
                },
                None => Edit { comment, ..added(&wish) },
            };
            self.commit_plain(desk, edit, &wish.name)
        })
    }
}

impl Desk {
    /// The practice's types of visit, by name.
    pub(super) fn visit_types(&self) -> Outcome<Vec<VisitType>> {
        let types = self.store.visit_types().map_err(|e| e.refusal())?;
        Ok(types.into_iter().map(|(_, known)| shown(known)).collect())
    }

    /// FHIR's `appointmentType` for the type of that code, which must be one that is offered.
    pub(super) fn appointment_type(&self, code: &str) -> Outcome<Value> {
        match self.visit_types()?.into_iter().find(|known| known.code == code && known.active) {
            Some(VisitType { name, .. }) => {
                Ok(json!({"coding": [{"system": VISIT_TYPE, "code": code, "display": name}], "text": name}))
            }
            None => refuse(Code::NotFound, "That type of visit is not offered here any more. Choose another."),
        }
    }
}

fn shown(known: views::VisitType) -> VisitType {
    let views::VisitType { code, name, minutes, color, long_wait, active } = known;
    VisitType { code, name, minutes, color, long_wait, active }
}

fn sane(wish: VisitType) -> Outcome<VisitType> {
    let code = wish.code.trim().to_ascii_uppercase();
    let name = clean(Some(wish.name))?.filter(|name| name.chars().count() <= LONGEST.0);
    let (true, Some(name)) = (is_code(&code), name) else {
        return refuse(Code::Invalid, "A type has a short code of 1 to 3 letters, and a name of up to 40.");
    };
    if !MINUTES.contains(&wish.minutes) {
        return refuse(Code::Invalid, "A visit lasts between 5 minutes and 8 hours.");
    }
    if !(1..=LONGEST.1).contains(&wish.long_wait) || wish.color >= TYPE_COLORS {
        return refuse(Code::Invalid, "A wait is long after 1 minute to 4 hours, and there are eight colours.");
    }
    Ok(VisitType { code, name, ..wish })
}

fn extension(wish: &VisitType) -> Value {
    let parts = [("minutes", wish.minutes), ("color", wish.color.into()), ("wait", wish.long_wait)];
    let parts: Vec<Value> = parts.map(|(url, number)| json!({"url": url, "valueUnsignedInt": number})).into();
    json!({"url": VISIT_TYPE, "extension": parts})
}

fn added(wish: &VisitType) -> Edit {
    let id = uuid::Uuid::new_v4().to_string();
    let after = json!({
        "resourceType": "HealthcareService",
        "id": id,
        "extension": [extension(wish)],
        "active": wish.active,
        "type": [{"coding": [{"system": VISIT_TYPE, "code": wish.code, "display": wish.name}]}],
        "name": wish.name,
    });
    Edit {
        key: ResourceKey::new(ResourceType::HEALTHCARE_SERVICE, &id),
        base: None,
        after: after.to_string(),
        activity: "added a type of visit".to_owned(),
        comment: None,
    }
}

fn edited(text: &str, wish: &VisitType) -> Outcome<String> {
    let put = |text: &str, at, value: &str| set(text, at, value).map_err(|_| odd());
    let mut text = put(&put(text, "/name", &quote(&wish.name))?, "/active", &wish.active.to_string())?;
    put_extension(&mut text, VISIT_TYPE, &extension(wish).to_string()).map_err(|_| odd())?;
    Ok(text)
}

fn odd() -> crate::screen::Refused {
    practice::Refusal::new(Code::Invalid, "This type is written in a way that can't be changed here.").into()
}
