//! A person's hands on the X screen: they type into whichever window has the focus and click what they point at, as no driver
//! of a page does.

use std::{collections::HashMap, time::Duration};

use anyhow::{Context, Result, ensure};
use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{
            BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, InputFocus, KEY_PRESS_EVENT,
            KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, Window,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

use crate::wait::until;

/// The keysym of a key without a letter.
pub const ENTER: u32 = 0xff0d;
/// As [`ENTER`].
pub const TAB: u32 = 0xff09;
/// As [`ENTER`].
pub const ESCAPE: u32 = 0xff1b;
/// As [`ENTER`]: up, down, left and right.
pub const ARROWS: [u32; 4] = [0xff52, 0xff54, 0xff51, 0xff53];
const CONTROL: u32 = 0xffe3;
const SHIFT: u32 = 0xffe1;
/// The pointer's first button.
const BUTTON: u8 = 1;

/// A keyboard and a pointer.
pub struct Hands {
    server: RustConnection,
    root: Window,
    /// The key of each symbol, and whether it needs Shift.
    keys: HashMap<u32, (u8, bool)>,
}

impl Hands {
    /// Those of the present session's screen.
    ///
    /// # Errors
    /// There is no screen.
    pub fn open() -> Result<Self> {
        let (server, number) = x11rb::connect(None).context("a screen: run this under scripts/in-session.sh")?;
        let setup = server.setup();
        let (root, first, last) = (setup.roots[number].root, setup.min_keycode, setup.max_keycode);
        let map = server.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let mut keys = HashMap::new();
        for (key, symbols) in (first..=last).zip(map.keysyms.chunks(map.keysyms_per_keycode.into())) {
            for (symbol, shifted) in symbols.iter().zip([false, true]) {
                keys.entry(*symbol).or_insert((key, shifted));
            }
        }
        Ok(Self { server, root, keys })
    }

    /// Gives the keyboard to the window that fills most of the screen, once there is one.
    ///
    /// # Errors
    /// None came.
    pub async fn focus(&self) -> Result<()> {
        until("a window on the screen", Duration::from_secs(30), || async {
            for window in self.server.query_tree(self.root)?.reply()?.children {
                let seen = self.server.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE;
                if seen && self.server.get_geometry(window)?.reply()?.width > 1000 {
                    self.server.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
                    return Ok(());
                }
            }
            anyhow::bail!("none yet")
        })
        .await
    }

    /// Types letters of Latin-1.
    ///
    /// # Errors
    /// The screen is gone, or no key has such a letter.
    pub fn type_text(&self, text: &str) -> Result<()> {
        // The symbol of a Latin-1 letter is its code.
        text.chars().try_for_each(|letter| self.press(&[], letter.into()))
    }

    /// Presses the key with this symbol.
    ///
    /// # Errors
    /// As [`Self::type_text`].
    pub fn key(&self, symbol: u32) -> Result<()> {
        self.press(&[], symbol)
    }

    /// Presses a letter while Control is held.
    ///
    /// # Errors
    /// As [`Self::type_text`].
    pub fn control(&self, letter: char) -> Result<()> {
        self.press(&[CONTROL], letter.into())
    }

    /// Clicks this point of the screen, in pixels.
    ///
    /// # Errors
    /// The screen is gone.
    pub fn click(&self, x: i16, y: i16) -> Result<()> {
        self.server.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, x, y, 0)?.check()?;
        self.fake(BUTTON_PRESS_EVENT, BUTTON)?;
        self.fake(BUTTON_RELEASE_EVENT, BUTTON)?;
        Ok(self.server.sync()?)
    }

    fn press(&self, held: &[u32], symbol: u32) -> Result<()> {
        let key = |symbol: u32| self.keys.get(&symbol).copied().with_context(|| format!("no key for {symbol:#x}"));
        let (main, shifted) = key(symbol)?;
        let mut chord = held.iter().map(|&symbol| Ok(key(symbol)?.0)).collect::<Result<Vec<u8>>>()?;
        if shifted {
            chord.push(key(SHIFT)?.0);
        }
        chord.push(main);
        ensure!(chord.iter().all(|&code| code > 7), "a key code is at least 8");
        for &code in &chord {
            self.fake(KEY_PRESS_EVENT, code)?;
        }
        for &code in chord.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, code)?;
        }
        Ok(self.server.sync()?)
    }

    fn fake(&self, kind: u8, code: u8) -> Result<()> {
        Ok(self.server.xtest_fake_input(kind, code, x11rb::CURRENT_TIME, self.root, 0, 0, 0)?.check()?)
    }
}
