use store::{StoreError, check_file};

use crate::world::{World, connect, patient};

/// A store of some hundred pages, all of them in the one file.
fn filled() -> World {
    let world = World::new();
    let texts: Vec<(String, String)> = (0..1_000)
        .map(|n| (format!("Patient/p{n}"), patient(&format!("p{n}"), &format!("Family{n}"), "A", "")))
        .collect();
    let rows: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world.sql().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    // For the whole process: it would tell of every page that it can't read on standard error.
    world.sql().query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(())).unwrap();
    world
}

fn check(world: &World, stop: bool) -> Result<(), StoreError> {
    check_file(connect(world.path())?, move || stop)
}

#[test]
fn one_flipped_bit_on_any_page_is_found_and_is_left_as_it_is() {
    let world = filled();
    check(&world, false).unwrap();
    let whole = std::fs::read(world.path()).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 50, "{pages} pages");
    for page in 0..pages {
        let mut file = whole.clone();
        file[page * 4096 + 1_234] ^= 1;
        std::fs::write(world.path(), &file).unwrap();
        assert!(matches!(check(&world, false), Err(StoreError::Damaged)), "page {page}");
        assert!(std::fs::read(world.path()).unwrap() == file, "page {page}");
    }
}

#[test]
fn a_check_that_is_called_off_says_nothing_of_the_file() {
    assert!(matches!(check(&filled(), true), Err(StoreError::Closed)));
}
