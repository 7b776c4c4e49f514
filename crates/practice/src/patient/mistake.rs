//! A patient who was registered by mistake. FHIR's Patient has no such status, and one that is out of use (`active` false)
//! may be somebody who moved away: so an extension says it, and nothing is deleted.

use serde_json::json;

use crate::text::{TextError, each_element, raw, set, string};

/// Extension of a Patient: registered by mistake, as a boolean.
pub const ENTERED_IN_ERROR: &str = "urn:shadowchart:entered-in-error";

/// Whether the Patient of `text` was registered by mistake.
pub fn is_mistake(text: &str) -> bool {
    let mut found = false;
    let look = |item: &str| {
        let ours = string(item, "/url").is_some_and(|url| url == ENTERED_IN_ERROR);
        found |= ours && raw(item, "/valueBoolean") == Some("true");
    };
    // What is no list says nothing.
    let _ = raw(text, "/extension").map(|list| each_element(list, look));
    found
}

/// The Patient of `text` as one that was registered by mistake.
///
/// # Errors
/// When the text is written in a way that can't be changed.
pub fn take_out(text: &str) -> Result<String, TextError> {
    let says = json!({"url": ENTERED_IN_ERROR, "valueBoolean": true}).to_string();
    let text = set(text, "/active", "false")?;
    let listed = raw(&text, "/extension").is_some_and(|list| list.starts_with('['));
    if listed { set(&text, "/extension/-", &says) } else { set(&text, "/extension", &format!("[{says}]")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_says_so_and_keeps_the_rest() {
        for text in [
            r#"{"resourceType":"Patient","active":true}"#,
            r#"{"resourceType":"Patient","extension":[{"url":"x","valueBoolean":true}]}"#,
        ] {
            assert!(!is_mistake(text));
            let out = take_out(text).unwrap();
            assert!(is_mistake(&out), "{out}");
            assert_eq!(raw(&out, "/active"), Some("false"));
        }
        assert!(raw(&take_out(r#"{"extension":[{"url":"x"}]}"#).unwrap(), "/extension/1").is_some());
        assert!(!is_mistake(r#"{"extension":7}"#));
    }
}
