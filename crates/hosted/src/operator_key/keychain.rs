//! The keychain of the account that the host runs under: the Secret Service of its session's bus.
//!
//! Prompts are allowed zero seconds, since nobody sits before a host.

use std::{collections::HashMap, env, path::Path};

use dbus_secret_service::{EncryptionType, Error, SecretService};
use practice::Code;
use zeroize::Zeroizing;

use crate::store::StoreError;

pub(super) fn get(name: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let service = ready().map_err(said)?;
    let found = service.search_items(attributes(name)).map_err(said)?;
    let item = found.unlocked.first().or(found.locked.first()).ok_or(StoreError::OperatorKey)?;
    Ok(Zeroizing::new(item.get_secret().map_err(said)?))
}

pub(super) fn set(name: &str, secret: &[u8]) -> Result<(), StoreError> {
    let service = ready().map_err(said)?;
    let label = format!("Shadowchart operator's key {name}");
    let keyring = service.get_default_collection().map_err(said)?;
    keyring.create_item(&label, attributes(name), secret, true, "text/plain").map(drop).map_err(said)
}

pub(super) fn delete(name: &str) -> Result<(), StoreError> {
    let service = ready().map_err(said)?;
    for item in service.search_items(attributes(name)).map_err(said)?.unlocked {
        item.delete().map_err(said)?;
    }
    Ok(())
}

fn ready() -> Result<SecretService, Error> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let has_bus = set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists());
    // libdbus would start one, which nobody would ever stop.
    if !has_bus {
        return Err(Error::Unavailable);
    }
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Dh, 0)
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", "shadowchart-hosted"), ("key", name)])
}

fn said(error: Error) -> StoreError {
    let say = if matches!(error, Error::Locked | Error::Prompt) {
        "The keychain that holds the operator's key is locked. Unlock it for the account that the host runs under."
    } else {
        "The keychain that holds the operator's key can't be reached. It is asked on the session bus of the account that the host runs under."
    };
    StoreError::refused(Code::Invalid, say)
}
