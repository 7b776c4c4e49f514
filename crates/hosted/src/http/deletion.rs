//! `GET` and `PUT /deletion`: whether the practice is to be deleted, for each of its admins.

use axum::{body::Body, extract::State};
use practice::{
    Code,
    permission::{DeletePractice, authorise},
    wire::{DeletionWish, Wish},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
};
use crate::store::{Asking, StoreError};

/// The longest comment taken, in characters.
const MAX_COMMENT: usize = 1000;

pub(super) async fn show(caller: Caller) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<DeletePractice>(member.role)?;
    let told = blocking(move || Ok(caller.practice.read(|store| store.deletions())?)).await?;
    Ok(Reply::json(&told)?.finish(false)?)
}

pub(super) async fn change(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<DeletePractice>(member.role)?;
    let DeletionWish { wish, comment } = body::json(body).await?;
    if comment.as_ref().is_some_and(|comment| comment.chars().count() > MAX_COMMENT) {
        return Err(Failure::new(Code::Invalid, "The comment is longer than 1,000 characters. Shorten it.").into());
    }
    let asking = Asking { member: member.id, workstation: caller.workstation.id, comment, at: app.now() };
    let told = blocking(move || {
        Ok(caller.practice.write(|store| match wish {
            Wish::Delete => store.ask_deletion(&asking),
            Wish::Keep => store.take_deletion_back(&asking),
        })?)
    })
    .await?;
    Ok(Reply::json(&told)?.finish(false)?)
}
