//! What a note or a document says, as far as plain letters can: its text is decoded, and of everything else it is said what
//! it is. Nothing is fetched, run or drawn.

mod html;

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{
    clinical::{ClinicalView, in_words},
    datatypes::{Reference, filled},
    tolerant::{Str, view},
};
use crate::resource::ResourceType;

/// Bytes of text shown at most, of all parts together.
const MOST: usize = 1024 * 1024;

/// Parts shown at most.
const MOST_PARTS: usize = 20;

/// With the last signs or without, as FHIR's examples have it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

view! {
    /// A document, as far as it is read.
    struct Source {
        one {
            /// How far the document itself is: `preliminary`, `final` ...
            doc_status: Str<'a>,
        }
        many {
            /// By whom.
            author: Reference<'a>,
            /// A report's author.
            performer: Reference<'a>,
            /// The document itself.
            content: Content<'a>,
            /// A report's document.
            presented_form: Attachment<'a>,
        }
    }

    /// One form of the document.
    struct Content {
        one {
            /// Where.
            attachment: Attachment<'a>,
        }
    }

    /// A file.
    struct Attachment {
        one {
            /// Its media type.
            content_type: Str<'a>,
            /// It, in base64.
            data: Str<'a>,
            /// Where else it is.
            url: Str<'a>,
            /// Its name.
            title: Str<'a>,
        }
        plain {
            /// Its bytes.
            size: u64,
        }
    }
}

/// A document to be read.
pub struct DocumentView {
    /// "Progress note".
    pub title: String,
    /// By whom.
    pub author: Option<String>,
    /// FHIR date, dateTime or instant, as written.
    pub when: Option<String>,
    /// How far it is, or that it was replaced, in FHIR's words.
    pub status: Option<String>,
    /// Whether it counts now.
    pub current: bool,
    /// What it consists of; never nothing.
    pub parts: Vec<Part>,
}

/// One file of a document.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, where that is not the document's.
    pub title: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// What it is and why there is no text, or what is left out of the text.
    pub say: Option<String>,
}

impl DocumentView {
    /// Reads the text of a DocumentReference or a DiagnosticReport; `None` for what a chart lists as neither note nor
    /// document.
    pub fn read(kind: ResourceType, text: &str) -> Option<Self> {
        if ![ResourceType::DOCUMENT_REFERENCE, ResourceType::DIAGNOSTIC_REPORT].contains(&kind) {
            return None;
        }
        let line = ClinicalView::read(kind, text)?;
        let source: Source = super::read(text);
        let files = source.content.iter().filter_map(|content| content.attachment.as_ref());
        let files: Vec<_> = files.chain(&source.presented_form).collect();
        let mut left = MOST;
        let mut parts: Vec<Part> =
            files.iter().take(MOST_PARTS).map(|file| part(file, &line.title, &mut left)).collect();
        if files.len() > MOST_PARTS {
            parts.push(said("It has more parts, which are not shown here."));
        }
        if parts.is_empty() {
            parts.push(said("There is nothing to read here: this entry came without its document."));
        }
        let authors = source.author.iter().chain(&source.performer);
        let authors: Vec<&str> = authors.filter_map(|author| filled(author.display.as_deref())).collect();
        Some(Self {
            author: (!authors.is_empty()).then(|| authors.join(", ")),
            title: line.title,
            when: line.when,
            status: match source.doc_status.as_deref() {
                Some(status) if line.current => Some(in_words(status)),
                _ => line.status,
            },
            current: line.current,
            parts,
        })
    }
}

fn said(say: impl Into<String>) -> Part {
    Part { title: None, text: None, say: Some(say.into()) }
}

fn part(file: &Attachment, document: &str, left: &mut usize) -> Part {
    let title = filled(file.title.as_deref()).filter(|title| *title != document).map(str::to_owned);
    let shown = match shown(file, *left) {
        Ok((text, say)) => {
            *left -= text.len().min(*left);
            Part { title: None, text: Some(text), say: say.map(str::to_owned) }
        }
        Err(say) => said(say),
    };
    Part { title, ..shown }
}

