//! `GET /fhir/{type}`: what the screens look for.

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, Uri},
};
use practice::{Code, audit::AuditAction};

use super::{
    super::{
        App, Caller, blocking,
        failure::{Failure, Fhir},
        reply::{Reply, takes_zstd},
    },
    base,
    bundle::Bundle,
    kind_of, params,
    read::{may_read, record},
};

pub async fn search(
    State(app): State<App>,
    caller: Caller,
    Path(kind): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Fhir {
    let kind = kind_of(&kind)?;
    may_read(&caller, kind)?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri)
        .map_err(|_| Failure::new(Code::Invalid, "The search parameters can't be read."))?;
    let (now, base) = (app.now(), base(&uri, &headers));
    let response = blocking(move || {
        let mut bundle = Bundle::new("searchset", &base, 100);
        let next = caller.practice.read(|store| {
            let search = params::read(kind, &pairs, store.zone())?;
            Ok::<_, Failure>(store.search(&search, |row| bundle.found(row))?)
        })?;
        let query = uri.query().map(|query| format!("{kind}?{query}"));
        record(&caller, AuditAction::Search, None, query, true, now)?;
        let links: Vec<_> =
            next.map(|after| ("next", format!("/{kind}?{}", params::write(&pairs, after)))).into_iter().collect();
        Reply::fhir(bundle.finish(&links)).finish(takes_zstd(&headers))
    })
    .await?;
    Ok(response)
}
