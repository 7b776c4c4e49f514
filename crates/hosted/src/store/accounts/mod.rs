//! Who may come in: members with passwords, workstations with credentials, and the tokens that stand for both.

mod attempts;
mod enrolment;
mod member;
mod member_changes;
mod password;
mod password_rules;
mod second_factor;
mod token;
mod totp;
mod workstation;

pub use attempts::{Try, wait_after};
pub use enrolment::{EnrolCode, Enrolled};
pub use member::{Member, NewMember};
pub use password::{Password, PasswordHash};
pub use token::{ACCESS_SECONDS, Bearer, practice_of};
pub use workstation::Workstation;

pub(super) use member::member;
