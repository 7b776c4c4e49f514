//! What is asked at the door, under this computer's credential: a sign-in, a second factor, a forgotten password.

use practice::wire::{
    Forgotten, RecoveryCodes, SecondFactorConfirm, SecondFactorOffer, SecondFactorRequest, SignInReply, SignInRequest,
};
use reqwest::Method;

use super::{Bearer, HostError, HostLine};

impl HostLine {
    /// Signs a member in.
    pub async fn sign_in(&self, device: Bearer<'_>, request: &SignInRequest) -> Result<SignInReply, HostError> {
        self.json(Method::POST, "/sign-in", Some(device), Some(request)).await
    }

    /// Asks for a link to a new password, for whoever signs in with the address.
    pub async fn forgotten(&self, device: Bearer<'_>, request: &Forgotten) -> Result<(), HostError> {
        let body = serde_json::to_vec(request).unwrap_or_else(|_| unreachable!("plain data"));
        self.send(Method::POST, "/password/forgotten", Some(device), Some(body)).await.map(drop)
    }

    /// Begins to set a second factor up.
    pub async fn offer_second_factor(
        &self,
        device: Bearer<'_>,
        request: &SecondFactorRequest,
    ) -> Result<SecondFactorOffer, HostError> {
        self.json(Method::POST, "/second-factor", Some(device), Some(request)).await
    }

    /// Puts it in force.
    pub async fn confirm_second_factor(
        &self,
        device: Bearer<'_>,
        request: &SecondFactorConfirm,
    ) -> Result<RecoveryCodes, HostError> {
        self.json(Method::POST, "/second-factor/confirm", Some(device), Some(request)).await
    }
}
