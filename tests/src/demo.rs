//! What `shadowchart-hosted demo --json` says it made.

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;

/// A demo practice on disk.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Practice id.
    pub practice: String,
    /// The certificate authority's file.
    pub ca: PathBuf,
    /// People who can sign in.
    pub members: Vec<Member>,
}

/// One demo account.
#[derive(Clone, Debug)]
pub struct Member {
    /// Sign-in address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Role as the command line writes it.
    pub role: String,
    /// Display name.
    pub name: String,
}

impl Demo {
    /// Reads the document of the command-line contract.
    ///
    /// # Errors
    /// A field of the contract is missing.
    pub fn read(document: &Value) -> Result<Self> {
        let members = document["members"].as_array().context("demo names its members")?;
        Ok(Self {
            practice: text(document, "practice")?,
            ca: text(document, "ca")?.into(),
            members: members.iter().map(Member::read).collect::<Result<_>>()?,
        })
    }

    /// The first member of a role.
    ///
    /// # Errors
    /// The demo has none.
    pub fn member(&self, role: &str) -> Result<&Member> {
        self.members
            .iter()
            .find(|member| member.role == role)
            .with_context(|| format!("the demo practice has no {role}"))
    }
}

impl Member {
    fn read(document: &Value) -> Result<Self> {
        Ok(Self {
            email: text(document, "email")?,
            password: text(document, "password")?,
            role: text(document, "role")?,
            name: text(document, "name")?,
        })
    }
}

fn text(document: &Value, field: &str) -> Result<String> {
    let value = document[field].as_str();
    Ok(value.with_context(|| format!("the demo document has no {field}"))?.to_owned())
}
