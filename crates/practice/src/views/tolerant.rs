//! How views read JSON: one field at a time, so that an absurd field is absent instead of spoiling its neighbours.

use std::{borrow::Cow, ops::Deref};

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// A JSON string, borrowed from the text unless it has escapes.
#[derive(Clone, PartialEq, Eq)]
pub struct Str<'a>(Cow<'a, str>);

impl<'a> Str<'a> {
    /// The string itself, without a copy where the text allows it.
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl Deref for Str<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

/// A JSON number as it was written: `1.10` stays `1.10`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Number<'a>(&'a str);

impl<'a> Number<'a> {
    /// The digits of the source.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// For drawing only; absent where a double can't hold it.
    pub fn value(self) -> Option<f64> {
        self.0.parse().ok().filter(|value: &f64| value.is_finite())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Number<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&'de RawValue>::deserialize(deserializer)?.get();
        match text.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Ok(Number(text)),
            _ => Err(de::Error::custom("not a number")),
        }
    }
}

/// A field of at most one value.
pub(super) fn one<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let raw = <&'de RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// A repeated field; elements that can't be read are left out.
pub(super) fn many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let raw = <&'de RawValue>::deserialize(deserializer)?;
    let elements: Vec<&'de RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    Ok(elements.into_iter().filter_map(|element| serde_json::from_str(element.get()).ok()).collect())
}

/// Declares views: fields under `one` and `plain` are options, those under `many` lists; names are FHIR's in snake case.
macro_rules! view {
    ($($(#[$doc:meta])* struct $name:ident {
        one { $($(#[$one_doc:meta])* $one:ident: $one_type:ty),* $(,)? }
        $(plain { $($(#[$plain_doc:meta])* $plain:ident: $plain_type:ty),+ $(,)? })?
        $(many { $($(#[$many_doc:meta])* $many:ident: $many_type:ty),+ $(,)? })?
    })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, serde::Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name<'a> {
            $($(#[$one_doc])*
            #[serde(borrow, deserialize_with = "crate::views::tolerant::one")]
            pub $one: Option<$one_type>,)*
            $($($(#[$plain_doc])*
            #[serde(deserialize_with = "crate::views::tolerant::one")]
            pub $plain: Option<$plain_type>,)+)?
            $($($(#[$many_doc])*
            #[serde(borrow, deserialize_with = "crate::views::tolerant::many")]
            pub $many: Vec<$many_type>,)+)?
        }
    )+};
}
pub(super) use view;
