//! A third value for what two sides made of the same, entered by a person: what is offered, what may be entered, and the
//! text that comes of it. Offered only where every field in question has its form: a value of a kind that is not known
//! here could mean what nobody meant.

use jiff::civil::Date;
use practice::{
    Code,
    ids::PractitionerId,
    resource::{ResourceKey, ResourceType},
    schedule::{holds_time, next_statuses, written},
    text::{quote, raw, remove, set, string},
    time::Stamp,
    views::{ARRIVED, AppointmentStatus, AppointmentView, OVERBOOK},
};
use sync::merge::{Change, Outcome as Fate};

use super::words::{merged_field, name, shown, value};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{ByHand, Choice, FieldForm, FieldWish, MergedField, SettleForm, Taken, VisitForm, VisitWish},
    use_cases::{
        book::{MINUTES, ends},
        change::{clean, free_time, moment, practitioner},
        move_appointment::{odd, participant_of, put_extension},
    },
};

/// How a field is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// With all that says when and where the visit is, and how it stands.
    Visit,
    Words,
    Date,
    OneOf(&'static [&'static str]),
}

/// FHIR's administrative genders (<https://hl7.org/fhir/R4/valueset-administrative-gender.html>).
const GENDERS: &[&str] = &["female", "male", "other", "unknown"];

fn entry(kind: ResourceType, path: &str) -> Option<Entry> {
    Some(match (kind, path) {
        (
            ResourceType::APPOINTMENT,
            "status" | "start" | "end" | "minutesDuration" | "slot" | "participant" | "cancelationReason" | "extension",
        ) => Entry::Visit,
        (ResourceType::APPOINTMENT, "description" | "comment") => Entry::Words,
        (ResourceType::PATIENT | ResourceType::PRACTITIONER, "birthDate") => Entry::Date,
        (ResourceType::PATIENT | ResourceType::PRACTITIONER, "gender") => Entry::OneOf(GENDERS),
        (ResourceType::ORGANIZATION | ResourceType::LOCATION, "name") => Entry::Words,
        _ => return None,
    })
}

/// The fields in question, each with how it is entered; `None` when one of them can't be.
fn in_question(kind: ResourceType, changes: &[Change]) -> Option<Vec<(&str, Entry)>> {
    let open = changes.iter().filter(|change| change.outcome == Fate::Conflict);
    let all = open.map(|change| Some((change.path.as_str(), entry(kind, &change.path)?))).collect::<Option<Vec<_>>>();
    all.filter(|all| !all.is_empty())
}

/// What can be entered in place of what `mine` and `theirs` make of `key`.
pub(crate) fn form(
    desk: &Desk,
    key: &ResourceKey,
    (mine, theirs): (&str, &str),
    changes: &[Change],
) -> Outcome<Option<SettleForm>> {
    let Some(open) = in_question(key.kind, changes) else { return Ok(None) };
    let mut form = SettleForm { visit: None, fields: Vec::new() };
    for (path, entry) in open {
        let (choices, date) = match entry {
            Entry::Visit => {
                if form.visit.is_none() {
                    form.visit = visit_form(desk, mine, theirs)?;
                }
                if form.visit.is_none() {
                    return Ok(None);
                }
                continue;
            }
            Entry::Words => (&[][..], false),
            Entry::Date => (&[][..], true),
            Entry::OneOf(choices) => (choices, false),
        };
        form.fields.push(FieldForm {
            path: path.to_owned(),
            name: name(key.kind, path),
            value: string(theirs, &format!("/{path}")).map(Into::into),
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
            date,
        });
    }
    Ok(Some(form))
}

