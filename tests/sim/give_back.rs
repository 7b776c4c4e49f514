//! A workstation whose host was restored gives back what it has, as the product's driver does.

use anyhow::{Context, Result};
use practice::{
    Code,
    ids::{ChangeId, MemberId, WorkstationId},
    provenance::ChangeNote,
    time::Stamp,
};
use store::{LookedThrough, LostVersions, Write};
use sync::Event;

use crate::{
    desk::{Desk, Line, failed},
    host::Host,
    world::Flaw,
};

/// Lost versions given back at once.
const LOST: usize = 2;

/// What was asked of the host, and its answers, which the workstation has not kept yet.
type Asked = (LostVersions, Vec<Option<Code>>);

impl Desk {
    pub(crate) fn give_back(
        &mut self,
        host: &mut Host,
        line: Line,
        at: Stamp,
        flaw: Flaw,
    ) -> Result<Result<Event, Asked>> {
        if flaw == Flaw::KeepsTheLost {
            self.store.gave_back()?;
        }
        if !self.store.is_giving_back()? {
            return Ok(Ok(Event::GaveBack { more: false }));
        }
        let lost = self.store.lost(self.looked.clone(), LOST)?;
        let texts: Vec<&str> = lost.lost.iter().map(|one| one.text.as_str()).collect();
        if texts.is_empty() {
            if !self.left {
                self.store.gave_back()?;
            }
            self.looked = LookedThrough::default();
            return Ok(Ok(Event::GaveBack { more: false }));
        }
        if line == Line::Lost {
            return Ok(Ok(failed()));
        }
        let answers = host.take_back(&lost.life, &texts, at)?;
        Ok(if line == Line::Unanswered { Ok(failed()) } else { Err((lost, answers)) })
    }

    pub(crate) fn keep_answers(&mut self, lost: &LostVersions, answers: &[Option<Code>], at: Stamp) -> Result<()> {
        let answered = || lost.lost.iter().zip(answers);
        let stands: Vec<_> = answered().filter(|(_, answer)| answer.is_none()).map(|(one, _)| one).collect();
        self.store.stands_again(&stands)?;
        for (one, reason) in answered().filter_map(|(one, answer)| Some((one, (*answer)?))) {
            let change =
                ChangeId::parse(&format!("r-{}-{}-{}", one.key.id, self.name, at.millis())).context("an id")?;
            let member = MemberId::parse("member-1").context("an id")?;
            let note = ChangeNote {
                id: change.clone(),
                at,
                member: member.clone(),
                member_name: "Dana Desk".into(),
                workstation: WorkstationId::parse(&self.name).context("an id")?,
                workstation_name: String::new(),
                targets: vec![one.key.clone()],
                activity: "kept".into(),
                comment: None,
            };
            let write = Write {
                change: &change,
                at,
                member: &member,
                resources: &[],
                provenance: &note.to_fhir(),
                what: "kept",
                audit: &[],
            };
            self.left |= !self.store.make_change_of(one, reason, &write)?;
        }
        Ok(())
    }
}
