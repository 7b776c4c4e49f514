//! The store's laws, on a real encrypted file or a real PostgreSQL.

mod fenced;
#[path = "../../../tests/support/postgres.rs"]
mod postgres;
mod shared;
mod takes_in;

use practice::{ids::PracticeId, resource::ResourceKey, time::Stamp};

use super::{NewPractice, NewResource, PracticeStore};
use crate::data_dir::DataDir;

pub(crate) struct Office {
    pub root: tempfile::TempDir,
    pub dir: DataDir,
    pub store: PracticeStore,
}

/// An office in whichever database the tests are about.
pub(crate) fn office() -> Office {
    office_on(postgres::database())
}

/// An office in a file, for what is a file's alone.
pub(crate) fn office_in_a_file() -> Office {
    office_on(None)
}

fn office_on(database: Option<String>) -> Office {
    let root = tempfile::tempdir().unwrap();
    let mut dir = DataDir::open_or_create(&root.path().join("data")).unwrap();
    if let Some(database) = database {
        dir = dir.on(&database).unwrap();
    }
    let new = NewPractice {
        id: PracticeId::parse("practice-1").unwrap(),
        name: "Elm Street",
        time_zone: "America/New_York",
        at: at(0),
    };
    let store = PracticeStore::create(&dir, &new).unwrap();
    Office { root, dir, store }
}

pub(crate) fn at(second: i64) -> Stamp {
    Stamp::from_millis(1_790_000_000_000 + second * 1000).unwrap()
}

pub(crate) fn resource(key: &str, rest: &str) -> NewResource {
    let key = ResourceKey::parse(key).unwrap();
    let text = format!(r#"{{"resourceType":"{}","id":"{}"{rest}}}"#, key.kind, key.id);
    NewResource { key, text }
}
