//! Three lists, item by item.

use practice::text::TextError;

use super::{
    field::{Field, Merging},
    tree::{elements, identity, is_list},
};

/// A longer list is one field: each item is compared with each.
const MOST: usize = 1_000;

type Items<'a> = Vec<(String, &'a str)>;

fn items(list: &str) -> Result<Items<'_>, TextError> {
    Ok(elements(list)?.into_iter().map(|item| (identity(item), item)).collect())
}

fn of<'a>(items: &Items<'a>, id: &str) -> Option<&'a str> {
    items.iter().find(|(known, _)| known == id).map(|(_, item)| *item)
}

/// The items with what both sides did to `field`; `None` where that can't be told item by item, and it is one field.
pub(super) fn merge_lists(
    merging: &mut Merging,
    path: &str,
    field: &Field<'_>,
) -> Result<Option<Vec<String>>, TextError> {
    if ![field.base, field.mine, field.theirs].into_iter().flatten().all(is_list) {
        return Ok(None);
    }
    let [base, mine, theirs] = field.each(items)?;
    if [&base, &mine, &theirs].iter().any(|list| list.len() > MOST) {
        return Ok(None);
    }
    if [&base, &mine, &theirs].into_iter().any(has_twins)
        || reordered(&base, &mine)
        || replaced_twice(&base, &mine, &theirs)
    {
        return Ok(None);
    }
    let mut merged = Vec::new();
    let ids = theirs.iter().chain(mine.iter().filter(|(id, _)| of(&theirs, id).is_none()));
    for (id, _) in ids {
        let item = Field { base: of(&base, id), mine: of(&mine, id), theirs: of(&theirs, id) };
        merged.extend(merging.value(path, &item)?);
    }
    for (id, item) in &base {
        if of(&mine, id).is_none() && of(&theirs, id).is_none() {
            merging.value(path, &Field { base: Some(item), mine: None, theirs: None })?;
        }
    }
    Ok(Some(merged))
}

fn has_twins(items: &Items<'_>) -> bool {
    items.iter().enumerate().any(|(n, (id, _))| items[..n].iter().any(|(known, _)| known == id))
}

/// Whether what both have stands in another order here: an order is a statement too.
fn reordered(base: &Items<'_>, mine: &Items<'_>) -> bool {
    let common = |one: &Items<'_>, other: &Items<'_>| -> Vec<String> {
        one.iter().map(|(id, _)| id.clone()).filter(|id| of(other, id).is_some()).collect()
    };
    common(base, mine) != common(mine, base)
}

/// Whether both sides took the same item away and each put something else: it was changed twice.
fn replaced_twice(base: &Items<'_>, mine: &Items<'_>, theirs: &Items<'_>) -> bool {
    let adds = |side: &Items<'_>, other: &Items<'_>| {
        side.iter().any(|(id, _)| of(base, id).is_none() && of(other, id).is_none())
    };
    base.iter().any(|(id, _)| of(mine, id).is_none() && of(theirs, id).is_none())
        && adds(mine, theirs)
        && adds(theirs, mine)
}
