//! What reads bytes from the line, and what holds of each whatever the bytes are: it never panics, it reads them or
//! refuses them, and what it read is there word for word. Each panics when that does not hold.

use hosted::http::{read_change, read_search};
use practice::{
    feed::{FeedPage, FeedRow},
    text::{check, remove, rewrite_references, set, stamp_meta},
};
use serde_json::value::RawValue;
use store::{Incoming, Page, PreparedPage};

/// A page of the history, as a workstation reads it and makes it ready to be stored. Gives how many entries it has.
pub fn page(bytes: &[u8]) -> Option<usize> {
    let page = FeedPage::read(bytes)?;
    let cursor = page.next()?;
    let rows = page.rows()?;
    let texts: Vec<&str> = rows.iter().filter_map(|row| row.text).collect();
    assert!(texts.iter().all(|text| lies_in(text, bytes)), "a text that was made up");
    let again = written(&rows, cursor);
    let read = FeedPage::read(again.as_bytes()).expect("what was read is a page");
    assert_eq!((read.rows().as_deref(), read.next()), (Some(&rows[..]), Some(cursor)), "it is not the same again");
    let rows: Vec<Incoming<'_>> = rows.into_iter().map(Incoming::from).collect();
    let ready = PreparedPage::of(&Page { rows: &rows, cursor, epoch: "epoch" }).ok()?;
    let is_read_again = |text: &&str| check(text.as_bytes()).is_ok();
    assert!(texts.iter().all(is_read_again), "a text that the store would not read again");
    Some(ready.len())
}

/// A change, as the host reads it. Gives how many records it writes.
pub fn change(bytes: &[u8]) -> Option<usize> {
    let change = match read_change(bytes) {
        Ok(change) => change,
        Err(refusal) => {
            assert!(refusal.say.ends_with('.'), "a refusal in words");
            return None;
        }
    };
    let bundle = std::str::from_utf8(bytes).expect("what was read is UTF-8");
    for (new, _) in &change.writes {
        assert!(check(new.text.as_bytes()).is_ok(), "a record that no workstation reads");
        // A reference by urn is the one thing that is written anew.
        assert!(bundle.contains("urn:uuid:") || bundle.contains(&new.text), "a text that was made up");
    }
    Some(change.writes.len())
}

/// A search, as the host reads it: what stands before the first `?` is the type. Gives how many conditions it has.
pub fn search(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (kind, query) = text.split_once('?')?;
    match read_search(kind, query) {
        Ok(conditions) => Some(conditions),
        Err(refusal) => {
            assert!(refusal.say.ends_with('.'), "a refusal in words");
            None
        }
    }
}

/// A text that is edited at places, as both do. Gives whether it is a text.
pub fn text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return check(bytes).is_err() };
    let is_text = check(bytes).is_ok();
    let edits = [
        set(text, "/name/0/family", "\"x\""),
        set(text, "/id", "\"x\""),
        remove(text, "/meta"),
        remove(text, "/name"),
        stamp_meta(text, "7", "2026-11-22T00:00:00.000Z"),
        rewrite_references(text, |reference| Some(format!("{reference}x"))),
    ];
    for edited in edits.into_iter().flatten().filter(|_| is_text) {
        assert!(serde_json::from_str::<&RawValue>(&edited).is_ok(), "an edit that leaves no JSON");
    }
    if is_text {
        assert_eq!(rewrite_references(text, |_| None).as_deref(), Ok(text), "a byte that nobody named was changed");
    }
    is_text
}

fn lies_in(part: &str, whole: &[u8]) -> bool {
    whole.as_ptr_range().contains(&part.as_ptr()) || part.is_empty()
}

/// A page of these rows, as the host writes it.
pub fn written(rows: &[FeedRow<'_>], cursor: &str) -> String {
    let entry = |row: &FeedRow<'_>| {
        let resource = row.text.map(|text| format!("\"resource\":{text},")).unwrap_or_default();
        format!(
            "{{{resource}\"request\":{{\"method\":\"PUT\",\"url\":\"{}\"}},\"response\":{{\"status\":\"200\",\"etag\":\"W/\\\"{}\\\"\",\"lastModified\":\"{}\"}}}}",
            row.key, row.version, row.updated
        )
    };
    let entries: Vec<String> = rows.iter().map(entry).collect();
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"history\",\"link\":[{{\"relation\":\"next\",\"url\":\"/_history?cursor={cursor}\"}}],\"entry\":[{}]}}",
        entries.join(",")
    )
}
