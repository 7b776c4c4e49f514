//! The screen as an X server keeps it: what a person would see, whoever painted it.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use x11rb::{
    connection::Connection,
    protocol::xproto::{AtomEnum, ConnectionExt, ImageFormat, MapState, Window},
    rust_connection::RustConnection,
};

/// Left, top, width and height of a part of the screen, in pixels.
pub type Part = (i16, i16, u16, u16);

/// The middle of a window of 1366 by 768 at the screen's corner, where both pages have their content.
const PLACE: Part = (343, 0, 680, 768);
/// Between two looks: short beside a start, and little work beside it.
const LOOK: Duration = Duration::from_millis(10);
/// A page that stays as it is for so long is whole.
const SETTLED: Duration = Duration::from_millis(1500);
/// Between two looks at the answer to a key, and how long nothing more follows it.
const QUICK_LOOK: Duration = Duration::from_millis(2);
const ANSWERED: Duration = Duration::from_millis(600);
/// Of the pixels: a blinking caret is less, a line of text is more.
const NOTICEABLE: f64 = 0.000_5;

/// What is in a part of the screen, four bytes a pixel.
#[derive(PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    fn looks_like(&self, other: &Self) -> bool {
        let pixels = self.0.chunks_exact(4).zip(other.0.chunks_exact(4));
        let others = pixels.filter(|(one, two)| one[..3] != two[..3]).count();
        others as f64 <= NOTICEABLE * (self.0.len() / 4) as f64
    }

    /// A window that has painted nothing of its page yet is of one colour.
    fn is_plain(&self) -> bool {
        self.looks_like(&Self(self.0[..4].repeat(self.0.len() / 4)))
    }
}

/// A connection to the display.
pub struct Screen {
    server: RustConnection,
    root: Window,
}

impl Screen {
    /// The display of the present session.
    pub fn open() -> Result<Self> {
        let (server, number) = x11rb::connect(None)
            .context("a start needs a screen: run this under scripts/in-session.sh, as `make bench` does")?;
        let root = server.setup().roots[number].root;
        Ok(Self { server, root })
    }

    /// Looks until the page is whole and stays so; gives the moment since `began` at which it first looked like that.
    pub async fn painted(&self, began: Instant, limit: Duration) -> Result<Duration> {
        let mut looks = tokio::time::interval(LOOK);
        let mut seen: Vec<(Duration, Picture)> = Vec::new();
        loop {
            looks.tick().await;
            let picture = self.look(PLACE)?;
            // Stamped after the server's answer: what is in it had been painted by then.
            let at = began.elapsed();
            ensure!(at < limit, "nothing was painted within {} s", limit.as_secs());
            match seen.last() {
                Some((_, last)) if *last == picture => {}
                Some(_) | None => seen.push((at, picture)),
            }
            let Some((_, now)) = seen.last() else { continue };
            let whole = seen.iter().rev().take_while(|(_, earlier)| earlier.looks_like(now)).last();
            match whole {
                Some((since, picture)) if !picture.is_plain() && at - *since > SETTLED => return Ok(*since),
                Some(_) | None => {}
            }
        }
    }

    /// Takes a program's windows off the screen, as minimising them does.
    pub fn take_away(&self, process: u32) -> Result<()> {
        let shown = self.windows(process)?;
        ensure!(!shown.is_empty(), "the program has no window on the screen");
        for window in shown {
            self.server.unmap_window(window)?.check()?;
        }
        Ok(())
    }

    /// The windows and dialogs of a program that are on the screen.
    pub fn windows(&self, process: u32) -> Result<Vec<Window>> {
        let owner = self.server.intern_atom(false, b"_NET_WM_PID")?.reply()?.atom;
        let mut shown = Vec::new();
        for window in self.server.query_tree(self.root)?.reply()?.children {
            let property = self.server.get_property(false, window, owner, AtomEnum::CARDINAL, 0, 1)?.reply()?;
            let theirs = property.value32().and_then(|mut ids| ids.next()) == Some(process);
            if theirs && self.server.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE {
                shown.push(window);
            }
        }
        Ok(shown)
    }

    /// Tells the session's programs that the screen saver has come on.
    pub fn start_saver() -> Result<()> {
        let signal = ["--session", "--type=signal", "/org/freedesktop/ScreenSaver"];
        let active = ["org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true"];
        ensure!(Command::new("dbus-send").args(signal).args(active).status()?.success(), "no signal was sent");
        Ok(())
    }

    /// Looks until no window covers the place any more.
    pub async fn emptied(&self) -> Result<()> {
        let mut looks = tokio::time::interval(LOOK);
        let began = Instant::now();
        while !self.look(PLACE)?.is_plain() {
            looks.tick().await;
            ensure!(began.elapsed() < Duration::from_secs(20), "a window stays on the screen");
        }
        Ok(())
    }

    /// What a part of the screen shows now.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn look(&self, (x, y, width, height): Part) -> Result<Picture> {
        let image = self.server.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, !0)?.reply()?;
        Ok(Picture(image.data))
    }

    /// Looks at a part until it is another than `before`; gives the moment since `began` at which it was.
    ///
    /// # Errors
    /// It stayed so for `limit`.
    pub async fn changed(&self, part: Part, before: &Picture, began: Instant, limit: Duration) -> Result<Duration> {
        let mut looks = tokio::time::interval(QUICK_LOOK);
        loop {
            looks.tick().await;
            let picture = self.look(part)?;
            let at = began.elapsed();
            if picture != *before {
                return Ok(at);
            }
            ensure!(at < limit, "nothing changed within {} s", limit.as_secs());
        }
    }

    /// Looks at a part until it is another than `before` and changes no more; gives the moment since `began` of its last change,
    /// or nothing when it never changed.
    ///
    /// # Errors
    /// The screen is gone.
    pub async fn answered(&self, part: Part, before: Picture, began: Instant) -> Result<Option<Duration>> {
        let mut looks = tokio::time::interval(QUICK_LOOK);
        let (mut last, mut changed) = (before, None);
        loop {
            looks.tick().await;
            let picture = self.look(part)?;
            let at = began.elapsed();
            if picture != last {
                (last, changed) = (picture, Some(at));
            }
            if at - changed.unwrap_or_default() > ANSWERED {
                return Ok(changed);
            }
        }
    }
}
