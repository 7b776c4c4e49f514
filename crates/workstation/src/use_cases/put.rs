//! One element of one record, entered as by a form that is not made yet: for the tests of crates above this one.

use practice::{
    Code,
    permission::may_write,
    resource::ResourceKey,
    text::{quote, set},
};

use super::change::{Edit, found};
use crate::{
    refused::{Outcome, refuse},
    session::Workstation,
};

/// Puts `value` in the place of the text at `pointer` of `reference`; gives the change.
///
/// # Errors
/// When locked or not allowed, when there is no such record or place, or when the sync has just changed it.
pub fn put(ws: &Workstation, reference: &str, pointer: &str, value: &str) -> Outcome<String> {
    ws.at_desk(|desk| {
        let Some((key, stored)) = found(desk, ResourceKey::parse(reference))? else {
            return refuse(Code::NotFound, "There is no such record here.");
        };
        if !may_write(desk.me.role, key.kind) {
            return refuse(Code::Forbidden, "This member's role may not write such a record.");
        }
        let Ok(after) = set(&stored.text, pointer, &quote(value)) else {
            return refuse(Code::Invalid, "That record has no such place.");
        };
        let (name, activity) = (key.kind.as_str(), format!("changed {pointer}"));
        let edit = Edit { key: key.clone(), base: Some(stored.version), after, activity, comment: None };
        let (change, ..) = ws.commit(desk, edit, name, None)?;
        ws.keep_rescue(desk);
        ws.poked.notify_one();
        Ok(change.to_string())
    })
}
