//! The people who sign in, and their passwords.

mod member;
mod password;

pub use member::{Member, NewMember};
pub use password::{Password, PasswordHash};
