//! How a resource's text lies in a row: compressed before it is encrypted, so that there are fewer pages to decrypt. The
//! frame names the dictionary it was made with; the first texts were packed without one.

use std::{cell::RefCell, num::NonZeroU32, sync::LazyLock};

use practice::dictionary::{DICTIONARIES, NEWEST};
use zstd::{
    bulk::{Compressor, Decompressor},
    dict::{DecoderDictionary, EncoderDictionary},
    zstd_safe::{get_dict_id_from_dict, get_dict_id_from_frame, get_frame_content_size},
};

use super::StoreError;

/// Fast to write; reading costs the same at every level.
const LEVEL: i32 = 1;

static ENCODER: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(NEWEST, LEVEL));
static DECODERS: LazyLock<Vec<(Option<NonZeroU32>, DecoderDictionary<'static>)>> = LazyLock::new(|| {
    DICTIONARIES.iter().map(|bytes| (get_dict_id_from_dict(bytes), DecoderDictionary::copy(bytes))).collect()
});

type Unpackers = Vec<(Option<NonZeroU32>, Decompressor<'static>)>;

thread_local! {
    // A context takes longer to make than a row takes to compress.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKERS: RefCell<Unpackers> = const { RefCell::new(Vec::new()) };
}

/// The text as it is stored.
pub(super) fn pack(text: &str) -> Result<Vec<u8>, StoreError> {
    PACKER.with_borrow_mut(|packer| {
        if packer.is_none() {
            *packer = Some(Compressor::with_prepared_dictionary(&ENCODER)?);
        }
        match packer {
            Some(packer) => Ok(packer.compress(text.as_bytes())?),
            None => Err(StoreError::Damaged("no compressor")),
        }
    })
}

/// Appends the stored text to `out`.
pub(super) fn unpack_onto(body: &[u8], out: &mut Vec<u8>) -> Result<(), StoreError> {
    let size = get_frame_content_size(body)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .ok_or(StoreError::Damaged("a body without its size"))?;
    let dictionary = get_dict_id_from_frame(body);
    UNPACKERS.with_borrow_mut(|unpackers| {
        let start = out.len();
        out.resize(start + size, 0);
        let written = with(unpackers, dictionary)?.decompress_to_buffer(body, &mut out[start..])?;
        if written == size { Ok(()) } else { Err(StoreError::Damaged("a body of another size")) }
    })
}

fn with(unpackers: &mut Unpackers, dictionary: Option<NonZeroU32>) -> Result<&mut Decompressor<'static>, StoreError> {
    let at = match unpackers.iter().position(|(made_with, _)| *made_with == dictionary) {
        Some(at) => at,
        None => {
            let unpacker = match dictionary {
                None => Decompressor::new()?,
                Some(_) => {
                    let known = DECODERS.iter().find(|(id, _)| *id == dictionary);
                    let (_, decoder) = known.ok_or(StoreError::Damaged("a body of a dictionary that is not known"))?;
                    Decompressor::with_prepared_dictionary(decoder)?
                }
            };
            unpackers.push((dictionary, unpacker));
            unpackers.len() - 1
        }
    };
    Ok(&mut unpackers[at].1)
}

/// The stored text.
pub(super) fn unpack(body: &[u8]) -> Result<String, StoreError> {
    let mut out = Vec::new();
    unpack_onto(body, &mut out)?;
    String::from_utf8(out).map_err(|_| StoreError::Damaged("a body that is not text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_byte_for_byte() {
        for text in ["", "{}", "{\"value\":1.10,\"e\":\"é\u{1F600}\"}", &"x".repeat(1 << 20)] {
            assert_eq!(unpack(&pack(text).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn a_text_packed_without_a_dictionary_is_read_beside_one_that_has_one() {
        let text = r#"{"resourceType":"Patient","id":"p1","meta":{"versionId":"1"},"active":true}"#;
        let (without, with) = (zstd::bulk::compress(text.as_bytes(), 1).unwrap(), pack(text).unwrap());
        for body in [&without, &with, &without] {
            assert_eq!(unpack(body).unwrap(), text);
        }
        assert!(2 * with.len() < without.len());
        let other = Compressor::with_dictionary(1, &other_dictionary()).unwrap().compress(text.as_bytes()).unwrap();
        assert!(unpack(&other).is_err(), "of a dictionary that is not known");
    }

    /// The same bytes with another number in its head.
    fn other_dictionary() -> Vec<u8> {
        let mut bytes = NEWEST.to_owned();
        bytes[4] ^= 1;
        bytes
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let mut body = pack(&"abc".repeat(100)).unwrap();
        body.truncate(body.len() / 2);
        assert!(unpack(&body).is_err());
        assert!(unpack(b"").is_err());
    }
}
