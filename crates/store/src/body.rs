//! Texts as they lie in the file: zstd with a trained dictionary. Compressing before encrypting means fewer pages to
//! decrypt, so the file is smaller and faster.
//!
//! The number of the dictionary is kept beside each text: a later one is added here, and old rows stay readable.

use std::sync::LazyLock;

use practice::text::MAX_RESOURCE_BYTES;
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::{CParameter, get_frame_content_size},
};

use crate::StoreError;

/// Dictionaries by number, from 1.
const DICTIONARIES: &[&[u8]] = &[include_bytes!("../dict/0001.zdict")];
/// The one new texts are written with.
const NEWEST: i64 = DICTIONARIES.len() as i64;
const LEVEL: i32 = 3;

/// The dictionaries, made ready once.
pub struct Codec {
    newest: EncoderDictionary<'static>,
    all: Vec<DecoderDictionary<'static>>,
}

/// A text as it lies in a row.
pub struct Body {
    /// Number of its dictionary.
    pub dict: i64,
    /// The frame.
    pub bytes: Vec<u8>,
}

impl Codec {
    /// The one of this process, ready.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Codec> = LazyLock::new(Codec::new);
        &SHARED
    }

    /// Makes the dictionaries ready.
    fn new() -> Self {
        Self {
            newest: EncoderDictionary::copy(DICTIONARIES[DICTIONARIES.len() - 1], LEVEL),
            all: DICTIONARIES.iter().map(|dictionary| DecoderDictionary::copy(dictionary)).collect(),
        }
    }

    /// A writer of bodies, to be used for many.
    pub fn packer(&self) -> Result<Packer<'_>, StoreError> {
        let mut compressor = Compressor::with_prepared_dictionary(&self.newest).map_err(|_| StoreError::Damaged)?;
        // The row names the dictionary already.
        compressor.set_parameter(CParameter::DictIdFlag(false)).map_err(|_| StoreError::Damaged)?;
        Ok(Packer(compressor))
    }

    /// A reader of bodies, to be used for many.
    pub fn unpacker(&self) -> Unpacker<'_> {
        Unpacker { all: &self.all, ready: self.all.iter().map(|_| None).collect() }
    }
}

/// Writes bodies.
pub struct Packer<'a>(Compressor<'a>);

impl Packer<'_> {
    /// `text` as it lies in a row.
    pub fn pack(&mut self, text: &str) -> Result<Body, StoreError> {
        let bytes = self.0.compress(text.as_bytes()).map_err(|_| StoreError::BadResource)?;
        Ok(Body { dict: NEWEST, bytes })
    }
}

/// Reads bodies.
pub struct Unpacker<'a> {
    all: &'a [DecoderDictionary<'static>],
    ready: Vec<Option<Decompressor<'a>>>,
}

impl<'a> Unpacker<'a> {
    /// The text of a body.
    pub fn unpack(&mut self, dict: i64, bytes: &[u8]) -> Result<String, StoreError> {
        let size = get_frame_content_size(bytes).ok().flatten().and_then(|size| usize::try_from(size).ok());
        // Texts are accepted up to the limit only; a larger size in the header is damage, not a wish for memory.
        let size = size.filter(|size| *size <= 2 * MAX_RESOURCE_BYTES).ok_or(StoreError::Damaged)?;
        let text = self.with(dict)?.decompress(bytes, size).map_err(|_| StoreError::Damaged)?;
        String::from_utf8(text).map_err(|_| StoreError::Damaged)
    }

    fn with(&mut self, dict: i64) -> Result<&mut Decompressor<'a>, StoreError> {
        let at = usize::try_from(dict - 1).map_err(|_| StoreError::Damaged)?;
        // A number beyond the list was written by a program that knows more dictionaries.
        let dictionary = self.all.get(at).ok_or(StoreError::NewerProgram)?;
        let slot = &mut self.ready[at];
        match slot {
            Some(ready) => Ok(ready),
            None => {
                let ready = Decompressor::with_prepared_dictionary(dictionary).map_err(|_| StoreError::Damaged)?;
                Ok(slot.insert(ready))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_byte_for_byte() {
        let codec = Codec::new();
        let (mut packer, mut unpacker) = (codec.packer().unwrap(), codec.unpacker());
        for text in ["", "{}", r#"{"value":1.10,"x":"\u00e4 🙂"}"#, &"z".repeat(4_000_000)] {
            let body = packer.pack(text).unwrap();
            assert_eq!(unpacker.unpack(body.dict, &body.bytes).unwrap(), text);
        }
    }

    #[test]
    fn a_resource_shrinks_to_a_third() {
        let text = r#"{"resourceType":"Observation","id":"3f0c9d56-54d1-4c0e-9d3b-0d7a3a1c1f00","meta":{"versionId":"1","lastUpdated":"2026-11-22T10:00:00.000Z"},"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}],"text":"Body weight"},"subject":{"reference":"Patient/8b2c6c0e-0000-4000-8000-000000000001"},"effectiveDateTime":"2026-11-22T09:40:00-05:00","valueQuantity":{"value":81.6,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#;
        let codec = Codec::new();
        let packed = codec.packer().unwrap().pack(text).unwrap().bytes.len();
        assert!(packed * 3 < text.len(), "{packed} of {}", text.len());
    }

    #[test]
    fn a_damaged_body_is_damage_and_a_later_dictionary_a_newer_program() {
        let codec = Codec::new();
        let body = codec.packer().unwrap().pack(r#"{"a":1}"#).unwrap();
        let mut unpacker = codec.unpacker();
        assert!(matches!(unpacker.unpack(body.dict, &body.bytes[..body.bytes.len() - 1]), Err(StoreError::Damaged)));
        assert!(matches!(unpacker.unpack(body.dict, &[0; 4]), Err(StoreError::Damaged)));
        assert!(matches!(unpacker.unpack(99, &body.bytes), Err(StoreError::NewerProgram)));
        assert!(matches!(unpacker.unpack(0, &body.bytes), Err(StoreError::Damaged)));
    }
}
