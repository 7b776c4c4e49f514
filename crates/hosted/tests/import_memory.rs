//! An import takes little memory whatever it is given. A test binary of its own, because the memory of a process is
//! measured and nothing else may run in it.

use std::{fs::File, io::Write, path::Path};

use hosted::{
    import::{self, Sink, SinkError},
    store::NewResource,
};
use practice::resource::{ResourceKey, ResourceType};

/// Twice what the import may take; it stands for a gigabyte, which would only take longer.
const HUGE: usize = 64 << 20;
const ALLOWED: u64 = 48 << 20;

struct Counted(usize);

impl Sink for Counted {
    type Error = ();

    fn accept(&mut self, batch: &[NewResource]) -> Result<(), SinkError<()>> {
        self.0 += batch.len();
        Ok(())
    }

    fn holder(&mut self, _uuid: &str) -> Result<Option<ResourceKey>, ()> {
        Ok(None)
    }

    fn carrier(&mut self, _kind: ResourceType, _token: &str) -> Result<Option<ResourceKey>, ()> {
        Ok(None)
    }
}

/// A zstd file of `before`, very many letters, and `after`.
fn huge(path: &Path, before: &str, after: &str) {
    let mut file = zstd::Encoder::new(File::create(path).expect("a file"), 1).expect("zstd").auto_finish();
    file.write_all(before.as_bytes()).expect("room");
    for _ in 0..HUGE >> 16 {
        file.write_all(&[b'x'; 1 << 16]).expect("room");
    }
    file.write_all(after.as_bytes()).expect("room");
}

/// Most memory that this process has held, in bytes; none where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB");
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}

#[test]
fn a_line_or_an_entry_without_end_is_named_in_little_memory_and_the_next_is_taken() {
    let dir = tempfile::tempdir().expect("a folder");
    let patient = |id: &str, x: &str| format!(r#"{{"resourceType":"Patient","id":"{id}","x":"{x}"#);
    let good = |id: &str| patient(id, "\"}");
    huge(&dir.path().join("a.ndjson.zst"), &patient("l", ""), &format!("\"}}\n{}\n", good("a")));
    huge(
        &dir.path().join("b.json.zst"),
        &format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{}"#, patient("e", "")),
        &format!("\"}}}},{{\"resource\":{}}}]}}", good("b")),
    );
    let mut counted = Counted(0);
    let report = import::run(&[dir.path().to_owned()], &mut counted).expect("a report");
    assert_eq!((report.accepted, counted.0), (2, 2), "{report:?}");
    let named: Vec<_> = report.rejected.iter().map(|r| (r.entry, r.reason.contains("larger than 5 MB"))).collect();
    assert_eq!(named, [(Some(0), true), (Some(0), true)]);
    if let Some(peak) = peak() {
        assert!(peak < ALLOWED, "{} MB", peak >> 20);
    }
}
