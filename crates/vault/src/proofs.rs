//! Proof that secrets can't be printed, copied, stored or read through: each of these must fail to compile.
//!
//! The same bounds hold for an ordinary type, so the failures below are not typing errors:
//!
//! ```
//! fn needs<T: std::fmt::Debug + std::fmt::Display + Clone + serde::Serialize + std::ops::Deref>() {}
//! needs::<&str>();
//! # fn named(_: vault::Password, _: vault::HostShare, _: vault::DeviceToken, _: vault::Unlocked) {}
//! # fn kept(_: vault::keychain::Kept) {}
//! ```

macro_rules! unreadable {
    ($($secret:literal),+ $(,)?) => {$(
        #[doc = concat!("```compile_fail,E0277\nfn needs<T: std::fmt::Debug>() {}\nneeds::<", $secret, ">();\n```")]
        #[doc = concat!("```compile_fail,E0277\nfn needs<T: std::fmt::Display>() {}\nneeds::<", $secret, ">();\n```")]
        #[doc = concat!("```compile_fail,E0277\nfn needs<T: Clone>() {}\nneeds::<", $secret, ">();\n```")]
        #[doc = concat!("```compile_fail,E0277\nfn needs<T: serde::Serialize>() {}\nneeds::<", $secret, ">();\n```")]
        #[doc = concat!("```compile_fail,E0277\nfn needs<T: std::ops::Deref>() {}\nneeds::<", $secret, ">();\n```")]
        const _: () = ();
    )+};
}

unreadable!("vault::Password", "vault::HostShare", "vault::DeviceToken", "vault::Unlocked", "vault::keychain::Kept",);
