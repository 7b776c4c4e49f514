//! A backup and a restore of the practice, beside what they can't be faster than: reading it, compressing it, writing it.

use std::{
    error::Error,
    fs::File,
    io::{self, BufWriter},
    time::{Duration, Instant},
};

use hosted::{backup::Backups, data_dir::DataDir, serve::now, store::PracticeStore};

use super::{bare, most, note, office::Office};

fn timed<T>(job: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<(T, Duration), Box<dyn Error>> {
    let begun = Instant::now();
    let result = job()?;
    Ok((result, begun.elapsed()))
}

/// The longest that a restore may take, in seconds.
const RESTORE: f64 = 600.0;

/// Makes two backups and restores the last, also into `database`: gives what came there.
pub fn run(office: &Office, database: &str) -> Result<Office, Box<dyn Error>> {
    let (dir, place) = (office.dir()?, tempfile::tempdir()?);
    let store = office.store()?;
    let packed = place.path().join("packed");
    let (streamed, took) = timed(|| Ok(store.stream(&mut io::sink())?))?;
    note("stream alone, MB", streamed.bytes as f64 / 1e6);
    note("stream alone, s", took.as_secs_f64());
    let stream = place.path().join("stream");
    let (_, took) = timed(|| {
        let mut file = BufWriter::new(File::create(&stream)?);
        store.stream(&mut file)?;
        Ok(file.into_inner()?.sync_all()?)
    })?;
    note("stream to the disk, s", took.as_secs_f64());
    let (_, zstd) = timed(|| Ok(zstd::stream::copy_encode(File::open(&stream)?, File::create(&packed)?, 3)?))?;
    note("zstd of the stream, s", zstd.as_secs_f64());
    note("zstd of the stream, MB", std::fs::metadata(&packed)?.len() as f64 / 1e6);
    std::fs::remove_file(&stream)?;
    std::fs::remove_file(&packed)?;

    let backups = Backups::new(&dir, place.path().join("r").to_str().ok_or("a path")?, None, None)?;
    for name in ["first backup, s", "second backup, s"] {
        let done = backups.back_up(store, now());
        if let Some(refusal) = done.iter().find_map(|done| done.refusal.as_ref()) {
            return Err(refusal.say.into());
        }
        note(name, f64::from(done.iter().map(|done| done.run.told.took_ms).sum::<u32>()) / 1000.0);
    }
    let bare = bare::insert(streamed.versions())?.as_secs_f64();
    note("bare insert of as many rows, s", bare);
    let restored = |name: &str, into: &DataDir| {
        let (back, took) = timed(|| {
            let last = backups.find(store.practice(), None)?;
            Ok(backups.restore(into, store.practice(), &last, now())?)
        })?;
        if back.streamed.sha256 != streamed.sha256 {
            return Err("what came back is something else".into());
        }
        most(&format!("{name}: restore, s"), took.as_secs_f64(), RESTORE);
        note(&format!("{name}: restore, versions a second"), back.streamed.versions() as f64 / took.as_secs_f64());
        note(&format!("{name}: restore, of a bare insert"), took.as_secs_f64() / bare);
        Ok::<_, Box<dyn Error>>(())
    };
    restored("file", &DataDir::open_or_create(&place.path().join("back"))?)?;
    let root = tempfile::tempdir()?;
    let into = DataDir::open_or_create(root.path())?.on(database)?;
    restored("PostgreSQL", &into)?;
    let store = PracticeStore::open(&into, store.practice())?;
    Ok(Office::restored(root, store, Some(database.to_owned())))
}
