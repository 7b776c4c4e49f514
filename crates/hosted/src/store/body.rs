//! How a resource's text lies in a row: compressed before it is encrypted, so that there are fewer pages to decrypt.

use std::cell::RefCell;

use zstd::bulk::{Compressor, Decompressor};

use super::StoreError;

/// Fast to write; reading costs the same at every level.
const LEVEL: i32 = 1;

thread_local! {
    // A context takes longer to make than a row takes to compress.
    static PACKER: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The text as it is stored.
pub(super) fn pack(text: &str) -> Result<Vec<u8>, StoreError> {
    PACKER.with_borrow_mut(|packer| {
        if packer.is_none() {
            *packer = Some(Compressor::new(LEVEL)?);
        }
        match packer {
            Some(packer) => Ok(packer.compress(text.as_bytes())?),
            None => Err(StoreError::Damaged("no compressor")),
        }
    })
}

/// Appends the stored text to `out`.
pub(super) fn unpack_onto(body: &[u8], out: &mut Vec<u8>) -> Result<(), StoreError> {
    let size = zstd::zstd_safe::get_frame_content_size(body)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .ok_or(StoreError::Damaged("a body without its size"))?;
    UNPACKER.with_borrow_mut(|unpacker| {
        if unpacker.is_none() {
            *unpacker = Some(Decompressor::new()?);
        }
        let Some(unpacker) = unpacker else { return Err(StoreError::Damaged("no decompressor")) };
        let start = out.len();
        out.resize(start + size, 0);
        let written = unpacker.decompress_to_buffer(body, &mut out[start..])?;
        if written == size { Ok(()) } else { Err(StoreError::Damaged("a body of another size")) }
    })
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
    fn a_damaged_body_is_an_error() {
        let mut body = pack(&"abc".repeat(100)).unwrap();
        body.truncate(body.len() / 2);
        assert!(unpack(&body).is_err());
        assert!(unpack(b"").is_err());
    }
}
