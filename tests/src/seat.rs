//! A place at a computer of the office: the window as it is shipped, without a driver, and a member's hands before it.

use std::{process::Command, time::Instant};

use anyhow::Result;

use crate::{
    build,
    demo::Member,
    hands::{ENTER, Hands, TAB},
    process::Running,
    screen::Screen,
    wait::PATIENCE,
    workstation::Workstation,
};

/// Who sits at which computer.
pub struct Seat<'a> {
    desk: &'a Workstation,
    member: &'a Member,
    /// Theirs.
    pub hands: Hands,
    /// What they look at.
    pub screen: Screen,
}

impl<'a> Seat<'a> {
    /// Before a computer that is not started yet.
    ///
    /// # Errors
    /// There is no screen.
    pub fn taken(desk: &'a Workstation, member: &'a Member) -> Result<Self> {
        Ok(Self { desk, member, hands: Hands::open()?, screen: Screen::open()? })
    }

    /// Starts the app and signs in.
    ///
    /// # Errors
    /// No window comes.
    pub async fn sign_in(&self) -> Result<Running> {
        let mut command = Command::new(build::program("shadowchart")?);
        let log = self.desk.home().with_extension("log");
        let app = Running::start(command.arg("--home").arg(self.desk.home()), &log)?;
        self.hands.focus().await?;
        self.settled().await?;
        self.hands.type_text(&self.member.email)?;
        self.hands.key(TAB)?;
        self.hands.type_text(&self.member.password)?;
        self.hands.key(ENTER)?;
        Ok(app)
    }

    /// Unlocks a window that is locked.
    ///
    /// # Errors
    /// The lock screen does not come to rest.
    pub async fn unlock(&self) -> Result<()> {
        self.settled().await?;
        self.hands.type_text(&self.member.password)?;
        self.hands.key(ENTER)
    }

    /// Waits until the page stands as it then stays, and takes what is typed.
    ///
    /// # Errors
    /// It never does.
    pub async fn settled(&self) -> Result<()> {
        self.screen.painted(Instant::now(), PATIENCE).await.map(drop)
    }
}
