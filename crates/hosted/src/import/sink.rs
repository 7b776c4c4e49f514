//! Where imported resources go.

use practice::resource::{ResourceKey, ResourceType};

use crate::store::NewResource;

/// Takes imported resources in.
pub trait Sink {
    /// What stops an import.
    type Error;

    /// Takes the whole batch, or none of it.
    ///
    /// # Errors
    /// [`SinkError::Refused`] when a resource can't be stored, which the import then finds and names;
    /// [`SinkError::Failed`] when nothing can.
    fn accept(&mut self, batch: &[NewResource]) -> Result<(), SinkError<Self::Error>>;

    /// The one resource among those already stored whose id is `uuid`: a practice's hospitals may have come in an import
    /// before.
    ///
    /// # Errors
    /// When the store fails.
    fn holder(&mut self, uuid: &str) -> Result<Option<ResourceKey>, Self::Error>;

    /// The one resource among those already stored that carries `token` (`system|value`, or a bare value).
    ///
    /// # Errors
    /// When the store fails.
    fn carrier(&mut self, kind: ResourceType, token: &str) -> Result<Option<ResourceKey>, Self::Error>;
}

/// Why a batch was not taken.
#[derive(Debug)]
pub enum SinkError<E> {
    /// A resource of it can't be stored, for this reason.
    Refused(&'static str),
    /// The store does not work.
    Failed(E),
}
