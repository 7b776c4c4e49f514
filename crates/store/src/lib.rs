//! All local SQL: rows to domain types, outbox, projections, audit chain, migrations.
//!
//! The store gets keyed connections from its caller and knows no key. Whatever must agree commits together: a change
//! with its outbox entry, projections and audit; a page with its cursor; a read is handed out only after the audit
//! row that tells of it is on disk. No error and no log line holds a patient's word.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod audit;
mod body;
mod check;
mod columns;
mod compartment;
mod desk;
mod error;
mod head;
mod horizon;
mod lives;
mod meta;
mod migrations;
mod outbox;
mod packed_id;
mod page;
mod prepared;
mod projection;
mod store;

pub use audit::AuditLine;
pub use check::check_file;
pub use desk::{
    AppointmentRow, BlockRow, Busy, CallRow, ChartRows, DayRows, FoundPatients, HistoryNote, HoursRow, Occupied,
    PatientHit, PractitionerRow, RecallRow, Registration, RoomRow, Stored, TimeRows, VisitRow, WaitingRow,
};
pub use error::StoreError;
pub use horizon::{Lacking, Pruned};
pub use lives::{LookedThrough, Lost, LostVersions};
pub use outbox::{Accepted, Entry, Fork, GiveUp, GivenUp, NewText, Rebase, Retold, Settlement, Waiting, Write};
pub use page::{Incoming, Page, Taken};
pub use prepared::{Known, PreparedPage, Version};
pub use store::Store;
