//! Which tables a practice is made of, and which are left out and why. A table or a column that is in neither list fails
//! a test: nothing that is added later is forgotten by the backups.

/// How a column is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    Number,
    Text,
    /// Base64.
    Bytes,
    /// A text that lies compressed.
    Packed,
}
use As::{Bytes, Number, Packed, Text};

/// A table of the stream.
pub(super) struct Table {
    pub name: &'static str,
    /// As they are told.
    pub columns: &'static [(&'static str, As)],
    /// How many of the first columns make the key, by which rows are ordered.
    pub key: usize,
}

/// In the order of the stream: what refers comes behind what it refers to.
pub(super) const TABLES: &[Table] = &[
    Table { name: "setting", columns: &[("name", Text), ("value", Text)], key: 1 },
    Table { name: "life", columns: &[("n", Number), ("name", Text), ("first_seq", Number)], key: 1 },
    Table { name: "policy", columns: &[("version", Number), ("document", Text), ("signature", Text)], key: 1 },
    Table {
        name: "member",
        columns: &[
            ("id", Text),
            ("email", Text),
            ("name", Text),
            ("role", Text),
            ("initials", Text),
            ("color", Number),
            ("practitioner", Text),
            ("password", Text),
            ("added", Number),
            ("stopped", Number),
        ],
        key: 1,
    },
    Table {
        name: "second_factor",
        columns: &[("member", Text), ("secret", Bytes), ("confirmed", Number), ("last_step", Number)],
        key: 1,
    },
    Table { name: "recovery_code", columns: &[("code", Bytes), ("member", Text), ("used", Number)], key: 1 },
    Table {
        name: "workstation",
        columns: &[
            ("id", Text),
            ("name", Text),
            ("zone", Text),
            ("token", Bytes),
            ("share", Bytes),
            ("enrolled", Number),
            ("stopped", Number),
            ("key", Text),
            ("wipe", Number),
            ("wiped", Number),
            ("receipt", Text),
            ("copied", Number),
        ],
        key: 1,
    },
    // A restore forgives no wrong password.
    Table { name: "attempt", columns: &[("email", Bytes), ("failures", Number), ("last", Number)], key: 1 },
    Table {
        name: VERSION,
        columns: &[
            ("seq", Number),
            ("kind", Text),
            ("id", Text),
            ("version", Number),
            ("updated", Number),
            ("body", Packed),
        ],
        key: 1,
    },
    Table { name: "given_back", columns: &[("seq", Number), ("life", Text)], key: 1 },
    Table { name: "change", columns: &[("id", Text), ("first_seq", Number), ("last_seq", Number)], key: 1 },
    Table {
        name: "audit_entry",
        columns: &[
            ("workstation", Text),
            ("seq", Number),
            ("prev", Text),
            ("hash", Text),
            ("event", Packed),
            ("taken", Number),
        ],
        key: 2,
    },
    Table {
        name: "deletion",
        columns: &[
            ("id", Text),
            ("asked", Number),
            ("asked_by", Text),
            ("due", Number),
            ("comment", Text),
            ("taken_back", Number),
            ("taken_back_by", Text),
            ("taken_back_comment", Text),
        ],
        key: 1,
    },
    Table {
        name: "backup_run",
        columns: &[
            ("id", Text),
            ("kind", Text),
            ("at", Number),
            ("took", Number),
            ("kept", Text),
            ("elsewhere", Number),
            ("snapshot", Text),
            ("snapshot_at", Number),
            ("versions", Number),
            ("bytes", Number),
            ("sha256", Text),
            ("problem", Text),
            ("say", Text),
        ],
        key: 1,
    },
];

/// The table from which `resource`, `term` and `holding` are made again.
pub(super) const VERSION: &str = "version";

/// What is not in the stream, and why.
#[cfg(test)]
pub(super) const LEFT_OUT: &[(&str, &str)] = &[
    ("resource", "the last version of each, with what search knows of it: made again"),
    ("version.resource", "its row there"),
    ("term", "made again from the texts"),
    ("holding", "made again from the texts"),
    ("workstation.seen", "of the last minute: told again by the next request"),
    ("workstation.program", "told again by the next request"),
    ("workstation.policy", "told again by the next request"),
    ("workstation.locked", "stands in its audit chain, and is told again by the next lock"),
    ("page", "pages of the feed as they are sent: made again when a computer joins"),
    ("access_token", "good for a day's work at most: after a restore people sign in again"),
    ("token_family", "as the access tokens of it"),
    ("refresh_token", "as the access tokens that it fetches"),
    ("proof", "of the last minutes, for tokens that are left out"),
    ("mailed_link", "good for a short time: whoever waits for one asks again"),
    ("tries", "of a few minutes, by network address"),
    ("enrol_code", "good for a quarter of an hour: a restore must not make a used one good again"),
];
