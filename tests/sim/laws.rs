//! What holds in every world when it has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use practice::{
    horizon::lasts,
    ids::ChangeId,
    resource::{ResourceKey, ResourceType},
    schedule::holds_time,
    text::each_member,
    views::{AppointmentStatus, AppointmentView},
};

use crate::world::World;

pub(crate) fn hold(world: &World, used: usize) -> Result<()> {
    let accepted = accepted(world)?;
    every_write_is_there_once(world, &accepted)?;
    what_was_entered_can_be_read(world)?;
    nobody_touched_what_they_did_not_mean_to(world)?;
    everybody_sees_what_the_host_has(world, used, &accepted)?;
    nobody_is_in_two_places(world)
}

/// What the host took of each change: the versions it made of records other than its Provenance.
fn accepted(world: &World) -> Result<BTreeMap<ChangeId, usize>> {
    let mut accepted: BTreeMap<ChangeId, usize> = BTreeMap::new();
    for ((key, _), change) in &world.host.made_by {
        if world.keys.contains(key) {
            // A change that was sent under another id is the same entry of the same person.
            let entered = world.entered.keys().filter(|id| change.as_str().starts_with(id.as_str()));
            let Some(whose) = entered.max_by_key(|id| id.as_str().len()) else {
                ensure!(world.restores && change.as_str().starts_with("r-"), "a version that nobody entered: {change}");
                continue;
            };
            *accepted.entry(whose.clone()).or_default() += 1;
        }
    }
    Ok(accepted)
}

fn every_write_is_there_once(world: &World, accepted: &BTreeMap<ChangeId, usize>) -> Result<()> {
    for (change, entered) in &world.entered {
        let times = accepted.get(change).copied().unwrap_or(0);
        // Of several versions that a restore lost the last is given back, with what all of them said.
        let note = ResourceKey::new(ResourceType::PROVENANCE, change.as_str());
        let told = world.restores && times == 0 && world.host.store.read(&note)?.is_some();
        // What a person gives up may have reached the host before, late on the line.
        let once = times == 1 || told || entered.given_up && times == 0;
        ensure!(once, "{change} of {} is there {times} times", entered.key);
    }
    Ok(())
}

/// Each phone number is there, since nobody takes one away; of every other field the last value that somebody entered.
fn what_was_entered_can_be_read(world: &World) -> Result<()> {
    for key in world.keys.iter().filter(|key| key.kind == ResourceType::PATIENT) {
        let stored = world.host.store.read(key)?.context("a patient is gone")?;
        let now = members(&stored.text)?;
        let stand = || world.entered.iter().filter(|(_, entered)| entered.key == *key && !entered.given_up);
        let word = |change: &ChangeId| change.as_str().trim_start_matches("c-").to_owned();
        for field in ["birthDate", "gender", "maritalStatus", "telecom"] {
            let value = now.get(field).map_or("", String::as_str);
            let words: Vec<String> =
                stand().filter(|(_, entered)| entered.fields.contains(field)).map(|(change, _)| word(change)).collect();
            let is_there = |word: &String| value.contains(&format!("\"{word}\""));
            let holds = match field {
                "telecom" => words.iter().all(is_there),
                // Given up by one desk, a value may have reached the host by another.
                _ => words.is_empty() || world.entered.keys().map(word).any(|word| is_there(&word)),
            };
            ensure!(holds, "{field} of {key} is {value}, and {words:?} were entered");
        }
    }
    Ok(())
}

fn members(text: &str) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    each_member(text, |name, value| drop(all.insert(name.to_owned(), value.to_owned())))?;
    all.remove("meta");
    Ok(all)
}

