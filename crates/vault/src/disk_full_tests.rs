//! A disk that is full at each step of making and opening a vault.

use std::fs;

use practice::Code;

use crate::{
    desk::{Desk, owner, password, share},
    small_disk::{fill, on_a_small_disk},
};

#[test]
fn a_disk_that_fills_up_while_a_vault_is_made_loses_nothing() {
    if !on_a_small_disk("disk_full_tests::a_disk_that_fills_up_while_a_vault_is_made_loses_nothing") {
        return;
    }
    let mut refused = 0;
    for pages in 0..8 {
        let desk = Desk::enrolled();
        fill(desk.dir.path(), pages * 4096);
        if let Err(error) = desk.vault.create(owner("ann"), &password("ann's"), &share(1)) {
            assert_eq!(error.refusal().code, Code::DiskFull, "{pages} pages free");
            refused += 1;
        }
        fs::remove_file(desk.path("ballast")).unwrap();
        if !desk.vault.exists() {
            desk.vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        }
        desk.unlock("ann", "ann's").ok().unwrap().connect().unwrap();
    }
    assert!((1..8).contains(&refused), "{refused} of 8: the disk was never full, or always");
}

#[test]
fn a_full_disk_keeps_the_vault_shut_in_words_until_there_is_space() {
    if !on_a_small_disk("disk_full_tests::a_full_disk_keeps_the_vault_shut_in_words_until_there_is_space") {
        return;
    }
    let desk = Desk::anns();
    fill(desk.dir.path(), 0);
    let unlocked = desk.unlock("ann", "ann's");
    assert_eq!(unlocked.err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();

    let unlocked = desk.unlock("ann", "ann's").ok().unwrap();
    fill(desk.dir.path(), 0);
    assert_eq!(unlocked.connect().err().unwrap().refusal().code, Code::DiskFull);
    assert_eq!(unlocked.check_pages().err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();
    // From here on the file is in WAL mode, where a connection wants room before it wants to write.
    unlocked.connect().unwrap().close().ok().unwrap();
    fill(desk.dir.path(), 0);
    assert_eq!(unlocked.connect().err().unwrap().refusal().code, Code::DiskFull);
    fs::remove_file(desk.path("ballast")).unwrap();
    unlocked.connect().unwrap();
}

#[test]
fn a_full_disk_does_not_stop_a_wipe() {
    if !on_a_small_disk("disk_full_tests::a_full_disk_does_not_stop_a_wipe") {
        return;
    }
    let desk = Desk::anns();
    fill(desk.dir.path(), 0);
    desk.vault.forget().unwrap();
    assert_eq!(desk.names(), ["ballast"]);
}