/// The text of a file with what is left out of it, or why there is none.
fn shown(file: &Attachment, left: usize) -> Result<(String, Option<&'static str>), String> {
    let kind = MediaType::read(file.content_type.as_deref().unwrap_or_default());
    let Some(data) = filled(file.data.as_deref()) else {
        let what = named(&kind, file.size);
        return Err(if filled(file.url.as_deref()).is_some() {
            format!("This is {what}. It is kept in another place, not on this computer, and can't be opened from here.")
        } else {
            "There is nothing to read here: the file itself did not come with this entry.".to_owned()
        });
    };
    if !(kind.is_plain() || kind.is_page()) {
        let bytes = data.trim_end_matches('=').len() as u64 * 3 / 4;
        return Err(format!("This is {}. Such a file can't be shown here.", named(&kind, Some(bytes))));
    }
    let too_large = |bytes: u64| format!("This text is {}, too large to be shown here.", size_words(bytes));
    let letters: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if letters.len() / 4 * 3 > left + 2 {
        return Err(too_large(letters.len() as u64 / 4 * 3));
    }
    let Ok(bytes) = BASE64.decode(letters) else {
        return Err("This text came damaged and can't be read. Look at it where it was written.".to_owned());
    };
    let Some(text) = kind.letters(bytes) else {
        return Err("This text is in letters that can't be read here. Look at it where it was written.".to_owned());
    };
    if text.len() > left {
        return Err(too_large(text.len() as u64));
    }
    if kind.is_plain() {
        let empty = text.trim().is_empty().then_some("This text is empty.");
        return Ok((text, empty));
    }
    let text = html::plain(&text);
    let missing = if text.is_empty() {
        "There are no words in this page."
    } else {
        "Shown as plain text: pictures, colours and the lines of tables are left out."
    };
    Ok((text, Some(missing)))
}

/// "a PDF file of 24 KB".
fn named(kind: &MediaType, size: Option<u64>) -> String {
    let what = kind.words();
    match size {
        Some(bytes) => format!("{what} of {}", size_words(bytes)),
        None => what,
    }
}

/// "24 KB".
fn size_words(bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} bytes"),
        1000..1_000_000 => format!("{} KB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// What a file is said to be.
struct MediaType {
    /// In small letters: "text/plain".
    essence: String,
    /// "utf-8".
    charset: Option<String>,
}

impl MediaType {
    fn read(text: &str) -> Self {
        let mut parts = text.split(';').map(|part| part.trim().to_lowercase());
        let essence = parts.next().unwrap_or_default();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim() == "charset").then(|| value.trim().trim_matches('"').to_owned())
        });
        Self { essence, charset }
    }

    fn is_plain(&self) -> bool {
        matches!(self.essence.as_str(), "text/plain" | "text/markdown" | "text/x-markdown")
    }

    fn is_page(&self) -> bool {
        matches!(self.essence.as_str(), "text/html" | "application/xhtml+xml")
    }

    /// The bytes as letters; `None` where another letter than the one meant could be shown.
    fn letters(&self, bytes: Vec<u8>) -> Option<String> {
        match self.charset.as_deref() {
            None | Some("" | "utf-8" | "utf8" | "us-ascii" | "ascii") => String::from_utf8(bytes).ok(),
            // They differ from one another in 0x80 to 0x9f alone.
            Some("iso-8859-1" | "latin1" | "windows-1252") => {
                let sure = !bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
                sure.then(|| bytes.into_iter().map(char::from).collect())
            }
            Some(_) => None,
        }
    }

    fn words(&self) -> String {
        let of = |word: &str| word.to_owned();
        match self.essence.as_str() {
            "" => of("a file of a kind that is not said"),
            "application/pdf" => of("a PDF file"),
            "text/rtf" | "application/rtf" => of("an RTF file"),
            "application/msword" | "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
                of("a Word file")
            }
            "application/dicom" => of("a DICOM picture"),
            "text/html" | "application/xhtml+xml" => of("a web page"),
            xml if xml.ends_with("xml") => of("an XML file"),
            text if text.starts_with("text/") => of("a text"),
            picture if picture.starts_with("image/") => of("a picture"),
            sound if sound.starts_with("audio/") => of("a sound recording"),
            film if film.starts_with("video/") => of("a video"),
            other => format!("a file of the kind {}", other.chars().take(80).collect::<String>()),
        }
    }
}

#[cfg(test)]
mod tests;
