//! An answer that is as long as the practice's data: read as it comes, not as a whole.

use tokio::time::timeout;

use super::{Bearer, HostError, HostLine, LONGEST, certificate::classify};

/// An export on its way, a record a line.
pub(crate) struct ExportLine(pub(super) reqwest::Response);

impl ExportLine {
    /// What comes next; `None` at the end. A line that broke off is no end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        Ok(self.0.chunk().await.map_err(|e| classify(&e))?.map(Vec::from))
    }
}

impl HostLine {
    /// Opens an answer that may be as long as it likes.
    pub(super) async fn open(
        &self,
        path: &str,
        Bearer(token): Bearer<'_>,
        proof: String,
    ) -> Result<reqwest::Response, HostError> {
        let request = self.http().get(format!("{}{path}", self.base)).bearer_auth(token);
        let opening = request.header(practice::proof::HEADER, proof).send();
        timeout(LONGEST, opening).await.map_err(|_| HostError::Unreachable)?.map_err(|e| classify(&e))
    }
}
