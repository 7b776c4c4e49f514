//! What is told of a change in a sentence: who, what, when, where and why; and what is not known.

use practice::{
    provenance::ChangeNote,
    schedule::story::{begins, told},
    time::Stamp,
    views::AppointmentView,
};

use store::CallRow;

use crate::{desk::Desk, screen::HistoryLine};

impl Desk {
    /// The change in one sentence: "Ana Ray booked it for 3 Dec 10:00, on 2 Dec at 10:12 at Front desk 1: “called back”."
    pub(super) fn sentence(&self, note: &ChangeNote, now: Stamp) -> String {
        let place = match note.workstation_name.trim() {
            _ if note.workstation == self.enrolled.as_written.workstation => "this computer".to_owned(),
            "" => "another computer".to_owned(),
            name => name.to_owned(),
        };
        let did = told(&note.member_name, &note.activity);
        self.whole(&did, note.at, &format!(" at {place}"), note.comment.as_deref(), now)
    }

    /// What came of a call in one sentence: "Ana Ray called: no answer, on 2 Dec at 10:12."
    pub(super) fn called(&self, who: &str, call: &CallRow, now: Stamp) -> String {
        let did = told(who, &format!("called: {}", call.outcome.words()));
        self.whole(&did, call.at, "", call.note.as_deref(), now)
    }

    fn whole(&self, did: &str, at: Stamp, place: &str, why: Option<&str>, now: Stamp) -> String {
        let (day, time) = (self.day(at, now), self.enrolled.zone.wall(at).strftime("%-H:%M"));
        let why = why.map(|why| format!(": “{why}”")).unwrap_or_default();
        format!("{did}, on {day} at {time}{place}{why}.")
    }

    /// What the story of this visit does not tell; nothing where it begins at its beginning.
    pub(super) fn untold(&self, text: &str, story: &[HistoryLine], now: Stamp) -> Option<String> {
        if story.last().is_some_and(|first| begins(&first.what)) {
            return None;
        }
        let what = match story.is_empty() {
            true => "No change of this visit is known on this computer.",
            false => "What came before is not known on this computer.",
        };
        let created = AppointmentView::read(text).created.as_deref().and_then(Stamp::parse);
        Some(match created {
            Some(at) => format!("{what} The visit was entered on {}.", self.day(at, now)),
            None => what.to_owned(),
        })
    }

    /// "3 Dec", with the year where it is another one.
    fn day(&self, at: Stamp, now: Stamp) -> String {
        let (at, now) = (self.enrolled.zone.wall(at), self.enrolled.zone.wall(now));
        at.strftime(if at.year() == now.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
    }
}
