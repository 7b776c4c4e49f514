//! Why a file or an entry was not taken, in words for a person. No word of it comes from the file, since files hold
//! patients.

use practice::{resource::ResourceType, text::TextError};

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No such path.
    Missing,
    /// The system would not read it.
    Unreadable,
    /// In a folder, and not named like a FHIR file.
    OtherName,
    /// Nothing in it.
    Empty,
    /// XML.
    Xml,
    /// Not JSON at all.
    NotJson,
    /// A bare JSON list.
    List,
    /// Ends in the middle.
    CutOff,
    /// A line ends in the middle of its resource.
    LineEnds,
    /// JSON that stops making sense.
    Broken,
    /// Compressed, and damaged.
    Damaged,
    /// Compressed, and larger than anything real.
    ExpandsTooFar,
    /// Too many refusals in one file.
    TooMany,
    /// A Bundle of a type that is not a set of records.
    BundleType,
    /// A Bundle entry without a resource.
    NoResource,
    /// A Bundle entry that is not there to add a record.
    Request,
    /// A search's own remarks.
    Outcome,
    /// The text is not acceptable JSON.
    Text(TextError),
    /// No `resourceType`.
    NoType,
    /// Not one of R4's types.
    UnknownType,
    /// Written in another version of FHIR.
    OtherVersion(&'static str),
    /// The id breaks FHIR's rules.
    BadId,
    /// A `urn:` reference to nothing here.
    Unresolved,
    /// A conditional reference that fits none or several.
    NoSuchIdentifier(ResourceType),
    /// A conditional reference by something else than an identifier.
    OtherCondition,
    /// The same type and id with other content.
    Twice,
    /// The store's word.
    Refused(&'static str),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = match self {
            Reason::Missing => "There is no such file or folder.",
            Reason::Unreadable => "The file can't be read.",
            Reason::OtherName => {
                "The name ends in none of .json, .ndjson and .jsonl, with or without .gz or .zst, so it was left alone."
            }
            Reason::Empty => "The file is empty.",
            Reason::Xml => "This is XML. Only FHIR's JSON form can be imported.",
            Reason::NotJson => "This is not JSON.",
            Reason::List => "This is a bare list. A file holds Bundles or resources.",
            Reason::CutOff => "The file stops in the middle. It was cut off here, and what follows is missing.",
            Reason::LineEnds => "The line ends in the middle of its resource.",
            Reason::Broken => {
                "The JSON is broken here. Reading goes on at the next resource that begins on a line of its own."
            }
            Reason::Damaged => {
                "The compressed file can't be expanded from here on: it is damaged, or packed with a window over 32 MB."
            }
            Reason::ExpandsTooFar => {
                "The compressed file expands to more than 8 GB. Reading stopped here; split it into smaller files."
            }
            Reason::TooMany => "Too many entries of this file were refused. Reading stopped here.",
            Reason::BundleType => {
                "Only Bundles of type transaction, batch, collection and searchset can be imported, and this is none."
            }
            Reason::NoResource => "The entry holds no resource.",
            Reason::Request => "The entry asks for something else than to add or replace a record.",
            Reason::Outcome => "The entry is a search's own remark, not a record.",
            Reason::Text(error) => return write!(f, "The resource can't be taken: {error}."),
            Reason::NoType => "It does not say what type of resource it is.",
            Reason::UnknownType => "Its resource type is none of FHIR R4's.",
            Reason::OtherVersion(version) => {
                return write!(f, "It is written in FHIR {version}. Only R4 can be imported.");
            }
            Reason::BadId => "Its id is not one that FHIR allows.",
            Reason::Unresolved => "It refers to an entry that is in none of these files.",
            Reason::NoSuchIdentifier(kind) => {
                return write!(f, "It refers to a {kind} by an identifier that none, or more than one, carries.");
            }
            Reason::OtherCondition => "It refers to a resource by a search for something else than one identifier.",
            Reason::Twice => "A resource of the same type and id, with other content, came earlier in this import.",
            Reason::Refused(words) => words,
        };
        f.write_str(words)
    }
}

impl From<TextError> for Reason {
    fn from(error: TextError) -> Self {
        Reason::Text(error)
    }
}
