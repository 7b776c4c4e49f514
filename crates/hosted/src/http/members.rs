//! The practice's members: `GET /members` for its computers; `GET /accounts`, `POST /members` and `PUT /members/{id}`
//! for its admin.

use axum::{
    body::Body,
    extract::{Path, State},
};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::MemberId,
    permission::{ChangeMember, ReadMembers, authorise},
    wire::{AccountInfo, Invitation, MemberInfo, MemberWish},
};

use super::{
    App, Caller, blocking, body,
    failure::{Failure, Own},
    reply::Reply,
    workstations::MAX_COMMENT,
};
use crate::{
    random,
    store::{Changed, NewMember, StoreError},
};

pub(super) async fn list(caller: Caller) -> Own {
    let members = blocking(move || Ok(caller.practice.read(|store| store.members())?)).await?;
    Ok(Reply::json(&members)?.finish(false)?)
}

pub(super) async fn accounts(State(app): State<App>, caller: Caller) -> Own {
    let member = caller.member.ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ReadMembers>(member.role)?;
    let now = app.now();
    let all = blocking(move || Ok(caller.practice.read(|store| store.accounts(now))?)).await?;
    Ok(Reply::json(&all)?.finish(false)?)
}

pub(super) async fn invite(State(app): State<App>, caller: Caller, body: Body) -> Own {
    let admin = admin(&caller)?;
    let wish: Invitation = body::json(body).await?;
    let by = by(&app, &caller, admin, wish.comment)?;
    if app.mailer().is_none() {
        return Err(NO_MAIL.into());
    }
    let account = blocking(move || {
        let new = NewMember {
            id: MemberId::from_uuid(random::uuid()),
            email: &wish.email,
            name: &wish.name,
            role: wish.role,
            practitioner: wish.practitioner,
            password: None,
        };
        let changed = caller.practice.write(|store| store.invite(new, by))?;
        mailed(&app, changed)
    })
    .await?;
    Ok(Reply::json(&account)?.finish(false)?)
}

pub(super) async fn change(State(app): State<App>, caller: Caller, Path(id): Path<String>, body: Body) -> Own {
    let admin = admin(&caller)?;
    let id = MemberId::parse(&id).ok_or_else(|| Failure::new(Code::NotFound, "The practice has no such member."))?;
    let wish: MemberWish = body::json(body).await?;
    let by = by(&app, &caller, admin, wish.comment.clone())?;
    if wish.mail_link && app.mailer().is_none() {
        return Err(NO_MAIL.into());
    }
    let account = blocking(move || {
        let changed = caller.practice.write(|store| store.change_account(&id, &wish, &by))?;
        mailed(&app, changed)
    })
    .await?;
    Ok(Reply::json(&account)?.finish(false)?)
}

const NO_MAIL: StoreError = StoreError::refused(
    Code::NotNow,
    "This host sends no mail. Its operator can add the member and set a password on the host itself.",
);

fn admin(caller: &Caller) -> Result<MemberInfo, Failure> {
    let member = caller.member.clone().ok_or(StoreError::Damaged("a member's endpoint without a member"))?;
    let _permitted = authorise::<ChangeMember>(member.role)?;
    Ok(member)
}

fn by(app: &App, caller: &Caller, admin: MemberInfo, comment: Option<String>) -> Result<AuditRecord, Failure> {
    if comment.as_ref().is_some_and(|comment| comment.chars().count() > MAX_COMMENT) {
        return Err(Failure::new(Code::Invalid, "The comment is longer than 1,000 characters. Shorten it."));
    }
    let record = AuditRecord::new(app.now(), AuditAction::Update, Some(admin.id), caller.workstation.id.clone());
    Ok(AuditRecord { comment, ..record })
}

/// Mails what is to be mailed. What was changed stays, also when no mail can be sent: then it can be asked for again.
fn mailed(app: &App, changed: Changed) -> Result<AccountInfo, Failure> {
    if let (Some(link), Some(mailer)) = (&changed.link, app.mailer()) {
        mailer.send(link)?;
    }
    Ok(changed.account)
}
