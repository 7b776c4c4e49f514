//! Where in a file a reading stands. Both readings count alike, so that an entry has one number.

use super::survey::Role;

/// Counts the outermost objects of a file, and the entries within it.
#[derive(Default)]
pub struct Place {
    nth: u64,
    start: u64,
    entries: u64,
}

impl Place {
    /// The number of the outermost object.
    pub fn nth(&self) -> u64 {
        self.nth
    }

    /// The number that the outermost object has as an entry of the file, or that its first entry has.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The number of the entry that comes next.
    pub fn index(&self) -> u64 {
        self.start + self.entries
    }

    /// An entry has been read.
    pub fn entry(&mut self) {
        self.entries += 1;
    }

    /// An outermost object has been read.
    pub fn whole(&mut self, role: &Role) {
        self.start += if matches!(role, Role::Bundle(_)) { self.entries } else { 1 };
        (self.nth, self.entries) = (self.nth + 1, 0);
    }

    /// Reading stopped at a fault, which has a number of its own.
    pub fn fault(&mut self, role: &Role) {
        self.start += if matches!(role, Role::Bundle(_)) { self.entries + 1 } else { 1 };
        (self.nth, self.entries) = (self.nth + 1, 0);
    }
}
