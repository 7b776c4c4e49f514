//! An answer of the host, read up to a size: as it comes over the line, and unpacked.

use std::io::{self, Write};

use practice::{
    feed::cursor_of,
    proof,
    protocol::{self, Versions, agree},
    wire::STANDING,
};
use reqwest::{Response, StatusCode, header};
use zstd::stream::write::Decoder;

use super::{HostError, certificate::classify};

/// How an answer may be packed (RFC 8878).
pub(super) const PACKING: &str = "zstd";

/// The memory that unpacking may ask for, as a power of two: 8 MB, which RFC 8878 wants every reader to have.
const WINDOW: u32 = 23;

pub(super) struct Answer {
    pub status: StatusCode,
    pub epoch: Option<String>,
    pub practice: Option<String>,
    pub next: Option<String>,
    pub standing: Option<String>,
    /// The host's clock, where it refused a proof.
    pub clock: Option<i64>,
    pub bytes: Vec<u8>,
}

/// The whole answer, of at most `most` bytes.
pub(super) async fn read(mut answer: Response, most: usize) -> Result<Answer, HostError> {
    let text = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (epoch, practice, standing) = (text("x-epoch"), text("x-practice"), text(STANDING));
    let next = text("link").as_deref().and_then(next_cursor).map(str::to_owned);
    let clock = text(proof::CLOCK).and_then(|millis| millis.parse().ok());
    let status = answer.status();
    if status.is_success() {
        check_version(&answer)?;
    }
    let mut body = match answer.headers().get(header::CONTENT_ENCODING) {
        None => Body::Plain(UpTo::new(most)),
        Some(packing) if packing == PACKING => Body::packed(most)?,
        Some(_) => return Err(HostError::Confused),
    };
    let mut came = 0;
    while let Some(chunk) = answer.chunk().await.map_err(|e| classify(&e))? {
        came += chunk.len();
        if came > most {
            return Err(HostError::Confused);
        }
        body.add(&chunk).map_err(|_| HostError::Confused)?;
    }
    let bytes = body.whole().map_err(|_| HostError::Confused)?;
    Ok(Answer { status, epoch, practice, next, standing, clock, bytes })
}

/// Refuses an answer in a version that we do not speak: a host from before versions answers in the first.
pub(super) fn check_version(answer: &Response) -> Result<(), HostError> {
    let chosen = match answer.headers().get(protocol::HEADER) {
        None => protocol::FIRST,
        Some(value) => value.to_str().ok().and_then(|text| text.parse().ok()).ok_or(HostError::Confused)?,
    };
    agree(Versions::only(chosen), protocol::SPOKEN).map(drop).map_err(|refusal| HostError::Version(refusal.into()))
}

enum Body {
    Plain(UpTo),
    Packed(Box<Decoder<'static, UpTo>>),
}

impl Body {
    fn packed(most: usize) -> Result<Self, HostError> {
        let decoder = Decoder::new(UpTo::new(most)).and_then(|mut decoder| {
            decoder.window_log_max(WINDOW)?;
            Ok(decoder)
        });
        decoder.map(Box::new).map(Self::Packed).map_err(|_| HostError::Confused)
    }

    fn add(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(bytes) => bytes.write_all(chunk),
            Self::Packed(decoder) => decoder.write_all(chunk),
        }
    }

    fn whole(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain(bytes) => Ok(bytes.bytes),
            Self::Packed(mut decoder) => {
                decoder.flush()?;
                Ok(decoder.into_inner().bytes)
            }
        }
    }
}

/// Bytes up to a number.
struct UpTo {
    bytes: Vec<u8>,
    most: usize,
}

impl UpTo {
    fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most }
    }
}

impl Write for UpTo {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + more.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The cursor in a `Link` header of relation `next` (RFC 8288).
fn next_cursor(link: &str) -> Option<&str> {
    let (url, relation) = link.strip_prefix('<')?.split_once('>')?;
    relation.contains("rel=\"next\"").then(|| cursor_of(url)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_where_the_head_says_and_no_other_link() {
        for (link, cursor) in [
            (r#"<https://h/fhir/_history?_count=2&cursor=MTI_x>; rel="next""#, Some("MTI_x")),
            (r#"<https://h/fhir/_history?_count=2&cursor=MTI_x>; rel="self""#, None),
            (r#"<https://h/fhir/_history?_count=2>; rel="next""#, None),
            (r#"<https://h/fhir/_history?cursor=>; rel="next""#, None),
            (r#"<https://h/fhir/_history?cursor=a#b>; rel="next""#, None),
            (r#"<https://h/fhir/_history?cursor=a b>; rel="next""#, None),
            (r#"https://h/fhir/_history?cursor=x; rel="next""#, None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(next_cursor(link), cursor, "{link}");
        }
    }
}
