//! A disk that is full at each step of making and opening a vault.

use std::fs;

use practice::Code;

use crate::{
    desk::{Desk, owner, password, share},
    small_disk_tests::{fill, on_a_small_disk},
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
fn a_disk_that_fills_up_while_a_slot_is_made_anew_leaves_the_old_one_or_the_new() {
    if !on_a_small_disk("disk_full_tests::a_disk_that_fills_up_while_a_slot_is_made_anew_leaves_the_old_one_or_the_new")
    {
        return;
    }
    let desk = Desk::anns();
    let mut refused = 0;
    for pages in 0..3 {
        fill(desk.dir.path(), pages * 4096);
        let adopted = desk.vault.adopt(owner("ann"), &password("new"), &share(1));
        fs::remove_file(desk.path("ballast")).unwrap();
        let opens = match adopted {
            Ok(_) => "new",
            Err(error) => {
                assert_eq!(error.refusal().code, Code::DiskFull, "{pages} pages free");
                refused += 1;
                "ann's"
            }
        };
        desk.unlock("ann", opens).ok().unwrap().connect().unwrap();
    }
    assert!((1..3).contains(&refused), "{refused} of 3: the disk was never full, or always");
}

#[test]
fn tries_on_a_full_disk_are_not_made_and_none_is_counted() {
    if !on_a_small_disk("disk_full_tests::tries_on_a_full_disk_are_not_made_and_none_is_counted") {
        return;
    }
    let desk = Desk::anns();
    for _ in 0..4 {
        desk.unlock("ann", "guess").err().unwrap();
    }
    fill(desk.dir.path(), 0);
    for _ in 0..6 {
        assert_eq!(desk.unlock("ann", "ann's").err().unwrap().refusal().code, Code::DiskFull);
    }
    fs::remove_file(desk.path("ballast")).unwrap();
    desk.unlock("ann", "ann's").map(drop).unwrap();
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
