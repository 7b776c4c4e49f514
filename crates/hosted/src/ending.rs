//! The end of a practice whose waiting time has passed, and the host's certificate of it.
//!
//! What is to be told is written down before anything is destroyed, since it lies in what is destroyed; a host that ends
//! in the middle goes on with it.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use practice::{
    ids::PracticeId,
    time::Stamp,
    wire::{Deletion, DeletionCertificate, SignedCertificate},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    backup::Backups,
    data_dir::DataDir,
    random,
    store::{PracticeStore, StoreError},
};

/// What the sealing of the host's key is bound to.
const WHAT: &str = "host signing key";

/// What is being destroyed.
#[derive(Serialize, Deserialize)]
struct Ending {
    certificate: DeletionCertificate,
    /// Where backups were kept.
    kept: Vec<String>,
    /// When it was tried last, and could not be finished.
    #[serde(default)]
    tried: Option<Stamp>,
}

/// Writes down what is to be told of the practice that `store` reads, which is destroyed by [`finish`].
pub(crate) fn begin(dir: &DataDir, store: &PracticeStore, asked: &Deletion, now: Stamp) -> Result<(), StoreError> {
    let kept = store.repositories()?;
    let computers = store.workstations()?.iter().filter(|one| one.wiped.is_none()).count();
    let certificate = DeletionCertificate {
        practice: store.practice().clone(),
        name: store.name()?,
        asked: asked.asked,
        asked_by: asked.asked_by.clone(),
        asked_by_name: asked.asked_by_name.clone(),
        done: now,
        destroyed: Vec::new(),
        left: match computers {
            0 => Vec::new(),
            n => vec![format!("What {n} computers of the practice hold, encrypted: they were not wiped before.")],
        },
    };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir.certificates())?;
    keep(&pending(dir, store.practice()), &Ending { certificate, kept, tried: None })
}

/// The practices whose end has begun and is not done.
pub(crate) fn begun(dir: &DataDir) -> Result<Vec<PracticeId>, StoreError> {
    named(dir, ".pending")
}

/// Destroys what is left of `practice`, and certifies it.
///
/// # Errors
/// Where something can't be destroyed now: it is to be tried again.
pub(crate) fn finish(
    dir: &DataDir,
    practice: &PracticeId,
    backups: Option<&Backups>,
    now: Stamp,
) -> Result<(), StoreError> {
    let file = pending(dir, practice);
    let mut ending: Ending = read(&file)?;
    let done = go_on(dir, practice, &file, &mut ending, backups, now);
    if done.is_err() {
        ending.tried = Some(now);
        keep(&file, &ending)?;
    }
    done
}

fn go_on(
    dir: &DataDir,
    practice: &PracticeId,
    file: &Path,
    ending: &mut Ending,
    backups: Option<&Backups>,
    now: Stamp,
) -> Result<(), StoreError> {
    let destroyed = PracticeStore::destroy(dir, practice)?;
    ending.certificate.destroyed.extend(destroyed);
    keep(file, ending)?;
    for repository in backups.iter().flat_map(|backups| backups.repositories()) {
        let told = repository.told();
        if ending.kept.contains(&told) {
            repository.unlock()?;
            let count = repository.destroy(practice.as_str())?;
            ending.certificate.destroyed.push(format!("{count} backups in {told}."));
            ending.kept.retain(|kept| *kept != told);
            keep(file, ending)?;
        }
    }
    let mut certificate = ending.certificate.clone();
    certificate.done = now;
    certificate.left.extend(ending.kept.iter().map(|kept| {
        format!("Backups in {kept}, which this host does not reach: whoever keeps them has to remove them.")
    }));
    keep(&dir.certificates().join(format!("{practice}.json")), &signed(dir, &certificate)?)?;
    Ok(fs::remove_file(file)?)
}

fn signed(dir: &DataDir, certificate: &DeletionCertificate) -> Result<SignedCertificate, StoreError> {
    let key = host_key(dir)?;
    let document = serde_json::to_string(certificate).map_err(|_| StoreError::Damaged("a certificate"))?;
    Ok(SignedCertificate {
        signature: STANDARD.encode(key.sign(document.as_bytes()).to_bytes()),
        key: STANDARD.encode(key.verifying_key().to_bytes()),
        document,
    })
}

/// Every certificate of `dir`, and whether its signature holds.
///
/// # Errors
/// When one can't be read.
pub fn certificates(dir: &DataDir) -> Result<Vec<(DeletionCertificate, SignedCertificate, bool)>, StoreError> {
    let all = named(dir, ".json")?;
    all.iter()
        .map(|practice| {
            let signed: SignedCertificate = read(&dir.certificates().join(format!("{practice}.json")))?;
            let told = serde_json::from_str(&signed.document).map_err(|_| StoreError::Damaged("a certificate"))?;
            let good = holds(&signed) && signed.key == STANDARD.encode(host_key(dir)?.verifying_key().to_bytes());
            Ok((told, signed, good))
        })
        .collect()
}

/// Whether the signature is that of the key that is named beside it.
pub fn holds(signed: &SignedCertificate) -> bool {
    let check = || {
        let key = VerifyingKey::from_bytes(&STANDARD.decode(&signed.key).ok()?.try_into().ok()?).ok()?;
        let signature = Signature::from_slice(&STANDARD.decode(&signed.signature).ok()?).ok()?;
        key.verify(signed.document.as_bytes(), &signature).ok()
    };
    check().is_some()
}

/// The host's own key, made when it first signs.
fn host_key(dir: &DataDir) -> Result<SigningKey, StoreError> {
    let file = dir.certificates().join("host.key");
    let seed = match fs::read_to_string(&file) {
        Ok(sealed) => dir.operator_key().unseal(WHAT, &sealed)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let seed = Zeroizing::new(random::bytes::<32>().to_vec());
            write(&file, dir.operator_key().seal(WHAT, &seed)?.as_bytes())?;
            seed
        }
        Err(error) => return Err(error.into()),
    };
    SigningKey::try_from(seed.as_slice()).map_err(|_| StoreError::Damaged("the host's key"))
}

fn pending(dir: &DataDir, practice: &PracticeId) -> PathBuf {
    dir.certificates().join(format!("{practice}.pending"))
}

fn named(dir: &DataDir, end: &str) -> Result<Vec<PracticeId>, StoreError> {
    let folder = match fs::read_dir(dir.certificates()) {
        Ok(folder) => folder,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for entry in folder {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.strip_suffix(end)).and_then(PracticeId::parse));
    }
    found.sort();
    Ok(found)
}

fn read<T: for<'de> Deserialize<'de>>(file: &Path) -> Result<T, StoreError> {
    serde_json::from_slice(&fs::read(file)?).map_err(|_| StoreError::Damaged("a certificate"))
}

fn keep(file: &Path, what: &impl Serialize) -> Result<(), StoreError> {
    write(file, &serde_json::to_vec_pretty(what).map_err(|_| StoreError::Damaged("a certificate"))?)
}

/// Whole or not at all.
fn write(file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let draft = file.with_extension("draft");
    let mut out = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&draft, file)?;
    let folder = file.parent().ok_or(StoreError::NotADataDir)?;
    Ok(fs::File::open(folder)?.sync_all()?)
}
