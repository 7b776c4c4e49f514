//! Telling what came of a command. The only place that prints.

use std::{io::Write, process::ExitCode};

use practice::refusal::Exit;
use serde_json::{Value, json};

use super::Outcome;

/// What a command did: as a document for scripts and in words for people.
pub(super) struct Report {
    /// One JSON document.
    pub document: Value,
    /// Lines for a person.
    pub words: String,
    /// Whether it looked, and found something wrong.
    wrong: bool,
}

impl Report {
    /// A report in both forms.
    pub fn new(document: Value, words: impl Into<String>) -> Self {
        Self { document, words: words.into(), wrong: false }
    }

    /// Of something that was looked at, and is wrong or not.
    pub fn wrong(self, wrong: bool) -> Self {
        Self { wrong, ..self }
    }

    /// Prints the report. A reader that has gone away is no failure of the command.
    pub fn print(&self, json: bool) {
        let text = if json { self.document.to_string() } else { self.words.trim_end().to_owned() };
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }
}

/// Prints the outcome and gives the exit status of the contract.
pub(super) fn tell(outcome: Outcome, json: bool) -> ExitCode {
    let error = match outcome {
        Ok(report) => {
            report.print(json);
            return if report.wrong { ExitCode::from(Exit::Found as u8) } else { ExitCode::SUCCESS };
        }
        Err(error) => error,
    };
    let refusal = error.refusal();
    if json {
        Report::new(json!({"code": refusal.code, "say": refusal.say}), "").print(true);
    } else {
        eprintln!("{}", refusal.say);
    }
    if let Some(class) = error.class() {
        tracing::error!(class, "the command failed");
    }
    ExitCode::from(match refusal.code.exit() {
        Exit::Failed => 1,
        // There is no vault here: a full disk is a refusal like any other.
        Exit::Refused | Exit::Vault => 3,
        Exit::Unreachable => 4,
        Exit::Found => 6,
    })
}
