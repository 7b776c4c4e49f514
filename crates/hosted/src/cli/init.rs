//! `init`: a new practice with its admin.

use std::path::PathBuf;

use clap::Args;
use practice::{
    Role,
    ids::{MemberId, PracticeId},
};
use serde_json::json;

use super::{Outcome, Report, StoredIn, password::PasswordSource};
use crate::{
    certificate,
    data_dir::DataDir,
    random,
    serve::now,
    store::{NewMember, NewPractice, PracticeStore, time_zone},
};

#[derive(Args)]
pub(super) struct Init {
    /// The data folder: empty, missing, or one that `init` or `demo` has made.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    stored_in: StoredIn,
    /// The practice's name.
    #[arg(long, value_name = "NAME")]
    practice: String,
    /// Its IANA time zone, such as America/New_York.
    #[arg(long, value_name = "ZONE")]
    time_zone: String,
    /// The e-mail address with which its admin signs in.
    #[arg(long, value_name = "EMAIL")]
    admin: String,
    /// The admin's name.
    #[arg(long, value_name = "NAME", default_value = "Admin")]
    admin_name: String,
    /// Another name or address of this machine, for the certificate; may be repeated.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    #[command(flatten)]
    password: PasswordSource,
}

impl Init {
    pub fn run(self) -> Outcome {
        let id = PracticeId::from_uuid(random::uuid());
        let admin = NewMember {
            id: MemberId::from_uuid(random::uuid()),
            email: &self.admin,
            name: &self.admin_name,
            role: Role::Admin,
            practitioner: None,
            password: None,
        };
        let practice = NewPractice { id: id.clone(), name: &self.practice, time_zone: &self.time_zone, at: now() };
        // Everything that can be refused is, before anything is made.
        time_zone(&self.time_zone)?;
        practice.check()?;
        admin.check()?;
        let password = self.password.get(&[&self.admin, &self.admin_name, &self.practice])?;
        let without =
            if password.is_none() { "\nThe admin has no password yet: set one with `member … reset`." } else { "" };
        let dir = self.stored_in.of(DataDir::open_or_create(&self.data)?)?;
        let certificates = certificate::ensure(&dir.tls(), &self.name, now())?;
        let mut store = PracticeStore::create(&dir, &practice)?;
        let admin = store.add_member(NewMember { password, ..admin }, now())?;
        Ok(Report::new(
            json!({
                "practice": id,
                "ca": certificates.ca,
                "members": [{"email": admin.email, "role": admin.role, "name": admin.name}],
                "practitioners": [],
            }),
            format!(
                "The practice is ready: {id}\nWorkstations trust this certificate authority: {}{without}",
                certificates.ca.display()
            ),
        ))
    }
}
