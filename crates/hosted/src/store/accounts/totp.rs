//! Codes that an authenticator shows: RFC 6238 with SHA-1, six digits and 30 seconds, which every one of them knows.

use hmac::{Hmac, KeyInit, Mac};
use practice::time::Stamp;
use qrcodegen::{QrCode, QrCodeEcc};
use sha1::Sha1;

/// Bytes of a secret: as many as the hash gives (RFC 4226, section 4).
pub(super) const SECRET: usize = 20;

/// How long a code is shown.
const STEP_MILLIS: i64 = 30_000;

/// Steps by which the member's clock may be off, either way.
const SKEW: i64 = 1;

/// The step of which `typed` is the code, of those around `now` that are newer than `last`.
pub(super) fn step_of(secret: &[u8], typed: &str, now: Stamp, last: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let present = now.millis() / STEP_MILLIS;
    (present - SKEW..=present + SKEW).filter(|step| *step > last && code(secret, *step) == typed).max()
}

/// The code of a step (RFC 4226, section 5.3).
pub(super) fn code(secret: &[u8], step: i64) -> u32 {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { unreachable!("HMAC takes a key of any length") };
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(hash[19] & 15);
    let four = [hash[at], hash[at + 1], hash[at + 2], hash[at + 3]];
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
}

/// The secret as it is typed: base 32 (RFC 4648) without padding.
pub(super) fn base32(secret: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in secret {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// The address that an authenticator reads (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
pub(super) fn uri(secret: &str, practice: &str, email: &str) -> String {
    let (issuer, account) = (escaped(practice), escaped(email));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// `text` as a QR code; none when it is too long for one.
pub(super) fn qr(text: &str) -> Option<String> {
    use std::fmt::Write;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let (size, mut path) = (code.size(), String::new());
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + 4, y + 4);
        }
    }
    let whole = size + 8;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of its eight digits.
        for (second, expected) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code(b"12345678901234567890", second / 30), expected, "{second}");
        }
    }

    #[test]
    fn a_code_holds_one_step_early_and_late_and_once() {
        let (secret, at) = (b"12345678901234567890", |second: i64| Stamp::from_millis(second * 1000).unwrap());
        let typed = format!("{:06}", code(secret, 100));
        for (second, last, found) in [
            (2969, 0, None),
            (2970, 0, Some(100)),
            (3000, 0, Some(100)),
            (3059, 0, Some(100)),
            (3060, 0, None),
            (3000, 99, Some(100)),
            (3000, 100, None),
        ] {
            assert_eq!(step_of(secret, &typed, at(second), last), found, "{second} {last}");
        }
        for bad in ["", "12345", "1234567", "abcdef", "-12345", "١٢٣٤٥٦"] {
            assert_eq!(step_of(secret, bad, at(3000), 0), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_is_written_as_authenticators_read_it() {
        // RFC 4648, section 10.
        for (bytes, text) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let uri = uri("MZXW6", "Elm & Oak: \"Ä\"", "a+b@x.test");
        assert!(
            uri.starts_with("otpauth://totp/Elm%20%26%20Oak%3A%20%22%C3%84%22:a%2Bb%40x.test?secret=MZXW6&"),
            "{uri}"
        );
        assert!(qr(&uri).unwrap().starts_with("<svg"));
    }
}
