//! Thousands of worlds, and worlds in which something is broken on purpose.
//!
//! `SIM_WORLDS=100000` lives through more; `SIM_FIRST=4711` begins at that seed.
#![allow(clippy::print_stdout, missing_docs)]

use std::{env, thread};

use sim::{Flaw, Seen, World};

/// Worlds with the same stores, before new ones are made.
const TOGETHER: u64 = 100;

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Lives through these worlds: what came about in them, or the first that broke a law.
fn live(seeds: impl Iterator<Item = u64>, flaw: Flaw) -> Result<Seen, String> {
    let (mut world, mut seen) = (World::new().expect("a world"), Seen::new());
    for (n, seed) in (1..).zip(seeds) {
        world.live(seed, flaw).map_err(|law| format!("world {seed}: {law:#}"))?;
        if n % TOGETHER == 0 {
            add(&mut seen, &world);
            world = World::new().expect("a world");
        }
    }
    add(&mut seen, &world);
    Ok(seen)
}

fn add(seen: &mut Seen, world: &World) {
    world.seen().into_iter().for_each(|(what, times)| *seen.entry(what).or_default() += times);
}

#[test]
fn in_every_world_all_come_to_see_the_same_and_nothing_is_lost_or_done_twice() {
    let (first, count) = (number("SIM_FIRST", 0), number("SIM_WORLDS", 10_000));
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let all: Vec<Result<Seen, String>> = thread::scope(|scope| {
        let part = |n: usize| (first..first + count).skip(n).step_by(threads);
        let all: Vec<_> = (0..threads).map(|n| scope.spawn(move || live(part(n), Flaw::None))).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    let mut seen = Seen::new();
    for one in all {
        one.unwrap_or_else(|law| panic!("{law}"))
            .into_iter()
            .for_each(|(what, times)| *seen.entry(what).or_default() += times);
    }
    println!("{count} worlds: {seen:?}");
    for what in
        ["entered", "repeated", "in conflict", "overlapping", "merged", "chosen", "given up", "restored", "given back"]
    {
        let times = seen.get(what).copied().unwrap_or(0) as u64;
        assert!(times >= count / 10, "{what} {times} times in {count} worlds: they are not what this is about");
    }
}

#[test]
fn a_sync_that_is_broken_on_purpose_breaks_a_law() {
    for flaw in [Flaw::NewIdEachTime, Flaw::CursorBeforeRows, Flaw::AnswersLaterToo, Flaw::KeepsTheLost] {
        assert!(live(0..500, flaw).is_err(), "{flaw:?} goes unnoticed");
    }
}
