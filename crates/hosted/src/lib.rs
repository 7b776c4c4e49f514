//! The hosted backend: FHIR over TLS, accounts, per-practice stores.
