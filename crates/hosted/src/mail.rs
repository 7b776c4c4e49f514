//! Mail with a link to choose a password, and alerts for admins. It holds the practice's name and the link, and nothing of
//! anybody else.

use std::time::Duration;

use lettre::{
    Message, SmtpTransport, Transport,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use practice::Code;
use zeroize::Zeroizing;

use crate::{
    random,
    store::{MailedLink, Occasion, StoreError},
};

/// How long the mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where mail goes, and whence it comes.
pub struct MailSettings<'a> {
    /// `smtp://host[:port]` (STARTTLS, but plain on this machine itself) or `smtps://host[:port]` (TLS from the first byte).
    pub smtp: &'a str,
    /// The sender, such as `Elm Street <office@elm.example>`.
    pub from: &'a str,
    /// The host's address as a browser of a member writes it, such as `https://host.elm.example:8443`.
    pub url: &'a str,
    /// User and password at the mail server.
    pub credentials: Option<(String, Zeroizing<String>)>,
}

/// Sends mail.
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
    url: String,
}

impl Mailer {
    /// Prepares to send; nothing is sent and nobody is asked yet.
    ///
    /// # Errors
    /// In words, when an address is no good, or a password would go over the net in the clear.
    pub fn new(settings: MailSettings<'_>) -> Result<Self, StoreError> {
        const BAD: StoreError = StoreError::refused(
            Code::Invalid,
            "The mail server is written smtp://host:port, or smtps://host:port for TLS from the first byte.",
        );
        let (scheme, rest) = settings.smtp.trim().split_once("://").ok_or(BAD)?;
        let (host, port) = match rest.trim_end_matches('/').rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| BAD)?)),
            None => (rest.trim_end_matches('/'), None),
        };
        if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') {
            return Err(BAD);
        }
        let here = host == "localhost" || host.starts_with("127.");
        let tls = |host: &str| TlsParameters::builder(host.to_owned()).build_rustls().map_err(|_| BAD);
        let (port, tls) = match scheme {
            "smtps" => (port.unwrap_or(465), Tls::Wrapper(tls(host)?)),
            "smtp" if here => (port.unwrap_or(25), Tls::None),
            "smtp" => (port.unwrap_or(587), Tls::Required(tls(host)?)),
            _ => return Err(BAD),
        };
        let mut transport = SmtpTransport::builder_dangerous(host).port(port).tls(tls).timeout(Some(PATIENCE));
        if let Some((user, password)) = settings.credentials {
            transport = transport.credentials(Credentials::new(user, password.as_str().to_owned()));
        }
        let from = settings.from.parse().map_err(|_| {
            StoreError::refused(Code::Invalid, "The sender is written as a mail address, such as office@elm.example.")
        })?;
        let url = settings.url.trim_end_matches('/');
        if !url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', ' '])) {
            return Err(StoreError::refused(
                Code::Invalid,
                "The host's address for links is written https://name:port, without a path.",
            ));
        }
        Ok(Self { transport: transport.build(), from, url: url.to_owned() })
    }

    /// Sends the link. Blocks: not for an async thread. Whether it arrives only its reader knows.
    ///
    /// # Errors
    /// In words, when the mail server takes no mail.
    pub fn send(&self, link: &MailedLink) -> Result<(), StoreError> {
        let (subject, text) = self.written(link);
        self.post(&link.email, subject, text)
    }

    /// Tells the admin with the address `to` that a copy of a sign-in was used. Blocks, as [`Self::send`] does.
    ///
    /// # Errors
    /// In words, when the mail server takes no mail.
    pub fn tell_of_a_copy(&self, to: &str, practice: &str) -> Result<(), StoreError> {
        let text = format!(
            "Somebody else may have used a sign-in at {practice}: a copy of it was shown to the host, which ended it.\n\n\
             Open Shadowchart and look under Computers: it says at which computer the sign-in was made, and when the copy \
             was used. Stop or wipe the computer if it is lost. Have whoever works there choose a new password, and have \
             the computer looked at.\n"
        );
        self.post(to, "Someone used a copied sign-in", text)
    }

    fn post(&self, to: &str, subject: &str, text: String) -> Result<(), StoreError> {
        const NOT_SENT: StoreError = StoreError::refused(
            Code::NotNow,
            "The mail could not be sent. Check the address, or ask the operator of the host to look after its mail.",
        );
        let to = Mailbox::new(None, to.parse().map_err(|_| NOT_SENT)?);
        let domain = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .message_id(Some(format!("<{}@{domain}>", random::uuid())))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|_| NOT_SENT)?;
        if self.transport.send(&message).is_err() {
            tracing::warn!("the mail server took no mail");
            return Err(NOT_SENT);
        }
        Ok(())
    }

    fn written(&self, link: &MailedLink) -> (&'static str, String) {
        let (practice, url) = (&link.practice, format!("{}/password?link={}", self.url, link.token));
        match link.occasion {
            Occasion::Forgotten => (
                "Choose a new password",
                format!(
                    "A new password was asked for, for your sign-in at {practice}.\n\n\
                     Choose it within 30 minutes here:\n\n{url}\n\n\
                     The link works once. If you did not want this, do nothing: your password stays as it is.\n"
                ),
            ),
            Occasion::Invited => (
                "Choose your password",
                format!(
                    "You were invited to sign in at {practice}.\n\n\
                     Choose your password within three days here:\n\n{url}\n\n\
                     The link works once.\n"
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_mail_server_sender_or_address_is_refused_in_words() {
        let made = |smtp, from, url| {
            let _ = rustls::crypto::ring::default_provider().install_default();
            Mailer::new(MailSettings { smtp, from, url, credentials: None })
        };
        let good = ("smtp://127.0.0.1:2525", "Elm <office@elm.example>", "https://host:8443");
        assert!(made(good.0, good.1, good.2).is_ok());
        assert!(made("smtps://mail.elm.example", "office@elm.example", "https://host/").is_ok());
        assert!(made("smtp://mail.elm.example", good.1, good.2).is_ok());
        for (smtp, from, url) in [
            ("mail.elm.example", good.1, good.2),
            ("http://mail.elm.example", good.1, good.2),
            ("smtp://user:word@mail.elm.example", good.1, good.2),
            ("smtp://mail.elm.example:many", good.1, good.2),
            (good.0, "nobody", good.2),
            (good.0, "a@x.test\r\nBcc: b@x.test", good.2),
            (good.0, good.1, "http://host"),
            (good.0, good.1, "https://host/path"),
        ] {
            let refused = made(smtp, from, url).err().expect(url).refusal();
            assert!(refused.code == Code::Invalid && refused.say.ends_with('.'), "{smtp} {from} {url}");
        }
    }
}
