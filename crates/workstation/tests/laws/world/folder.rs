//! The host's data folder, as the operator of its machine sees it.

use std::{fs, process::Command};

use practice::time::Stamp;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    Authority,
    host::{Host, copy, program},
};

impl Host {
    /// A step of the operator with the authorities.
    pub fn authority(&self, step: &str) -> Value {
        let mut command = Command::new(program());
        command.args(["--json", "authority", "--data"]).arg(self.data()).arg(step);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stdout));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The host's authorities with their keys, in the order in which they were made, before any switch.
    pub fn authorities(&self) -> Vec<Authority> {
        let read = |file| fs::read_to_string(self.data().join("tls").join(file)).unwrap();
        let (certificates, keys) = (read("ca.pem"), read("ca.key"));
        let certificates = certificates.split_inclusive("-----END CERTIFICATE-----\n");
        let keys = keys.split_inclusive("-----END PRIVATE KEY-----\n");
        certificates.zip(keys).map(|(certificate, key)| Authority::of(certificate, key)).collect()
    }

    /// Starts anew, as an operator does after a step.
    pub fn restart(&mut self) {
        self.kill();
        self.resume();
    }

    /// When the first certificate of a file in the host's `tls` folder ends.
    pub fn certificate_ends(&self, file: &str) -> Stamp {
        let der = CertificateDer::from_pem_file(self.data().join("tls").join(file)).unwrap();
        let (_, certificate) = x509_parser::parse_x509_certificate(&der).unwrap();
        Stamp::from_millis(certificate.validity.not_after.timestamp() * 1000).unwrap()
    }

    /// Copies the data folder, as the operator of the machine may.
    pub fn copy(&mut self) -> TempDir {
        let kept = tempfile::tempdir().unwrap();
        self.kill();
        copy(&self.data(), &kept.path().join("data"));
        self.resume();
        kept
    }

    /// Puts a copy back in place of what is there.
    pub fn restore(&mut self, kept: &TempDir) {
        self.kill();
        fs::remove_dir_all(self.data()).unwrap();
        copy(&kept.path().join("data"), &self.data());
        self.tell(&["restored"], "");
        self.resume();
    }
}
