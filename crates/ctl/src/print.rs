//! What the terminal shows: one JSON document for scripts, indented lines for people, refusals on standard error.
#![allow(clippy::print_stdout, reason = "printing is what a command line does")]

use std::{io::Write, process::ExitCode};

use serde_json::{Value, json};
use workstation::screen::Refused;

use crate::run::Done;

/// Prints what was done.
pub fn done(done: &Done, as_json: bool) -> ExitCode {
    let mut out = String::new();
    if as_json {
        out = done.document.to_string();
        out.push('\n');
    } else if let Some(say) = &done.say {
        say.lines().for_each(|line| lines(&line.into(), 0, &mut out));
    } else {
        lines(&done.document, 0, &mut out);
    }
    // A reader that went away (`| head`) is no failure.
    let _ = std::io::stdout().write_all(out.as_bytes());
    ExitCode::from(if done.found { 6 } else { 0 })
}

/// Prints a refusal.
pub fn refused(refused: &Refused, as_json: bool) -> ExitCode {
    if as_json {
        println!("{}", json!({"code": refused.code, "say": refused.say}));
    } else {
        let _ = writeln!(std::io::stderr(), "{}", refused.say);
    }
    ExitCode::from(refused.code.exit() as u8)
}

/// Prints what went wrong before anything was asked.
pub fn failed(say: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{say}");
    ExitCode::FAILURE
}

fn lines(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let name = name.replace('_', " ");
                match value {
                    Value::Object(_) | Value::Array(_) => {
                        out.push_str(&format!("{indent}{name}:\n"));
                        lines(value, depth + 1, out);
                    }
                    _ => out.push_str(&format!("{indent}{name}: {}\n", plain(value))),
                }
            }
        }
        Value::Array(all) if all.is_empty() => out.push_str(&format!("{indent}none\n")),
        Value::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                if index > 0 && value.is_object() {
                    out.push('\n');
                }
                lines(value, depth, out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&format!("{indent}{}\n", plain(value)));
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        // Control characters in a name must not steer the terminal.
        Value::String(text) => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
