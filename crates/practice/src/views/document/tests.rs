use base64::prelude::BASE64_STANDARD;

use super::*;

fn read(text: &str) -> Vec<Part> {
    DocumentView::read(ResourceType::DOCUMENT_REFERENCE, text).unwrap().parts
}

/// The one part of a document of that attachment.
fn one(attachment: &str) -> Part {
    let mut parts = read(&format!(r#"{{"type":{{"text":"Letter"}},"content":[{{"attachment":{attachment}}}]}}"#));
    assert_eq!(parts.len(), 1);
    parts.remove(0)
}

fn of(kind: &str, bytes: &[u8]) -> Part {
    one(&format!(r#"{{"contentType":"{kind}","data":"{}"}}"#, BASE64_STANDARD.encode(bytes)))
}

#[test]
fn plain_text_is_shown_as_it_was_written() {
    let odd = "S: 1 < 2\r\n\r\nالسكري 👩🏽‍⚕️ <script>\t\u{feff}".as_bytes();
    for kind in ["text/plain", "text/plain; charset=utf-8", "Text/Plain;charset=\\\"UTF-8\\\"", "text/markdown"] {
        assert_eq!(of(kind, odd), Part { title: None, text: Some(str::from_utf8(odd).unwrap().into()), say: None });
    }
    let latin = of("text/plain; charset=iso-8859-1", b"caf\xe9 37\xb0");
    assert_eq!(latin.text.as_deref(), Some("café 37°"));
    let wrapped = one(r#"{"contentType":"text/plain","data":"aGVs\nbG8 =","title":"Fax"}"#);
    assert_eq!((wrapped.text.as_deref(), wrapped.title.as_deref()), (Some("hello"), Some("Fax")));
    assert_eq!(one(r#"{"contentType":"text/plain","data":"aGVsbG8","title":"Letter"}"#).title, None, "said once");
}

#[test]
fn of_what_cant_be_shown_it_is_said_what_it_is() {
    let large = vec![b'a'; MOST + 1];
    let pdf = of("application/pdf", &[0; 24_000]);
    assert_eq!(pdf.say.as_deref(), Some("This is a PDF file of 24 KB. Such a file can't be shown here."));
    for (part, says) in [
        (of("image/png", b"\x89PNG"), "a picture of 4 bytes"),
        (of("text/plain", b"caf\xe9"), "letters that can't be read"),
        (of("text/plain; charset=iso-8859-1", b"\x93quoted\x94"), "letters that can't be read"),
        (of("text/plain; charset=utf-16", b"h\0i\0"), "letters that can't be read"),
        (of("text/plain", &large), "This text is 1.0 MB, too large"),
        (one(r#"{"contentType":"text/plain","data":"aGVsb*8="}"#), "came damaged"),
        (one(r#"{"contentType":"text/plain","data":"a"}"#), "came damaged"),
        (one(r#"{"data":"aGVsbG8="}"#), "a file of a kind that is not said of 5 bytes"),
        (
            one(r#"{"contentType":"application/pdf","url":"https://host/Binary/1","size":1234567}"#),
            "a PDF file of 1.2 MB",
        ),
        (one(r#"{"contentType":"application/pdf","url":"Binary/1"}"#), "not on this computer"),
        (one(r#"{"contentType":"text/plain","data":7}"#), "did not come with this entry"),
        (one("{}"), "did not come with this entry"),
    ] {
        assert_eq!(part.text, None, "{says}");
        assert!(part.say.as_deref().unwrap().contains(says), "{says}: {:?}", part.say);
    }
    for text in [r#"{"content":[]}"#, r#"{"content":7}"#, r#"{"content":[null,7,{"attachment":7}]}"#, "{}"] {
        assert!(read(text)[0].say.as_deref().unwrap().contains("without its document"), "{text}");
    }
    assert_eq!(of("text/plain", b" \n").say.as_deref(), Some("This text is empty."));
}

#[test]
fn a_page_is_shown_as_its_words() {
    let page = of("text/html; charset=utf-8", b"<p>Seen &amp; <b>well</b></p><script>alert(1)</script>");
    assert_eq!(page.text.as_deref(), Some("Seen & well"));
    assert!(page.say.unwrap().starts_with("Shown as plain text"));
}

#[test]
fn all_parts_together_have_their_limit() {
    let half = format!(
        r#"{{"attachment":{{"contentType":"text/plain","data":"{}"}}}}"#,
        BASE64_STANDARD.encode(vec![b'a'; MOST / 2])
    );
    let text = format!(r#"{{"content":[{}]}}"#, [half.as_str(); 21].join(","));
    let parts = read(&text);
    assert_eq!(parts.iter().filter(|part| part.text.is_some()).count(), 2);
    assert_eq!(parts.len(), MOST_PARTS + 1);
    assert!(parts[MOST_PARTS].say.as_deref().unwrap().contains("more parts"));
}

#[test]
fn a_report_is_read_from_its_form_and_what_is_no_document_is_not_read() {
    let report =
        |form: &str| format!(r#"{{"status":"final","performer":[{{"display":"Lab"}}],"presentedForm":{form}}}"#);
    let kind = ResourceType::DIAGNOSTIC_REPORT;
    let text = report(r#"[{"contentType":"text/plain","data":"aGVsbG8="}]"#);
    let view = DocumentView::read(kind, &text).unwrap();
    assert_eq!((view.parts[0].text.as_deref(), view.author.as_deref()), (Some("hello"), Some("Lab")));
    assert!(DocumentView::read(kind, &report("[]")).is_none());
    assert!(DocumentView::read(ResourceType::CONDITION, r#"{"code":{"text":"c"}}"#).is_none());
    let mistake = text.replace("final", "entered-in-error");
    assert!(DocumentView::read(kind, &mistake).is_none());
}

proptest::proptest! {
    #[test]
    fn nothing_that_comes_makes_it_stop(kind in "(text/(plain|html)|.*)", data in ".{0,60}", page in "([<>/!&;\"' -]|script|p|del|é|\u{202e}){0,60}") {
        let json = |text: &str| serde_json::Value::from(text).to_string();
        let raw = format!(r#"{{"content":[{{"attachment":{{"contentType":{},"data":{}}}}}]}}"#, json(&kind), json(&data));
        let _ = read(&raw);
        let _ = of("text/html", page.as_bytes());
    }
}
