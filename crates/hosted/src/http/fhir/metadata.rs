//! `GET /fhir/metadata`: what this host can do (<https://hl7.org/fhir/R4/capabilitystatement.html>).

use axum::http::{HeaderMap, Uri};
use practice::resource::ResourceType;
use serde_json::{Value, json};

use super::{
    super::{
        failure::Fhir,
        reply::{FHIR_JSON, Reply, takes_zstd},
    },
    base, params,
};

pub async fn metadata(uri: Uri, headers: HeaderMap) -> Fhir {
    let resources: Vec<Value> = ResourceType::all()
        .map(|kind| {
            let params: Vec<Value> =
                params::known(kind).into_iter().map(|(name, sort)| json!({"name": name, "type": sort})).collect();
            json!({
                "type": kind.as_str(),
                "interaction": [{"code": "read"}, {"code": "vread"}, {"code": "history-instance"}, {"code": "search-type"}],
                "versioning": "versioned-update",
                "readHistory": true,
                "updateCreate": true,
                "conditionalCreate": false,
                "conditionalDelete": "not-supported",
                "searchParam": params,
            })
        })
        .collect();
    let statement = json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-22",
        "kind": "instance",
        "software": {"name": "Shadowchart", "version": env!("CARGO_PKG_VERSION")},
        "implementation": {"description": "Shadowchart hosted backend", "url": base(&uri, &headers)},
        "fhirVersion": "4.0.1",
        "format": ["json", FHIR_JSON],
        "rest": [{
            "mode": "server",
            "security": {"description": "Bearer tokens of enrolled workstations and their members; TLS only."},
            "resource": resources,
            "interaction": [{"code": "transaction"}, {"code": "history-system"}],
        }],
    });
    let mut reply = Reply::json(&statement)?.finish(takes_zstd(&headers))?;
    reply.headers_mut().insert(axum::http::header::CONTENT_TYPE, axum::http::HeaderValue::from_static(FHIR_JSON));
    Ok(reply)
}
