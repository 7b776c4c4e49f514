//! One resource: as it is, as it was, and every version of it.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    permission::{FindPatient, ReadAudit, ReadChart, ReadSchedule, authorise},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};

use super::{
    super::{
        App, Caller, blocking,
        failure::{Failure, Fhir},
        reply::{Reply, takes_zstd},
    },
    base,
    bundle::Bundle,
    key_of, not_here,
};
use crate::store::StoreError;

/// Whether the caller may read resources of this type. A workstation by itself keeps the whole chart: whom it shows
/// what is its own question, under the same table.
pub(super) fn may_read(caller: &Caller, kind: ResourceType) -> Result<(), Failure> {
    let Some(member) = &caller.member else { return Ok(()) };
    let allowed = match kind.as_str() {
        "Appointment" | "Schedule" | "Slot" | "Practitioner" => authorise::<ReadSchedule>(member.role).map(drop),
        "Patient" => authorise::<FindPatient>(member.role).map(drop),
        "AuditEvent" => authorise::<ReadAudit>(member.role).map(drop),
        _ => authorise::<ReadChart>(member.role).map(drop),
    };
    allowed.map_err(Failure::from)
}

/// Writes down what a member read or looked for here. Tries for what is not there are written down where they are
/// answered ([`super::super::tries`]).
pub(super) fn record(
    caller: &Caller,
    action: AuditAction,
    resource: Option<&ResourceKey>,
    query: Option<String>,
    now: Stamp,
) -> Result<(), StoreError> {
    // A workstation's own sync; what it shows to whom is in its own chain.
    let Some(member) = &caller.member else { return Ok(()) };
    let member = Some(member.id.clone());
    let patient =
        resource.filter(|key| key.kind == ResourceType::PATIENT).and_then(|key| PatientId::parse(key.id.as_str()));
    let record = AuditRecord {
        patient,
        resource: resource.cloned(),
        query,
        ..AuditRecord::new(now, action, member, caller.workstation.id.clone())
    };
    caller.practice.write(|store| store.audit(&record))
}

pub async fn read(
    State(app): State<App>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Fhir {
    one(app, caller, key_of(&kind, &id)?, None, headers).await
}

pub async fn read_version(
    State(app): State<App>,
    caller: Caller,
    Path((kind, id, version)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Fhir {
    let version = version.parse().map_err(|_| not_here())?;
    one(app, caller, key_of(&kind, &id)?, Some(version), headers).await
}

async fn one(app: App, caller: Caller, key: ResourceKey, version: Option<u32>, headers: HeaderMap) -> Fhir {
    may_read(&caller, key.kind)?;
    let now = app.now();
    let response = blocking(move || {
        let found = caller.practice.read(|store| match version {
            Some(version) => store.read_version(&key, version),
            None => store.read(&key),
        })?;
        let stored = found.ok_or_else(not_here)?;
        record(&caller, AuditAction::Read, Some(&key), None, now)?;
        Reply::fhir(stored.text.into_bytes()).tagged(stored.version).finish(takes_zstd(&headers))
    })
    .await?;
    Ok(response)
}

pub async fn history(
    State(app): State<App>,
    caller: Caller,
    Path((kind, id)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Fhir {
    let key = key_of(&kind, &id)?;
    may_read(&caller, key.kind)?;
    if uri.query().is_some_and(|query| !query.is_empty()) {
        return Err(Failure::new(Code::Invalid, "The history of one record takes no parameters.").into());
    }
    let (now, base) = (app.now(), base(&uri, &headers));
    let response = blocking(move || {
        let mut bundle = Bundle::new("history", &base, 8);
        let mut found = false;
        caller.practice.read(|store| {
            store.history(&key, |row| {
                found = true;
                bundle.told(row)
            })
        })?;
        if !found {
            return Err(not_here());
        }
        record(&caller, AuditAction::Read, Some(&key), None, now)?;
        Reply::fhir(bundle.finish(&[])).finish(takes_zstd(&headers))
    })
    .await?;
    Ok(response)
}
