//! The Secret Service (GNOME Keyring, KWallet, KeePassXC) over D-Bus.
//!
//! Every call has its own connection on its own thread, so one that hangs holds up nobody else. The bus is asked who
//! owns the service's name before the service is spoken to, because speaking to it would start it. Prompts are
//! allowed zero seconds: what is locked is answered with "locked", at once, and a person unlocks it where the
//! operating system has its own way of asking.

use std::{collections::HashMap, env, path::Path, time::Duration};

use dbus::blocking::Connection;
use dbus_secret_service::{Collection, EncryptionType, Error, Item, SecretService};
use zeroize::Zeroizing;

use super::{
    Entry, EntryKind, Kept, Keychain, KeychainError, KeychainState,
    limit::{within, within_again},
    sealed::Sealed,
};

const NAME: &str = "org.freedesktop.secrets";
/// The longest the bus itself may take.
const BUS_LIMIT: Duration = Duration::from_millis(1_000);

/// The operating system's keychain.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeychain;

impl Sealed for OsKeychain {}

impl Keychain for OsKeychain {
    fn state(&self) -> KeychainState {
        match within(|| ready(EncryptionType::Plain).map(drop)) {
            Ok(()) => KeychainState::Ready,
            Err(KeychainError::Locked) => KeychainState::Locked,
            Err(_) => KeychainState::NoService,
        }
    }

    fn backend(&self) -> Result<String, KeychainError> {
        within(|| Ok(collection(&ready(EncryptionType::Plain)?)?.path.to_string()))
    }

    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError> {
        let entry = entry.clone();
        within_again(move || {
            let service = ready(line_for(entry.kind))?;
            let secret = Zeroizing::new(item(&service, &entry)?.get_secret().map_err(said)?);
            Ok(Kept::new(&secret))
        })
    }

    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError> {
        let (entry, secret) = (entry.clone(), Kept::new(secret.bytes()));
        within_again(move || {
            let service = ready(line_for(entry.kind))?;
            let label = format!("Shadowchart {} of {}", entry.kind.as_str(), entry.workstation);
            collection(&service)?
                .create_item(&label, attributes(&entry), secret.bytes(), true, "application/octet-stream")
                .map(drop)
                .map_err(said)
        })
    }

    fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        let entry = entry.clone();
        within(move || item(&ready(EncryptionType::Plain)?, &entry)?.delete().map_err(said))
    }
}

/// Secrets cross the bus encrypted; a number that is none is spared the agreement on a key.
fn line_for(kind: EntryKind) -> EncryptionType {
    match kind {
        EntryKind::DeviceSecret | EntryKind::DeviceToken => EncryptionType::Dh,
        EntryKind::Tries => EncryptionType::Plain,
    }
}

/// A session with a service that is running, has a keyring and is unlocked.
fn ready(encryption: EncryptionType) -> Result<SecretService, KeychainError> {
    if !has_bus() || !is_owned()? {
        return Err(KeychainError::NoService);
    }
    let service = SecretService::connect_with_max_prompt_timeout(encryption, 0).map_err(said)?;
    if collection(&service)?.is_locked().map_err(said)? { Err(KeychainError::Locked) } else { Ok(service) }
}

/// Whether there is a session bus to ask. libdbus would otherwise start one, which nobody would ever stop.
fn has_bus() -> bool {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

/// Whether the service runs. Asked of the bus, so that asking does not start it.
fn is_owned() -> Result<bool, KeychainError> {
    let bus = Connection::new_session().map_err(|_| KeychainError::NoService)?;
    let owned: Result<(bool,), _> = bus
        .with_proxy("org.freedesktop.DBus", "/org/freedesktop/DBus", BUS_LIMIT)
        .method_call("org.freedesktop.DBus", "NameHasOwner", (NAME,));
    owned.map(|(owned,)| owned).map_err(|_| KeychainError::Silent)
}

/// The keyring that new entries go to.
fn collection(service: &SecretService) -> Result<Collection<'_>, KeychainError> {
    service.get_default_collection().map_err(said)
}

/// The one entry with our attributes, in whichever keyring it is.
fn item<'a>(service: &'a SecretService, entry: &Entry) -> Result<Item<'a>, KeychainError> {
    let mut found = service.search_items(attributes(entry)).map_err(said)?;
    match (found.unlocked.pop(), found.unlocked.is_empty(), found.locked.is_empty()) {
        (Some(item), true, true) => Ok(item),
        (None, _, true) => Err(KeychainError::NoEntry),
        (None, _, false) => Err(KeychainError::Locked),
        (Some(_), ..) => Err(KeychainError::Changed),
    }
}

fn attributes(entry: &Entry) -> HashMap<&str, &str> {
    HashMap::from([
        ("service", "shadowchart"),
        ("workstation", entry.workstation.as_str()),
        ("entry", entry.kind.as_str()),
    ])
}

/// What the service's error means. By name, never by text.
fn said(error: Error) -> KeychainError {
    if let Error::Dbus(error) = error {
        return bus_said(error.name().unwrap_or_default());
    }
    if matches!(error, Error::Locked | Error::Prompt) {
        KeychainError::Locked
    } else if matches!(error, Error::NoResult | Error::Unavailable) {
        KeychainError::NoService
    } else {
        KeychainError::Refused
    }
}

fn bus_said(name: &str) -> KeychainError {
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => KeychainError::Locked,
        "org.freedesktop.Secret.Error.NoSuchObject" => KeychainError::NoEntry,
        "org.freedesktop.DBus.Error.ServiceUnknown"
        | "org.freedesktop.DBus.Error.NameHasNoOwner"
        | "org.freedesktop.DBus.Error.NoServer"
        | "org.freedesktop.DBus.Error.Disconnected" => KeychainError::NoService,
        "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.Timeout" => KeychainError::Silent,
        _ => KeychainError::Refused,
    }
}