/// Nothing for a visit without a time of its own.
fn visit_form(desk: &Desk, mine: &str, theirs: &str) -> Outcome<Option<VisitForm>> {
    let (mine, theirs) = (AppointmentView::read(mine), AppointmentView::read(theirs));
    let (Some(status), Some(start), Some(end)) = (theirs.status(), theirs.start(), theirs.end()) else {
        return Ok(None);
    };
    let minutes = u32::try_from(end.since(start).as_secs() / 60).unwrap_or(*MINUTES.end());
    let practitioner = theirs.practitioners().next().map(str::to_owned);
    let all = desk.store.practitioners().map_err(|e| e.refusal())?;
    let can_be = |id: &str, active: bool| active || practitioner.as_deref() == Some(id);
    let practitioners = all
        .into_iter()
        .filter(|row| can_be(row.id.as_str(), row.active))
        .map(|row| Choice { id: row.id.into(), name: row.name });
    let reason = |view: &AppointmentView<'_>| {
        view.cancelation_reason.as_ref().and_then(|reason| reason.words()).map(str::to_owned)
    };
    Ok(Some(VisitForm {
        start: written(&desk.enrolled.zone, start)[..16].to_owned(),
        minutes: minutes.clamp(*MINUTES.start(), *MINUTES.end()),
        practitioners: practitioners.collect(),
        practitioner,
        status,
        statuses: may_stand(status, mine.status()),
        cancel_reason: reason(&theirs).or_else(|| reason(&mine)),
    }))
}

/// As either side has it, and what may follow the host's.
fn may_stand(theirs: AppointmentStatus, mine: Option<AppointmentStatus>) -> Vec<AppointmentStatus> {
    let mut all = vec![theirs];
    for status in mine.into_iter().chain(next_statuses(theirs).iter().copied()) {
        if !all.contains(&status) {
            all.push(status);
        }
    }
    all
}

/// What a person enters, and upon what.
pub(super) struct Entered<'a> {
    pub key: &'a ResourceKey,
    pub mine: &'a str,
    pub theirs: &'a str,
    /// The host's, with what this computer alone changed.
    pub merged: &'a str,
    /// The fields that either side changed, the ones in question among them.
    pub changes: &'a [Change],
    pub wish: &'a ByHand,
    pub at: Stamp,
}

