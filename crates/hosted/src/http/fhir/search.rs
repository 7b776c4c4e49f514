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
        tries::Try,
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
    let pairs = pairs(uri.query().unwrap_or_default())?;
    let (now, base) = (app.now(), base(&uri, &headers));
    let seeker = caller.clone();
    let (response, tried) = blocking(move || {
        let mut bundle = Bundle::new("searchset", &base, 100);
        let (next, nobody) = caller.practice.read(|store| {
            let search = params::read(kind, &pairs, store.zone())?;
            let next = store.search(&search, |row| bundle.found(row))?;
            let nobody = bundle.is_empty() && (search.is_for_somebody() || !store.absent(&search.named())?.is_empty());
            Ok::<_, Failure>((next, nobody))
        })?;
        let query = uri.query().map(|query| format!("{kind}?{query}"));
        record(&caller, AuditAction::Search, None, query.clone(), now)?;
        // A member's search is written down above, whatever it finds.
        let tried = query.filter(|_| nobody && caller.member.is_none());
        let links: Vec<_> =
            next.map(|after| ("next", format!("/{kind}?{}", params::write(&pairs, after)))).into_iter().collect();
        Ok((Reply::fhir(bundle.finish(&links)).finish(takes_zstd(&headers))?, tried))
    })
    .await?;
    if let Some(query) = tried {
        app.audit_try(Try::of(&seeker, AuditAction::Search, query)).await;
    }
    Ok(response)
}

/// The parameters in a query.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Failure> {
    let unreadable = || Failure::new(Code::Invalid, "The search parameters can't be read.");
    let uri = Uri::builder().path_and_query(format!("/?{query}")).build().map_err(|_| unreadable())?;
    let Query(pairs) = Query::try_from_uri(&uri).map_err(|_| unreadable())?;
    Ok(pairs)
}
