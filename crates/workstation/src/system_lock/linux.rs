//! logind (<https://www.freedesktop.org/software/systemd/man/org.freedesktop.login1.html>) and the desktop's screen saver.

use std::{collections::HashMap, time::Duration};

use tokio_stream::StreamExt;
use zbus::{
    Connection, MatchRule, Message, MessageStream, Proxy, message,
    zvariant::{OwnedFd, OwnedObjectPath, OwnedValue},
};

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// Each desktop tells under its own name.
const SCREEN_SAVERS: [&str; 5] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
];

/// How long until a bus that is not there, or went away, is asked again.
const AGAIN: Duration = Duration::from_secs(10);

/// Locks when logind says so, for ever.
pub(super) async fn logind(lock: impl Fn()) {
    loop {
        if let Ok(bus) = Connection::system().await
            && let Err(error) = follow_logind(&bus, &lock).await
        {
            tracing::debug!("logind can't be followed: {error}");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Locks when the desktop's screen saver starts, for ever.
pub(super) async fn screen_saver(lock: impl Fn()) {
    loop {
        if let Ok(bus) = Connection::session().await
            && let Err(error) = follow_screen_saver(&bus, &lock).await
        {
            tracing::debug!("the screen saver can't be followed: {error}");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow_logind(bus: &Connection, lock: &impl Fn()) -> zbus::Result<()> {
    let manager = Proxy::new(bus, LOGIND, "/org/freedesktop/login1", MANAGER).await?;
    let own = own_session(&manager).await;
    let mut sleeps = manager.receive_signal("PrepareForSleep").await?;
    let mut locks = signals(bus, SESSION, "Lock", own.as_ref()).await?;
    let mut changes = signals(bus, PROPERTIES, "PropertiesChanged", own.as_ref()).await?;
    let mut held = hold_sleep(&manager).await;
    loop {
        tokio::select! {
            Some(sleep) = sleeps.next() => {
                if sleep.body().deserialize().unwrap_or(true) {
                    lock();
                    held = None;
                } else if held.is_none() {
                    held = hold_sleep(&manager).await;
                }
            }
            Some(Ok(_)) = locks.next() => lock(),
            Some(Ok(change)) = changes.next() => if went_away(&change) { lock() },
            else => return Ok(()),
        }
    }
}

/// The session that this program belongs to. Where it is unknown, any session's lock is taken for ours.
async fn own_session(manager: &Proxy<'_>) -> Option<OwnedObjectPath> {
    if let Ok(id) = std::env::var("XDG_SESSION_ID")
        && let Ok(path) = manager.call("GetSession", &(id)).await
    {
        return Some(path);
    }
    manager.call("GetSessionByPID", &(std::process::id())).await.ok()
}

async fn signals(
    bus: &Connection,
    interface: &'static str,
    member: &'static str,
    path: Option<&OwnedObjectPath>,
) -> zbus::Result<MessageStream> {
    let mut rule =
        MatchRule::builder().msg_type(message::Type::Signal).sender(LOGIND)?.interface(interface)?.member(member)?;
    if let Some(path) = path {
        rule = rule.path(path)?;
    }
    MessageStream::for_match_rule(rule.build(), bus, None).await
}

/// Asks for the moment that closing the vault takes before the computer sleeps. Letting the descriptor go gives it back.
async fn hold_sleep(manager: &Proxy<'_>) -> Option<OwnedFd> {
    manager.call("Inhibit", &("sleep", "Shadowchart", "Closes the chart first", "delay")).await.ok()
}

/// Whether the session was locked, or another one has the screen.
fn went_away(change: &Message) -> bool {
    type Changed = (String, HashMap<String, OwnedValue>, Vec<String>);
    let Ok((interface, changed, _)) = change.body().deserialize::<Changed>() else { return false };
    let is = |name: &str, value: bool| changed.get(name).is_some_and(|found| bool::try_from(found) == Ok(value));
    interface == SESSION && (is("Active", false) || is("LockedHint", true))
}

async fn follow_screen_saver(bus: &Connection, lock: &impl Fn()) -> zbus::Result<()> {
    let rule = MatchRule::builder().msg_type(message::Type::Signal).member("ActiveChanged")?.build();
    let mut signals = MessageStream::for_match_rule(rule, bus, None).await?;
    while let Some(signal) = signals.next().await {
        let signal = signal?;
        let known = signal.header().interface().is_some_and(|name| SCREEN_SAVERS.contains(&name.as_str()));
        if known && signal.body().deserialize().unwrap_or(true) {
            lock();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{io::Read, sync::Arc};

    use tokio::sync::{Mutex, mpsc};
    use zbus::{fdo, object_server::SignalEmitter};

    use super::*;
    use crate::system_lock::bus::Bus;

    const OWN: &str = "/org/freedesktop/login1/session/own";
    const OTHER: &str = "/org/freedesktop/login1/session/other";

    /// What the tests need of logind.
    struct Logind {
        /// The other end of each descriptor handed out.
        held: mpsc::UnboundedSender<std::fs::File>,
    }

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl Logind {
        #[zbus(name = "GetSessionByPID")]
        async fn session_by_pid(&self, _pid: u32) -> fdo::Result<OwnedObjectPath> {
            Ok(OwnedObjectPath::try_from(OWN).unwrap())
        }

        async fn get_session(&self, _id: &str) -> fdo::Result<OwnedObjectPath> {
            Ok(OwnedObjectPath::try_from(OWN).unwrap())
        }

        async fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> fdo::Result<OwnedFd> {
            assert_eq!((what, mode), ("sleep", "delay"));
            let (ours, theirs) = std::io::pipe().unwrap();
            self.held.send(std::fs::File::from(std::os::fd::OwnedFd::from(ours))).unwrap();
            Ok(std::os::fd::OwnedFd::from(theirs).into())
        }

        #[zbus(signal)]
        async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
    }

    /// A desk that follows a logind of the test's own.
    struct World {
        logind: Connection,
        held: mpsc::UnboundedReceiver<std::fs::File>,
        locks: mpsc::UnboundedReceiver<()>,
        _bus: Bus,
    }

    impl World {
        async fn start() -> Self {
            let bus = Bus::start();
            let (held_in, held) = mpsc::unbounded_channel();
            let logind = bus
                .builder()
                .name(LOGIND)
                .unwrap()
                .serve_at("/org/freedesktop/login1", Logind { held: held_in })
                .unwrap()
                .build()
                .await
                .unwrap();
            let (locked, locks) = mpsc::unbounded_channel();
            let desk = bus.builder().build().await.unwrap();
            tokio::spawn(async move { follow_logind(&desk, &|| locked.send(()).unwrap()).await });
            Self { logind, held, locks, _bus: bus }
        }

        async fn sleep(&self, start: bool) {
            let emitter = SignalEmitter::new(&self.logind, "/org/freedesktop/login1").unwrap();
            Logind::prepare_for_sleep(&emitter, start).await.unwrap();
        }

        async fn session(
            &self,
            path: &str,
            interface: &str,
            member: &str,
            body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
        ) {
            self.logind.emit_signal(None::<&str>, path, interface, member, body).await.unwrap();
        }

        async fn changed(&self, path: &str, name: &str, value: bool) {
            let changed = HashMap::from([(name, zbus::zvariant::Value::from(value))]);
            self.session(path, PROPERTIES, "PropertiesChanged", &(SESSION, changed, Vec::<String>::new())).await;
        }
    }

    #[tokio::test]
    async fn the_computer_sleeps_only_once_the_desk_is_locked() {
        let mut world = World::start().await;
        let mut held = world.held.recv().await.unwrap();
        world.sleep(true).await;
        // Its end is read only after the descriptor is let go.
        tokio::task::spawn_blocking(move || held.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
        world.locks.try_recv().expect("locked before the computer may sleep");
        world.sleep(false).await;
        world.held.recv().await.expect("the next sleep waits again");
        world.sleep(true).await;
        world.locks.recv().await.unwrap();
    }

    #[tokio::test]
    async fn a_locked_or_switched_session_locks_the_desk_and_anothers_does_not() {
        let mut world = World::start().await;
        world.held.recv().await.unwrap();
        world.session(OWN, SESSION, "Lock", &()).await;
        world.locks.recv().await.unwrap();
        world.changed(OWN, "LockedHint", true).await;
        world.locks.recv().await.unwrap();
        world.changed(OWN, "Active", false).await;
        world.locks.recv().await.unwrap();

        world.session(OTHER, SESSION, "Lock", &()).await;
        world.changed(OTHER, "Active", false).await;
        world.changed(OWN, "Active", true).await;
        world.changed(OWN, "IdleHint", true).await;
        world.session(OWN, SESSION, "Lock", &()).await;
        world.locks.recv().await.unwrap();
        assert!(world.locks.try_recv().is_err(), "one lock, for the last of them");
    }

    #[tokio::test]
    async fn a_screen_saver_that_starts_locks_the_desk_on_every_desktop() {
        let bus = Bus::start();
        let desktop = bus.builder().build().await.unwrap();
        let (locked, locks) = mpsc::unbounded_channel();
        let desk = bus.builder().build().await.unwrap();
        tokio::spawn(async move { follow_screen_saver(&desk, &|| locked.send(()).unwrap()).await });
        let locks = Arc::new(Mutex::new(locks));
        for interface in SCREEN_SAVERS {
            let heard = Arc::clone(&locks);
            let heard = tokio::spawn(async move { heard.lock().await.recv().await });
            // Until the desk listens, nobody hears.
            while !heard.is_finished() {
                desktop.emit_signal(None::<&str>, "/", interface, "ActiveChanged", &(true)).await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    }
}
