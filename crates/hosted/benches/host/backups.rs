//! A backup and a restore of the practice, beside what they can't be faster than: reading it, compressing it, writing it.

use std::{
    error::Error,
    io::{self, Write},
    time::{Duration, Instant},
};

use hosted::{backup::Backups, data_dir::DataDir, serve::now};

use super::{note, office::Office};

fn timed<T>(job: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(T, Duration), Box<dyn Error>> {
    let begun = Instant::now();
    let result = job()?;
    Ok((result, begun.elapsed()))
}

/// Makes two backups and restores the last.
pub fn run(office: &Office) -> Result<(), Box<dyn Error>> {
    let (dir, place) = (office.dir()?, tempfile::tempdir()?);
    let store = office.store();
    let mut stream = Vec::new();
    let (streamed, took) = timed(|| Ok(store.stream(&mut io::sink())?))?;
    note("stream alone, MB", streamed.bytes as f64 / 1e6);
    note("stream alone, s", took.as_secs_f64());
    store.stream(&mut stream)?;
    let (packed, took) = timed(|| Ok(zstd::stream::encode_all(&stream[..], 3)?))?;
    note("zstd of the stream, s", took.as_secs_f64());
    note("zstd of the stream, MB", packed.len() as f64 / 1e6);
    let (_, took) = timed(|| {
        let mut file = std::fs::File::create(place.path().join("raw"))?;
        file.write_all(&stream)?;
        Ok(file.sync_all()?)
    })?;
    note("the disk alone, s", took.as_secs_f64());
    drop((stream, packed));

    let backups = Backups::new(&dir, place.path().join("r").to_str().ok_or("a path")?, None, None)?;
    for name in ["first backup, s", "second backup, s"] {
        let done = backups.back_up(store, now());
        if let Some(refusal) = done.iter().find_map(|done| done.refusal.as_ref()) {
            return Err(refusal.say.into());
        }
        note(name, f64::from(done.iter().map(|done| done.run.told.took_ms).sum::<u32>()) / 1000.0);
    }
    let into = DataDir::open_or_create(&place.path().join("back"))?;
    let (back, took) = timed(|| {
        let last = backups.find(store.practice(), None)?;
        Ok(backups.restore(&into, store.practice(), &last, now())?)
    })?;
    if back.streamed.sha256 != streamed.sha256 {
        return Err("what came back is something else".into());
    }
    note("restore, s", took.as_secs_f64());
    note("restore, versions a second", back.streamed.versions() as f64 / took.as_secs_f64());
    Ok(())
}
