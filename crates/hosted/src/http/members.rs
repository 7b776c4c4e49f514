//! `GET /members`: everybody who works, or worked, in the practice.

use super::{Caller, blocking, failure::Own, reply::Reply};

pub(super) async fn list(caller: Caller) -> Own {
    let members = blocking(move || Ok(caller.practice.read(|store| store.members())?)).await?;
    Ok(Reply::json(&members)?.finish(false)?)
}
