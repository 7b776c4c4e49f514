//! Listening to the host: it says that something has changed, and never what. An admin's policy is taken at once,
//! whether or not somebody works here; the rest is the sync's, or waits sealed.

use std::sync::Arc;

use practice::Code;
use sync::{Backoff, Event, Failure};
use tokio::time::sleep;
use vault::DeviceToken;

use super::{Trouble, jitter};
use crate::{
    host::Bearer,
    refused::Outcome,
    session::{Enrolled, Workstation},
};

impl Workstation {
    /// Listens until the program ends, and again whenever the line breaks.
    pub(super) async fn listen_on(self: Arc<Self>) {
        let mut backoff = Backoff::default();
        loop {
            let mut notices = self.notices();
            if self.finish_wipe().await.is_err() {
                sleep(backoff.failed(jitter())).await;
                continue;
            }
            let Ok(enrolled) = self.enrolled() else {
                // There is nobody to listen to before this computer is enrolled.
                let _ = notices.recv().await;
                continue;
            };
            if let Err(trouble) = self.listen(&enrolled, &mut backoff).await {
                let (event, refused) = self.failed(trouble);
                if matches!(event, Event::Failed { failure: Failure::Unreachable, .. }) {
                    self.sync_changed(|status| status.reachable = false);
                }
                self.heed(&refused).await;
            }
            sleep(backoff.failed(jitter())).await;
        }
    }

    async fn listen(self: &Arc<Self>, enrolled: &Arc<Enrolled>, backoff: &mut Backoff) -> Result<(), Trouble> {
        let device = self.device_token(enrolled).await?;
        let mut line = enrolled.line.live(Bearer(device.for_header())).await?;
        self.home.stop(false);
        self.sync_changed(|status| {
            status.reachable = true;
            // That it says what makes no sense, a line which works does not mend.
            status.trouble.take_if(|trouble| trouble.code != Code::HostConfused);
        });
        while let Some(news) = line.next().await? {
            backoff.succeeded();
            if news.policy > enrolled.saw_policy(0) {
                let (policy, _) = enrolled.line.policy(Bearer(device.for_header())).await?;
                self.take_policy(enrolled, &policy)?;
                self.follow_authorities(enrolled).await?;
            }
            self.called.notify_one();
        }
        Ok(())
    }

    /// This computer's credential, read where it holds nobody up.
    pub(crate) async fn device_token(&self, enrolled: &Arc<Enrolled>) -> Outcome<DeviceToken> {
        let enrolled = Arc::clone(enrolled);
        crate::blocking(move || Ok(enrolled.device_token().map_err(|e| e.refusal())?)).await
    }
}
