//! Who may come in: members with passwords, workstations with credentials, and the tokens that stand for both.

mod account;
mod attempts;
mod contact;
mod enrolment;
mod family;
mod mailed_link;
mod member;
mod member_changes;
mod password;
mod password_rules;
mod reuse;
mod second_factor;
mod sessions;
mod token;
mod totp;
mod tries;
mod workstation;

pub use account::Changed;
pub use attempts::{Shown, Try, wait_after};
pub use contact::Contact;
pub use enrolment::{EnrolCode, Enrolled};
pub use family::{ACCESS_SECONDS, Bound, NO_PROOF, Renewed, Tokens};
pub use mailed_link::{MailedLink, NO_LINK, Occasion};
pub use member::{Member, NewMember};
pub use password::{Password, PasswordHash};
pub use reuse::{ENDED, Reuse};
pub use token::{Bearer, practice_of};
pub use tries::Limit;
pub use workstation::{Workstation, verifying};

pub(super) use member::member;
