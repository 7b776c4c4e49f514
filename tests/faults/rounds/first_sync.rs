//! A first sync of many records, killed again and again: what was stored is not fetched anew.

use anyhow::{Result, ensure};
use serde_json::json;
use tests::host::Host;

use crate::{
    desk::Desk,
    dice::Dice,
    office::port,
    proxy::{Fault, Plan, Proxy, Way},
    truth::Truth,
};

/// Records of the practice, at least: more than are stored at once, so that it can be killed with some of them stored.
pub const RECORDS: usize = 50_000;

/// Records that are compared word for word when all is there.
const COMPARED: usize = 200;

/// What the kills of one first sync came to.
#[derive(Default)]
pub struct Kills {
    pub times: u64,
    /// Rows that were stored when it was killed, as far as it had said so, over all kills.
    pub stored: u64,
    /// How many of them it went on after.
    pub kept: u64,
    /// Bytes that passed in all.
    pub bytes: u64,
}

pub struct Practice {
    host: Host,
    proxy: Proxy,
    names: Vec<String>,
    truth: Truth,
    end: u64,
    /// Bytes of a first sync that nothing disturbs.
    pub bytes: u64,
}

impl Practice {
    pub async fn open() -> Result<Self> {
        let host = Host::with_demo(&["--patients", "1050", "--providers", "3"]).await?;
        let proxy = Proxy::before(port(&host)?).await?;
        let truth = Truth::of(&host)?;
        let (names, end) = truth.all()?;
        ensure!(names.len() >= RECORDS, "{} records are too few", names.len());
        let mut practice = Self { host, proxy, names, truth, end: end.cast_unsigned(), bytes: 0 };
        practice.bytes = practice.first_sync(&mut Dice(0), 0).await?.bytes;
        Ok(practice)
    }

    pub fn records(&self) -> usize {
        self.names.len()
    }

    /// Up to `most` times killed.
    pub async fn first_sync(&mut self, dice: &mut Dice, most: u64) -> Result<Kills> {
        let mut desk = Desk::enrolled(&self.host, self.proxy.port)?;
        let (mut kills, began) = (Kills::default(), self.proxy.bytes());
        let mut place = desk.start().await?;
        while kills.times < most {
            // The rest of it is nearly as many bytes as the rest of the rows.
            let left = self.bytes * (self.end - place.min(self.end)) / self.end;
            let kill_at = dice.below(left.max(1) as usize) as u64;
            if dice.chance(30) {
                let fault = [Fault::Cut, Fault::Corrupt, Fault::Replay, Fault::Slow][dice.below(4)];
                self.proxy.plan(Plan { fault, way: Way::Down, after: dice.below(kill_at.max(1) as usize) as u64 });
            }
            let done = tokio::select! {
                () = self.proxy.passed(kill_at) => false,
                () = desk.synced() => true,
            };
            if done {
                break;
            }
            let host_too = dice.chance(30);
            if host_too {
                self.host.kill();
            }
            let stored = place + desk.kill().await?;
            self.proxy.mend();
            if host_too {
                self.host.start().await?;
            }
            place = desk.start().await?;
            kills.times += 1;
            kills.stored += stored;
            kills.kept += place.min(stored);
        }
        self.proxy.mend();
        desk.come_into_step().await?;
        kills.bytes = self.proxy.bytes() - began;
        for _ in 0..COMPARED {
            let name = &self.names[dice.below(self.names.len())];
            let here = desk.do_(json!({"act": "show", "reference": name})).await?;
            ensure!(here == self.truth.text(name)?, "{name} is not the same here and there");
        }
        desk.kill().await?;
        desk.diagnose()?;
        Ok(kills)
    }
}
