//! Texts as they lie in the file: zstd with a trained dictionary. Compressing before encrypting means fewer pages to
//! decrypt, so the file is smaller and faster.
//!
//! The number of the dictionary is kept beside each text: a later one is added here, and old rows stay readable.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::{Deref, DerefMut},
    sync::{LazyLock, Mutex, PoisonError},
};

use practice::{
    dictionary::{self, DICTIONARIES},
    text::MAX_RESOURCE_BYTES,
};
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::{CParameter, compress_bound, get_frame_content_size},
};

use crate::StoreError;

/// The number of the dictionary new texts are written with.
const NEWEST: i64 = DICTIONARIES.len() as i64;
const LEVEL: i32 = 1;

/// The dictionaries, made ready once for the process.
static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(dictionary::NEWEST, LEVEL));
static DECODERS: LazyLock<Vec<DecoderDictionary<'static>>> =
    LazyLock::new(|| DICTIONARIES.iter().map(|dictionary| DecoderDictionary::copy(dictionary)).collect());

/// A text as it lies in a row.
pub struct Body {
    /// Number of its dictionary.
    pub dict: i64,
    /// The frame.
    pub bytes: Vec<u8>,
}

/// Writers and readers of bodies, kept to be used again: making one costs as much as unpacking a chart. They go with
/// the store, since what they last wrote or read may still lie in them.
#[derive(Default)]
pub struct Codec {
    packers: Mutex<Vec<Packer>>,
    unpackers: Mutex<Vec<Unpacker>>,
}

impl Codec {
    /// With a writer and a reader that have worked once: whoever opens a store waits for a day or a chart next.
    pub fn ready() -> Result<Self, StoreError> {
        let codec = Self::default();
        let body = codec.packer()?.pack("{}")?;
        codec.unpacker().unpack(body.dict, &body.bytes)?;
        Ok(codec)
    }

    /// A writer of bodies.
    pub fn packer(&self) -> Result<Lent<'_, Packer>, StoreError> {
        let ready = pop(&self.packers);
        Ok(Lent { value: Some(ready.map_or_else(Packer::new, Ok)?), home: &self.packers })
    }

    /// A reader of bodies.
    pub fn unpacker(&self) -> Lent<'_, Unpacker> {
        Lent { value: Some(pop(&self.unpackers).unwrap_or_default()), home: &self.unpackers }
    }
}

fn pop<T>(home: &Mutex<Vec<T>>) -> Option<T> {
    home.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// Something lent, which goes home when it is dropped.
pub struct Lent<'a, T> {
    value: Option<T>,
    home: &'a Mutex<Vec<T>>,
}

impl<T> Deref for Lent<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("it is taken out only by drop")
    }
}

impl<T> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("it is taken out only by drop")
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        self.home.lock().unwrap_or_else(PoisonError::into_inner).extend(self.value.take());
    }
}

/// Writes bodies.
pub struct Packer {
    compressor: Compressor<'static>,
    /// Where a frame is made: it is a fraction of the room that it might need.
    room: Vec<u8>,
}

impl Packer {
    /// One of its own, for work that needs no store.
    pub fn new() -> Result<Self, StoreError> {
        let mut compressor = Compressor::with_prepared_dictionary(&ENCODER).map_err(|_| StoreError::Damaged)?;
        // The row names the dictionary already.
        compressor.set_parameter(CParameter::DictIdFlag(false)).map_err(|_| StoreError::Damaged)?;
        Ok(Self { compressor, room: Vec::new() })
    }

    /// `text` as it lies in a row.
    pub fn pack(&mut self, text: &str) -> Result<Body, StoreError> {
        self.room.clear();
        self.room.reserve(compress_bound(text.len()));
        self.compressor.compress_to_buffer(text.as_bytes(), &mut self.room).map_err(|_| StoreError::BadResource)?;
        Ok(Body { dict: NEWEST, bytes: self.room.as_slice().to_owned() })
    }
}

/// Reads bodies: a reader for each dictionary, made when it is first needed.
#[derive(Default)]
pub struct Unpacker(BTreeMap<usize, Decompressor<'static>>);

impl Unpacker {
    /// The text of a body.
    pub fn unpack(&mut self, dict: i64, bytes: &[u8]) -> Result<String, StoreError> {
        let size = get_frame_content_size(bytes).ok().flatten().and_then(|size| usize::try_from(size).ok());
        // Texts are accepted up to the limit only; a larger size in the header is damage, not a wish for memory.
        let size = size.filter(|size| *size <= 2 * MAX_RESOURCE_BYTES).ok_or(StoreError::Damaged)?;
        let text = self.with(dict)?.decompress(bytes, size).map_err(|_| StoreError::Damaged)?;
        String::from_utf8(text).map_err(|_| StoreError::Damaged)
    }

    fn with(&mut self, dict: i64) -> Result<&mut Decompressor<'static>, StoreError> {
        let at = usize::try_from(dict - 1).map_err(|_| StoreError::Damaged)?;
        match self.0.entry(at) {
            Entry::Occupied(ready) => Ok(ready.into_mut()),
            Entry::Vacant(slot) => {
                // A number beyond the list was written by a program that knows more dictionaries.
                let dictionary = DECODERS.get(at).ok_or(StoreError::NewerProgram)?;
                Ok(slot.insert(Decompressor::with_prepared_dictionary(dictionary).map_err(|_| StoreError::Damaged)?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_byte_for_byte() {
        let codec = Codec::default();
        let (mut packer, mut unpacker) = (codec.packer().unwrap(), codec.unpacker());
        for text in ["", "{}", r#"{"value":1.10,"x":"\u00e4 🙂"}"#, &"z".repeat(4_000_000)] {
            let body = packer.pack(text).unwrap();
            assert_eq!(unpacker.unpack(body.dict, &body.bytes).unwrap(), text);
        }
    }

    #[test]
    fn a_resource_shrinks_to_a_third() {
        let text = r#"{"resourceType":"Observation","id":"3f0c9d56-54d1-4c0e-9d3b-0d7a3a1c1f00","meta":{"versionId":"1","lastUpdated":"2026-11-22T10:00:00.000Z"},"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital Signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}],"text":"Body weight"},"subject":{"reference":"Patient/8b2c6c0e-0000-4000-8000-000000000001"},"effectiveDateTime":"2026-11-22T09:40:00-05:00","valueQuantity":{"value":81.6,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#;
        let codec = Codec::default();
        let packed = codec.packer().unwrap().pack(text).unwrap().bytes.len();
        assert!(packed * 3 < text.len(), "{packed} of {}", text.len());
    }

    #[test]
    fn a_damaged_body_is_damage_and_a_later_dictionary_a_newer_program() {
        let codec = Codec::default();
        let body = codec.packer().unwrap().pack(r#"{"a":1}"#).unwrap();
        let mut unpacker = codec.unpacker();
        assert!(matches!(unpacker.unpack(body.dict, &body.bytes[..body.bytes.len() - 1]), Err(StoreError::Damaged)));
        assert!(matches!(unpacker.unpack(body.dict, &[0; 4]), Err(StoreError::Damaged)));
        assert!(matches!(unpacker.unpack(99, &body.bytes), Err(StoreError::NewerProgram)));
        assert!(matches!(unpacker.unpack(0, &body.bytes), Err(StoreError::Damaged)));
    }
}