impl Entered<'_> {
    /// The text with what was entered.
    pub(super) fn text(&self, desk: &Desk) -> Outcome<String> {
        let Some(open) = in_question(self.key.kind, self.changes) else {
            return refuse(Code::Invalid, "Nothing else can be entered for this. Choose one of the two.");
        };
        let fields: Vec<_> = open.iter().filter(|(_, entry)| *entry != Entry::Visit).collect();
        let is_asked = |wish: &FieldWish| fields.iter().any(|(path, _)| *path == wish.path);
        let asks_visit = fields.len() < open.len();
        if !self.wish.fields.iter().all(is_asked) || self.wish.visit.is_some() != asks_visit {
            return refuse(Code::Invalid, "That is not what has to be decided here. Look at the change again.");
        }
        let mut text = self.merged.to_owned();
        for (path, entry) in fields {
            let Some(wish) = self.wish.fields.iter().find(|wish| wish.path == *path) else {
                return refuse(Code::Invalid, "Fill in every field that both have changed.");
            };
            text = put_field(&text, path, *entry, wish)?;
        }
        match &self.wish.visit {
            Some(visit) => self.put_visit(desk, text, visit),
            None => Ok(text),
        }
    }

    fn put_visit(&self, desk: &Desk, mut text: String, wish: &VisitWish) -> Outcome<String> {
        let (mine, theirs) = (AppointmentView::read(self.mine), AppointmentView::read(self.theirs));
        let Some(stood) = theirs.status() else { return Err(odd()) };
        if !may_stand(stood, mine.status()).contains(&wish.status) {
            return refuse(Code::NotNow, "That can't follow where this visit stands now. Look at it again.");
        }
        let start = moment(desk, &wish.start)?;
        let end = ends(start, wish.minutes)?;
        let with = theirs.practitioners().next().and_then(PractitionerId::parse);
        let who = match wish.practitioner.as_deref() {
            Some(id) => Some(practitioner(desk, id)?),
            None => with.clone(),
        };
        let overbook = clean(wish.overbook.clone())?;
        let stays = (theirs.start(), theirs.end(), &with) == (Some(start), Some(end), &who) && holds_time(stood);
        if let Some(who) = who.as_ref().filter(|_| holds_time(wish.status) && !stays) {
            free_time(desk, who, (start, end), Some(self.key), overbook.as_deref())?;
        }
        let zone = &desk.enrolled.zone;
        let mut put = |pointer: &str, value: &str| -> Outcome<()> {
            text = set(&text, pointer, value).map_err(|_| odd())?;
            Ok(())
        };
        put("/status", &quote(wish.status.as_str()))?;
        put("/start", &quote(&written(zone, start)))?;
        put("/end", &quote(&written(zone, end)))?;
        if raw(self.merged, "/minutesDuration").is_some() {
            put("/minutesDuration", &wish.minutes.to_string())?;
        }
        if let Some(who) = who.filter(|who| Some(who) != with.as_ref()) {
            let actor = format!("{{\"reference\":{}}}", quote(&format!("Practitioner/{who}")));
            match participant_of(self.merged, "Practitioner") {
                Some(index) => put(&format!("/participant/{index}/actor"), &actor)?,
                None => put("/participant/-", &format!("{{\"actor\":{actor},\"status\":\"accepted\"}}"))?,
            }
        }
        if let Some(reason) = overbook {
            put_valued(&mut text, OVERBOOK, "valueString", &reason)?;
        }
        if wish.status == AppointmentStatus::Arrived && stood != AppointmentStatus::Arrived {
            put_valued(&mut text, ARRIVED, "valueInstant", &mine.arrived_at().unwrap_or(self.at).to_string())?;
        }
        if wish.status != AppointmentStatus::Cancelled {
            return remove(&text, "/cancelationReason").map_err(|_| odd());
        }
        let Some(reason) = clean(wish.cancel_reason.clone())? else {
            return refuse(Code::Invalid, "Say why it is cancelled. The reason is kept with the appointment.");
        };
        let written = theirs.cancelation_reason.as_ref().and_then(|written| written.words());
        if stood == AppointmentStatus::Cancelled && written == Some(reason.as_str()) {
            return Ok(text);
        }
        set(&text, "/cancelationReason", &format!("{{\"text\":{}}}", quote(&reason))).map_err(|_| odd())
    }

    /// What became of each field, when `text` stands.
    pub(super) fn fields(&self, desk: &Desk, base: Option<&str>, text: &str) -> Outcome<Vec<MergedField>> {
        const ENTERED: [&str; 11] = [
            "status",
            "start",
            "end",
            "minutesDuration",
            "participant",
            "cancelationReason",
            "description",
            "comment",
            "birthDate",
            "gender",
            "name",
        ];
        let of = |text: &str, path: &str| -> Option<String> { raw(text, &format!("/{path}")).map(Into::into) };
        let untouched = ENTERED.iter().filter(|path| self.changes.iter().all(|change| change.path != **path));
        let touched = untouched.filter(|path| of(text, path) != of(self.merged, path)).map(|path| Change {
            path: (*path).to_owned(),
            base: base.and_then(|base| of(base, path)),
            mine: of(self.mine, path),
            theirs: of(self.theirs, path),
            outcome: Fate::Conflict,
        });
        let changes: Vec<Change> = shown(self.changes).cloned().chain(touched).collect();
        let field = |change: &Change| -> Outcome<MergedField> {
            let told = merged_field(desk, self.key.kind, change)?;
            if change.outcome != Fate::Conflict {
                return Ok(told);
            }
            let result = of(text, &change.path);
            let result = result.map(|raw| value(desk, &change.path, &raw)).transpose()?;
            let taken = match (result == told.mine, result == told.theirs) {
                (true, true) => Taken::Both,
                (true, false) => Taken::Mine,
                (false, true) => Taken::Theirs,
                (false, false) => Taken::Other,
            };
            Ok(MergedField { taken, result: result.filter(|_| taken == Taken::Other), ..told })
        };
        changes.iter().map(field).collect()
    }
}

fn put_field(text: &str, path: &str, entry: Entry, wish: &FieldWish) -> Outcome<String> {
    let value = clean(Some(wish.value.clone()))?;
    match (entry, value.as_deref()) {
        (Entry::Date, Some(value)) if value.parse::<Date>().is_err() || value.len() != 10 => {
            return refuse(Code::Invalid, "A date looks like 1961-03-14.");
        }
        (Entry::OneOf(choices), value) if !value.is_some_and(|value| choices.contains(&value)) => {
            return refuse(Code::Invalid, "That is not one of the values that this field can have.");
        }
        _ => {}
    }
    let pointer = format!("/{path}");
    let after = match value {
        Some(value) => set(text, &pointer, &quote(&value)),
        None => remove(text, &pointer),
    };
    after.map_err(|_| odd())
}

fn put_valued(text: &mut String, url: &str, kind: &str, value: &str) -> Outcome<()> {
    put_extension(text, url, &format!("{{\"url\":{},\"{kind}\":{}}}", quote(url), quote(value)))
}