/// From one version to the next, only what its author touched is another: nothing of anybody else is undone.
fn nobody_touched_what_they_did_not_mean_to(world: &World) -> Result<()> {
    for key in &world.keys {
        let mut versions = Vec::new();
        world.host.store.history(key, |row| {
            let mut text = Vec::new();
            row.write(&mut text)?;
            versions.push((row.version, String::from_utf8_lossy(&text).into_owned()));
            Ok(())
        })?;
        versions.reverse();
        for pair in versions.windows(2) {
            let (before, after) = (members(&pair[0].1)?, members(&pair[1].1)?);
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            let changed: BTreeSet<&str> =
                names.into_iter().filter(|name| before.get(*name) != after.get(*name)).map(String::as_str).collect();
            let change = &world.host.made_by[&(key.clone(), pair[1].0)];
            // What a restore has lost may have come back with a later version, or with a change that was made on top of it.
            let stands = |change: &ChangeId| world.host.made_by.iter().any(|((of, _), by)| of == key && by == change);
            let lost = world.host.ever.iter().filter(|((of, ..), change)| of == key && !stands(change));
            let changes: Vec<_> = lost.map(|(_, change)| change).chain([change]).collect();
            if changes.iter().any(|change| change.as_str().starts_with("r-")) {
                continue;
            }
            let fields = changes.iter().filter_map(|change| world.entered.get(*change)).flat_map(|one| &one.fields);
            let meant: BTreeSet<&str> = fields.copied().collect();
            ensure!(changed.is_subset(&meant), "{change} changed {changed:?} of {key} and meant {meant:?}");
            let lost: Vec<_> = items(&before).into_iter().filter(|item| !items(&after).contains(item)).collect();
            ensure!(lost.is_empty(), "{change} lost {lost:?} of {key}");
        }
    }
    Ok(())
}

/// The phone numbers, to which people here only add.
fn items(text: &BTreeMap<String, String>) -> Vec<String> {
    let mut items = Vec::new();
    if let Some(list) = text.get("telecom") {
        let _ = practice::text::each_element(list, |item| items.push(item.to_owned()));
    }
    items
}

/// The records, and who changed them. What lies outside of a workstation's horizon may be missing there, and is never old.
fn everybody_sees_what_the_host_has(world: &World, used: usize, accepted: &BTreeMap<ChangeId, usize>) -> Result<()> {
    let notes: Vec<_> = accepted.keys().map(|id| ResourceKey::new(ResourceType::PROVENANCE, id.as_str())).collect();
    for key in world.keys.iter().chain(&notes) {
        let there = world.host.store.read(key)?.map(|stored| (stored.version.to_string(), stored.text));
        for desk in &world.desks[..used] {
            let here = desk.store.peek(key)?.map(|stored| (stored.version, stored.text));
            let may_lack = |text: &str| -> Result<bool> {
                let whole = desk.store.whole()?;
                Ok(lasts(key.kind, text).is_some_and(|lasts| !whole.holds(lasts)))
            };
            let is_right = match (&here, &there) {
                (None, Some((_, text))) => may_lack(text)?,
                _ => here == there,
            };
            ensure!(is_right, "{} shows {here:?} of {key}, the host has {there:?}", desk.name);
        }
    }
    Ok(())
}

fn nobody_is_in_two_places(world: &World) -> Result<()> {
    let mut held: Vec<(String, String, String, &ResourceKey)> = Vec::new();
    for key in world.keys.iter().filter(|key| key.kind == ResourceType::APPOINTMENT) {
        let Some(stored) = world.host.store.read(key)? else { continue };
        let view = AppointmentView::read(&stored.text);
        let (Some(status), Some(start), Some(end)) = (view.status(), view.start(), view.end()) else { continue };
        ensure!(status != AppointmentStatus::Pending, "{key} still waits for the host's word");
        for who in view.practitioners().filter(|_| holds_time(status)) {
            let (who, start, end) = (who.to_owned(), start.to_string(), end.to_string());
            let other = held.iter().find(|(w, s, e, _)| *w == who && *s < end && start < *e);
            ensure!(other.is_none(), "{who} is booked twice at {start}: {key} and {other:?}");
            held.push((who, start, end, key));
        }
    }
    Ok(())
}
