//! The practice's members: what the admin sees of them, whom they invite, and what they change. The host knows them;
//! nothing of this is kept here.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, PractitionerId},
    permission::{ChangeMember, ReadMembers},
    schedule::written,
    wire::{AccountInfo, Invitation, MemberWish},
};

use crate::{
    refused::{Outcome, refuse},
    screen::{Account, Invite, MemberAct, MemberChange, MembersPage, PractitionerName},
    session::{Enrolled, Workstation},
};

/// What is said when the host can't be reached and does not know the admin any more.
const UNKNOWN: &str =
    "The list of members is kept by the host, which can't be reached now. It shows here when the host is back.";

impl Workstation {
    /// Everybody who ever was a member, in order of name, and the practitioners that one can be.
    ///
    /// # Errors
    /// When locked or not an admin's, and when the host can't be reached.
    pub async fn members(self: &Arc<Self>) -> Outcome<MembersPage> {
        let (enrolled, person, generation) = self.person::<ReadMembers>(UNKNOWN).await?;
        let all = enrolled.line.accounts(&person).await?;
        let known = self.desk_of(generation, |desk| Ok(desk.store.practitioners().map_err(|e| e.refusal())?))?;
        let known = known.into_iter().filter(|one| one.active);
        let wanted = self.policy(&enrolled).map(|policy| policy.second_factor).unwrap_or_default();
        Ok(MembersPage {
            accounts: all.into_iter().map(|one| shown(&enrolled, one)).collect(),
            practitioners: known.map(|one| PractitionerName { id: one.id.into(), name: one.name }).collect(),
            second_factor: wanted,
        })
    }

    /// Asks the host to add a member and to mail them a link with which they choose a password; gives them as they are
    /// then.
    ///
    /// # Errors
    /// As [`Self::members`]; for an address that is no good or taken, and when the host sends no mail.
    pub async fn invite(self: &Arc<Self>, invite: Invite) -> Outcome<Account> {
        let (enrolled, person, generation) = self.person::<ChangeMember>(UNKNOWN).await?;
        let practitioner = match invite.practitioner.as_deref().map(PractitionerId::parse) {
            Some(None) => return refuse(Code::NotFound, "The practice has no such provider."),
            known => known.flatten(),
        };
        let wish = Invitation {
            email: invite.email.trim().to_owned(),
            name: invite.name.trim().to_owned(),
            role: invite.role,
            practitioner,
            comment: super::change::clean(invite.comment)?,
        };
        let now = enrolled.line.invite(&person, &wish).await?;
        let what = format!("member {} invited as {}", now.member.id, now.member.role.as_str());
        self.tell_of_member(generation, AuditAction::Create, what, wish.comment)?;
        Ok(shown(&enrolled, now))
    }

    /// Asks the host to change how a member stands; gives them as they are then.
    ///
    /// # Errors
    /// As [`Self::members`]; when there is no such member, and when the practice would have no admin left.
    pub async fn set_member(self: &Arc<Self>, change: MemberChange) -> Outcome<Account> {
        let (enrolled, person, generation) = self.person::<ChangeMember>(UNKNOWN).await?;
        let Some(id) = MemberId::parse(&change.member) else {
            return refuse(Code::NotFound, "The practice has no such member.");
        };
        let (mut wish, what) = wished(change.act);
        wish.comment = super::change::clean(change.comment)?;
        let now = enrolled.line.change_member(&person, &id, &wish).await?;
        self.tell_of_member(generation, AuditAction::Update, format!("member {id} {what}"), wish.comment)?;
        // Who is no member of this role any more is not here either from the next round on.
        self.poked.notify_one();
        Ok(shown(&enrolled, now))
    }

    fn tell_of_member(
        &self,
        generation: u64,
        action: AuditAction,
        what: String,
        comment: Option<String>,
    ) -> Outcome<()> {
        self.desk_of(generation, |desk| {
            let record = AuditRecord { query: Some(what), comment, ..desk.tells(self.clock.now(), action) };
            Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
        })
    }
}

/// What is asked of the host for `act`, and its words in the audit trail.
fn wished(act: MemberAct) -> (MemberWish, String) {
    let wish = MemberWish::default();
    match act {
        MemberAct::Role(role) => (MemberWish { role: Some(role), ..wish }, format!("role {}", role.as_str())),
        MemberAct::Stop => (MemberWish { stopped: Some(true), ..wish }, "stopped".to_owned()),
        MemberAct::Start => (MemberWish { stopped: Some(false), ..wish }, "started".to_owned()),
        MemberAct::ResetSecondFactor => {
            (MemberWish { reset_second_factor: true, ..wish }, "second factor taken away".to_owned())
        }
        MemberAct::MailLink => (MemberWish { mail_link: true, ..wish }, "mailed a link for a password".to_owned()),
        MemberAct::SignOut => (MemberWish { sign_out: true, ..wish }, "signed out everywhere".to_owned()),
    }
}

fn shown(enrolled: &Enrolled, one: AccountInfo) -> Account {
    let wall = |at| written(&enrolled.zone, at);
    Account {
        has_password: one.has_password,
        second_factor: one.second_factor.map(wall),
        link_until: one.link_until.map(wall),
        role: one.member.role,
        stopped: one.member.stopped,
        practitioner: one.member.practitioner.clone().map(Into::into),
        tile: crate::show::tile(&one.member),
    }
}
