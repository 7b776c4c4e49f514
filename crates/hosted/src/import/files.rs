//! Which files an import reads, and how they are opened: folders in order, compression by what a file begins with.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use super::reason::Reason;

/// Most bytes that one compressed file may expand to.
pub const MAX_EXPANDED: u64 = 8 << 30;

/// zstd keeps a window of 2^25 bytes at most, so that no file makes the import take more memory.
const WINDOW_LOG: u32 = 25;

const ENDINGS: [&str; 3] = ["json", "ndjson", "jsonl"];

/// Every file under `paths`, in order; with its reason, what can't be one.
pub fn listed(paths: &[PathBuf]) -> Vec<(PathBuf, Result<(), Reason>)> {
    let mut all = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => all.push((path.clone(), Err(Reason::Missing))),
            Err(_) => all.push((path.clone(), Err(Reason::Unreadable))),
            Ok(meta) if meta.is_dir() => folder(path, &mut all),
            Ok(meta) if meta.is_file() => all.push((path.clone(), Ok(()))),
            Ok(_) => all.push((path.clone(), Err(Reason::Unreadable))),
        }
    }
    all
}

fn folder(path: &Path, all: &mut Vec<(PathBuf, Result<(), Reason>)>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        all.push((path.to_owned(), Err(Reason::Unreadable)));
        return;
    };
    let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        // A link to a folder could lead back here.
        let kind = std::fs::symlink_metadata(&path).map(|meta| meta.file_type());
        match kind {
            _ if hidden => {}
            Ok(kind) if kind.is_dir() => folder(&path, all),
            Ok(_) if path.is_file() => {
                let fits = ENDINGS.contains(&ending(&path).as_str());
                all.push((path, if fits { Ok(()) } else { Err(Reason::OtherName) }));
            }
            _ => all.push((path, Err(Reason::OtherName))),
        }
    }
}

/// The last part of the name, below `.gz` or `.zst`, in small letters.
fn ending(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned()
}

/// Whether every line of the file is a resource of its own.
pub fn is_lines(path: &Path) -> bool {
    matches!(ending(path).as_str(), "ndjson" | "jsonl")
}

/// Opens `path` for reading, expanded.
pub fn open(path: &Path, max_expanded: u64) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(64 << 10, File::open(path)?);
    let magic = file.fill_buf()?;
    let limited = |expanded: Box<dyn Read>| -> Box<dyn BufRead> {
        Box::new(BufReader::with_capacity(64 << 10, Limited { expanded, left: max_expanded }))
    };
    if magic.starts_with(&[0x1f, 0x8b]) {
        Ok(limited(Box::new(flate2::bufread::MultiGzDecoder::new(file))))
    } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let mut expanded = zstd::Decoder::with_buffer(file)?;
        expanded.window_log_max(WINDOW_LOG)?;
        Ok(limited(Box::new(expanded)))
    } else {
        Ok(Box::new(file))
    }
}

/// Fails once more than `left` bytes have come out.
struct Limited {
    expanded: Box<dyn Read>,
    left: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("expands too far")]
struct TooFar;

impl Read for Limited {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.expanded.read(buf)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| io::Error::other(TooFar))?;
        Ok(n)
    }
}

/// What a failed read means.
pub fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        _ if error.get_ref().is_some_and(|inner| inner.is::<TooFar>()) => Reason::ExpandsTooFar,
        io::ErrorKind::UnexpectedEof => Reason::CutOff,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => Reason::Damaged,
        _ => Reason::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_the_name_below_the_compression() {
        for (name, lines) in [
            ("Patient.ndjson", true),
            ("a.JSONL.GZ", true),
            ("a.ndjson.zst", true),
            ("a.json", false),
            ("ndjson", false),
        ] {
            assert_eq!(is_lines(Path::new(name)), lines, "{name}");
        }
    }
}
