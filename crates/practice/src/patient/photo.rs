//! A patient's photo: one small picture in the Patient itself (<https://hl7.org/fhir/R4/patient-definitions.html#Patient.photo>),
//! so that it syncs, is audited and goes with the record like the rest. It is never an address: nothing is fetched to show it.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use crate::text::{TextError, each_element, raw, set, string};

/// Bytes of a picture at most: 200 by 200 dots take a tenth.
pub const MOST: usize = 64 * 1024;

/// Kinds that a page draws and nothing can run in: their media type, and how their bytes begin.
const KINDS: [(&str, &[u8]); 2] = [("image/jpeg", b"\xff\xd8\xff"), ("image/png", b"\x89PNG\r\n\x1a\n")];

/// A picture that is one: its media type, and its bytes in base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    kind: &'static str,
    base64: String,
}

impl Photo {
    /// From a picture in base64; `None` for what is none, or is too large.
    pub fn read(base64: &str) -> Option<Self> {
        if base64.len() > MOST.div_ceil(3) * 4 {
            return None;
        }
        let bytes = BASE64_STANDARD.decode(base64).ok().filter(|bytes| bytes.len() <= MOST)?;
        let (kind, _) = KINDS.iter().find(|(_, begins)| bytes.starts_with(begins))?;
        Some(Self { kind, base64: base64.to_owned() })
    }

    /// The first that the Patient of `text` carries, whatever it says of its kind.
    pub fn of(text: &str) -> Option<Self> {
        let mut found = None;
        let mut look = |item: &str| {
            if found.is_none() {
                found = string(item, "/data").and_then(|data| Self::read(&data));
            }
        };
        // What is no list has no photo.
        let _ = raw(text, "/photo").map(|list| each_element(list, &mut look));
        found
    }

    /// As a page shows it.
    pub fn url(&self) -> String {
        format!("data:{};base64,{}", self.kind, self.base64)
    }
}

/// The Patient of `text` with that photo in the place of all that it had, or with none.
///
/// # Errors
/// When the text is written in a way that can't be changed.
pub fn put(text: &str, photo: Option<&Photo>) -> Result<String, TextError> {
    match photo {
        Some(Photo { kind, base64 }) => {
            set(text, "/photo", &json!([{"contentType": kind, "data": base64}]).to_string())
        }
        None => crate::text::remove(text, "/photo"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_a_small_picture_and_nothing_else() {
        let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
        let large = [&b"\xff\xd8\xff"[..], &vec![0; MOST]].concat();
        for (data, kind) in [
            (encoded(b"\xff\xd8\xff\xe0rest"), Some("data:image/jpeg;base64,")),
            (encoded(b"\x89PNG\r\n\x1a\nrest"), Some("data:image/png;base64,")),
            (encoded(b"<svg onload=alert(1)>"), None),
            (encoded(b"GIF89a"), None),
            (encoded(&large), None),
            ("\"><script>".into(), None),
            (String::new(), None),
        ] {
            let url = Photo::read(&data).map(|photo| photo.url());
            assert_eq!(
                url.as_deref().map(|url| &url[..url.len() - data.len()]),
                kind,
                "{}",
                &data[..data.len().min(40)]
            );
        }
    }

    #[test]
    fn a_photo_is_put_in_replaced_and_taken_out() {
        let text = r#"{"resourceType":"Patient","odd":1.10}"#;
        let photo = Photo::read(&BASE64_STANDARD.encode(b"\xff\xd8\xff\xe0rest")).unwrap();
        let with = put(text, Some(&photo)).unwrap();
        assert!(Photo::of(&with) == Some(photo));
        assert_eq!(put(&with, None).unwrap(), text);
        for odd in [r#"{"photo":7}"#, r#"{"photo":[null,{"data":7},{"url":"https://elsewhere.example/face.jpg"}]}"#] {
            assert!(Photo::of(odd).is_none(), "{odd}");
        }
    }
}
