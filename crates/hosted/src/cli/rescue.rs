//! `rescue`: what a workstation entered and could not send any more, from its folder or from what it sent when it was
//! wiped.

use std::{collections::HashMap, fs, path::PathBuf};

use clap::Args;
use practice::{
    audit::{AuditAction, AuditRecord},
    ids::WorkstationId,
    provenance::ChangeNote,
};
use serde_json::{Value, json};

use super::{Office, Outcome, Report};
use crate::{
    http::fhir::read_change,
    serve::now,
    store::{Change, ChangeError, Expects, PracticeStore, StoreError},
};

#[derive(Args)]
pub(super) struct Rescue {
    #[command(flatten)]
    office: Office,
    /// The workstation's folder, or a copy of it.
    #[arg(required_unless_present = "workstation")]
    folder: Option<PathBuf>,
    /// Instead of a folder: what this wiped computer sent with its receipt.
    #[arg(long, value_name = "ID", conflicts_with = "folder", value_parser = super::workstation::id)]
    workstation: Option<WorkstationId>,
    /// Take the lost changes in. Without it they are only listed.
    #[arg(long)]
    apply: bool,
}

/// What became of one change.
struct Found {
    note: ChangeNote,
    state: &'static str,
    say: Option<&'static str>,
}

impl Rescue {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let sealed = match (&self.folder, &self.workstation) {
            (Some(folder), _) => in_folder(folder)?,
            (None, Some(id)) => store.left_unsent(id)?,
            (None, None) => Vec::new(),
        };
        let (mut read, mut unreadable) = (Vec::new(), 0);
        for sealed in sealed {
            match store.open_rescued(&sealed)?.and_then(|bundle| read_change(&bundle).ok()) {
                Some(change) => read.push(change),
                None => unreadable += 1,
            }
        }
        // As they were entered: one may build on another.
        read.sort_by_key(|(_, note)| note.at);
        let mut made = HashMap::new();
        let mut found = Vec::new();
        for (mut change, note) in read {
            for (new, expects) in &mut change.writes {
                // What it was built on was lost with it, and has just been taken in.
                if let Some(version) = made.get(&new.key) {
                    *expects = Expects::Version(*version);
                }
            }
            let one = one(&mut store, &change, note, self.apply)?;
            if one.state == "rescued" {
                for (new, _) in change.writes {
                    if let Some(now) = store.read(&new.key)? {
                        made.insert(new.key, now.version);
                    }
                }
            }
            found.push(one);
        }
        let lines: String = found.iter().map(|found| line(found) + "\n").collect();
        let rest = match unreadable {
            0 => String::new(),
            n => format!("{n} could not be read: damaged, or of another practice.\n"),
        };
        let nothing = if found.is_empty() && unreadable == 0 { "Nothing was left unsent there.\n" } else { "" };
        Ok(Report::new(
            json!({"changes": found.iter().map(document).collect::<Vec<_>>(), "unreadable": unreadable}),
            format!("{nothing}{lines}{rest}"),
        ))
    }
}

fn in_folder(folder: &std::path::Path) -> Result<Vec<Vec<u8>>, StoreError> {
    let entries = match fs::read_dir(folder.join("rescue")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && folder.is_dir() => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut sealed = Vec::new();
    for entry in entries {
        sealed.push(fs::read(entry?.path())?);
    }
    Ok(sealed)
}

fn one(store: &mut PracticeStore, change: &Change, note: ChangeNote, apply: bool) -> Result<Found, StoreError> {
    let (state, say) = if store.has_change(&change.id)? {
        ("arrived", None)
    } else if !apply {
        ("lost", None)
    } else {
        let record = AuditRecord {
            query: Some(format!("rescued change {}", change.id)),
            comment: Some(format!("entered by member {} at workstation {}", note.member, note.workstation)),
            ..AuditRecord::new(now(), AuditAction::Update, None, store.host()?)
        };
        match store.rescue(change, now(), &record) {
            Ok(_) => ("rescued", None),
            Err(ChangeError::Refused(refusal, _)) => ("refused", Some(refusal.say)),
            Err(ChangeError::Store(error)) => return Err(error),
        }
    };
    Ok(Found { note, state, say })
}

fn document(found: &Found) -> Value {
    let Found { note, state, say } = found;
    json!({
        "change": note.id, "state": state, "say": say, "at": note.at, "member": note.member,
        "member_name": note.member_name, "workstation": note.workstation, "activity": note.activity,
        "comment": note.comment, "targets": note.targets,
    })
}

fn line(found: &Found) -> String {
    let Found { note, state, say } = found;
    let targets: Vec<String> = note.targets.iter().map(ToString::to_string).collect();
    let say = say.map(|say| format!("  {say}")).unwrap_or_default();
    format!("{state:<9}{}  {}: {} {}{say}", note.at, note.member_name, note.activity, targets.join(", "))
}
