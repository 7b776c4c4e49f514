//! What a thief of the running computer would read: the memory of the app's processes, and every file it may have left.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result};
use memchr::memmem::Finder;

/// Read at once.
const CHUNK: usize = 1 << 20;
const PAGE: usize = 4096;
/// Asked about at once.
const SPAN: usize = 1 << 30;

/// Words that must not be found, each in the forms in which a program keeps text.
pub struct Canaries {
    finders: Vec<(String, Finder<'static>)>,
    longest: usize,
}

impl Canaries {
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut finders = Vec::new();
        for word in words {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            finders.push((word.to_owned(), Finder::new(word.as_bytes()).into_owned()));
            finders.push((format!("{word} (UTF-16)"), Finder::new(&wide).into_owned()));
        }
        let longest = finders.iter().map(|(_, finder)| finder.needle().len()).max().unwrap_or(0);
        Self { finders, longest }
    }

    fn in_bytes(&self, bytes: &[u8], place: &str, hits: &mut Vec<String>) {
        for (name, finder) in &self.finders {
            if finder.find(bytes).is_some() {
                hits.push(format!("{name} in {place}"));
            }
        }
    }

    /// Where they are in the memory of a process. One that has ended has none.
    pub fn in_process(&self, id: u32) -> Result<Vec<String>> {
        let mut hits = Vec::new();
        let Ok(name) = fs::read_to_string(format!("/proc/{id}/comm")) else { return Ok(hits) };
        let Ok(maps) = fs::read_to_string(format!("/proc/{id}/maps")) else { return Ok(hits) };
        let memory = File::open(format!("/proc/{id}/mem")).context("reading another process's memory takes root")?;
        let pages = File::open(format!("/proc/{id}/pagemap"))?;
        let mut chunk = vec![0; CHUNK];
        for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
            let Some((from, to)) = line.split(' ').next().and_then(|range| range.split_once('-')) else { continue };
            let (from, to) = (u64::from_str_radix(from, 16)?, u64::from_str_radix(to, 16)?);
            let place = format!("{} {id}: {line}", name.trim());
            for at in touched(&pages, from, to) {
                // A word may lie across two chunks.
                let most = usize::try_from(to - at)?.min(CHUNK + self.longest);
                chunk.resize(most, 0);
                let Ok(read) = memory.read_at(&mut chunk, at) else { continue };
                self.in_bytes(&chunk[..read], &place, &mut hits);
            }
        }
        Ok(hits)
    }

    /// Where they are in the files below a folder that were written since a moment.
    pub fn in_files(&self, folder: &Path, since: SystemTime) -> Vec<String> {
        let mut hits = Vec::new();
        for path in files_below(folder) {
            let written = fs::metadata(&path).and_then(|metadata| metadata.modified());
            if written.is_ok_and(|written| written < since) {
                continue;
            }
            // A socket can't be read, and a file may go while this looks.
            let Ok(bytes) = fs::read(&path) else { continue };
            self.in_bytes(&bytes, &path.display().to_string(), &mut hits);
        }
        hits
    }
}

/// Where the chunks of a range begin of which any page is in memory, or swapped out. Programs set gigabytes aside that
/// they never touch.
fn touched(pages: &File, from: u64, to: u64) -> Vec<u64> {
    let mut found = Vec::new();
    let mut entries = vec![0; SPAN / PAGE * 8];
    for span in (from..to).step_by(SPAN) {
        let wanted = usize::try_from(to - span).unwrap_or(SPAN).min(SPAN) / PAGE * 8;
        let read = pages.read_at(&mut entries[..wanted], span / PAGE as u64 * 8).unwrap_or(0);
        for (chunk, entries) in (span..).step_by(CHUNK).zip(entries[..read].chunks(CHUNK / PAGE * 8)) {
            // The two highest bits of an entry: present, swapped.
            if entries.chunks_exact(8).any(|entry| entry[7] & 0b1100_0000 != 0) {
                found.push(chunk);
            }
        }
    }
    found
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
}

/// A process and everything it started, by id and name.
pub fn family(id: u32) -> Vec<(u32, String)> {
    let processes: Vec<(u32, u32, String)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let id = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            Some((id, rest.split_whitespace().nth(1)?.parse().ok()?, name.to_owned()))
        })
        .collect();
    let mut all: Vec<(u32, String)> = Vec::new();
    all.extend(processes.iter().filter(|(one, ..)| *one == id).map(|(id, _, name)| (*id, name.clone())));
    let mut at = 0;
    while let Some((parent, _)) = all.get(at).cloned() {
        all.extend(processes.iter().filter(|(_, of, _)| *of == parent).map(|(id, _, name)| (*id, name.clone())));
        at += 1;
    }
    all
}
