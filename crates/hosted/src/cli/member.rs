//! `member`: who works in the practice.

use clap::{Args, Subcommand};
use practice::{
    Code, Role,
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, PractitionerId},
    wire::{MemberInfo, MemberWish},
};
use serde_json::{Value, json};

use super::{Office, Outcome, Report, password::PasswordSource};
use crate::{
    random,
    serve::now,
    store::{NewMember, PracticeStore, StoreError},
};

#[derive(Args)]
pub(super) struct Member {
    #[command(flatten)]
    office: Office,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add a member.
    Add {
        /// The address with which they sign in.
        email: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// admin, provider, clinical or front_desk.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The id of the Practitioner they are, for providers.
        #[arg(long, value_name = "ID", value_parser = practitioner)]
        practitioner: Option<PractitionerId>,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// List everybody.
    List,
    /// Give a member another role.
    Role {
        /// Their address.
        email: String,
        /// admin, provider, clinical or front_desk.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Stop a member: no sign-in, and nothing more in their name.
    Stop {
        /// Their address.
        email: String,
    },
    /// Let a stopped member work again.
    Start {
        /// Their address.
        email: String,
    },
    /// Take a member's second factor away: the telephone is lost.
    ResetSecondFactor {
        /// Their address.
        email: String,
    },
    /// End all that a member is signed in to.
    SignOut {
        /// Their address.
        email: String,
    },
    /// Give a member a new password.
    Reset {
        /// Their address.
        email: String,
        #[command(flatten)]
        password: PasswordSource,
    },
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("a role is admin, provider, clinical or front_desk")
}

fn practitioner(text: &str) -> Result<PractitionerId, &'static str> {
    PractitionerId::parse(text).ok_or("a Practitioner's id has letters, digits, '-' and '.'")
}

impl Member {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        match self.what {
            What::Add { email, name, role, practitioner, password } => {
                let new = NewMember {
                    id: MemberId::from_uuid(random::uuid()),
                    email: &email,
                    name: &name,
                    role,
                    practitioner,
                    password: None,
                };
                new.check()?;
                let password = password.get(&[&email, &name])?;
                Ok(one(&store.add_member(NewMember { password, ..new }, now())?, "Added"))
            }
            What::List => {
                let members = store.members()?;
                let lines: String = members.iter().map(|member| line(member) + "\n").collect();
                Ok(Report::new(json!({"members": members.iter().map(document).collect::<Vec<_>>()}), lines))
            }
            What::Role { email, role } => {
                let id = find(&store, &email)?;
                Ok(one(&store.set_role(&id, role, now())?.info, "Changed"))
            }
            What::Stop { email } => {
                let id = find(&store, &email)?;
                Ok(one(&store.stop_member(&id, now())?.info, "Stopped"))
            }
            What::Start { email } => {
                wish(&mut store, &email, MemberWish { stopped: Some(false), ..MemberWish::default() }, "Works again")
            }
            What::ResetSecondFactor { email } => {
                let wanted = MemberWish { reset_second_factor: true, ..MemberWish::default() };
                wish(&mut store, &email, wanted, "Second factor taken away")
            }
            What::SignOut { email } => wish(
                &mut store,
                &email,
                MemberWish { sign_out: true, ..MemberWish::default() },
                "Signed out everywhere",
            ),
            What::Reset { email, password } => {
                let Some(member) = store.member_by_email(&email)? else { return Err(NOBODY) };
                let (id, hash) = (member.info.id, password.need(&[&email, &member.info.name])?);
                Ok(one(&store.set_password(&id, &hash, now())?.info, "New password set"))
            }
        }
    }
}

fn wish(store: &mut PracticeStore, email: &str, wanted: MemberWish, done: &str) -> Outcome {
    let id = find(store, email)?;
    let by = AuditRecord::new(now(), AuditAction::Update, None, store.host()?);
    Ok(one(&store.change_account(&id, &wanted, &by)?.account.member, done))
}

const NOBODY: StoreError = StoreError::refused(Code::NotFound, "Nobody in this practice signs in with that address.");

fn find(store: &PracticeStore, email: &str) -> Result<MemberId, StoreError> {
    match store.member_by_email(email)? {
        Some(member) => Ok(member.info.id),
        None => Err(NOBODY),
    }
}

fn one(member: &MemberInfo, done: &str) -> Report {
    Report::new(document(member), format!("{done}: {}", line(member)))
}

fn document(member: &MemberInfo) -> Value {
    json!({
        "id": member.id, "email": member.email, "name": member.name, "role": member.role,
        "practitioner": member.practitioner, "stopped": member.stopped,
    })
}

fn line(member: &MemberInfo) -> String {
    let stopped = if member.stopped { "  (stopped)" } else { "" };
    format!("{:<32}{:<12}{}{stopped}", member.email, member.role.as_str(), member.name)
}
