//! Writes compact JSON text, with numbers exactly as they are to stand (`7.10`), which no JSON tree can do.

use std::fmt::Write;

/// An object being written.
pub struct Object<'a> {
    out: &'a mut String,
    empty: bool,
}

/// A list being written.
pub struct List<'a> {
    out: &'a mut String,
    empty: bool,
}

/// The text of one object.
pub fn object(fill: impl FnOnce(&mut Object<'_>)) -> String {
    let mut out = String::with_capacity(1024);
    write_object(&mut out, fill);
    out
}

fn write_object(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    fill(&mut Object { out, empty: true });
    out.push('}');
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl Object<'_> {
    fn key(&mut self, key: &str) -> &mut String {
        if !std::mem::take(&mut self.empty) {
            self.out.push(',');
        }
        quote(self.out, key);
        self.out.push(':');
        self.out
    }

    /// A string.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        quote(self.key(key), value);
        self
    }

    /// A number or truth value, as it is to stand.
    pub fn bare(&mut self, key: &str, value: impl std::fmt::Display) -> &mut Self {
        let _ = write!(self.key(key), "{value}");
        self
    }

    /// An object.
    pub fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        write_object(self.key(key), fill);
        self
    }

    /// A list.
    pub fn list(&mut self, key: &str, fill: impl FnOnce(&mut List<'_>)) -> &mut Self {
        let out = self.key(key);
        out.push('[');
        fill(&mut List { out, empty: true });
        out.push(']');
        self
    }

    /// A list of one object, which FHIR is full of.
    pub fn one(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        self.list(key, |list| {
            list.object(fill);
        })
    }
}

impl List<'_> {
    fn next(&mut self) -> &mut String {
        if !std::mem::take(&mut self.empty) {
            self.out.push(',');
        }
        self.out
    }

    /// A string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        quote(self.next(), value);
        self
    }

    /// An object.
    pub fn object(&mut self, fill: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        write_object(self.next(), fill);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_numbers_stand_as_given() {
        let text = object(|o| {
            o.text("a\"", "tab\there \\ \n").bare("n", "7.10").list("l", |l| {
                l.text("x").object(|_| {});
            });
        });
        assert_eq!(text, "{\"a\\\"\":\"tab\\u0009here \\\\ \\n\",\"n\":7.10,\"l\":[\"x\",{}]}");
    }
}
