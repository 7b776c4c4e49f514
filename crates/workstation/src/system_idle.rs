//! For how long nobody has touched this computer, whatever program they worked in. GNOME's compositor tells, on X11 and
//! Wayland alike; elsewhere what is typed into our own window counts alone, and the desk locks the earlier for it.

use std::time::Duration;

use zbus::{Connection, Proxy};

const MONITOR: &str = "org.gnome.Mutter.IdleMonitor";

/// How long an answer may take: the lock does not wait for it.
const PATIENCE: Duration = Duration::from_millis(200);

/// Asks the desktop of this session.
pub(crate) async fn asked() -> Option<Duration> {
    let answer = async { told(&Connection::session().await.ok()?).await };
    tokio::time::timeout(PATIENCE, answer).await.ok().flatten()
}

async fn told(bus: &Connection) -> Option<Duration> {
    let monitor = Proxy::new(bus, MONITOR, "/org/gnome/Mutter/IdleMonitor/Core", MONITOR).await.ok()?;
    monitor.call("GetIdletime", &()).await.ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_lock::bus::Bus;

    struct Mutter;

    #[zbus::interface(name = "org.gnome.Mutter.IdleMonitor")]
    impl Mutter {
        #[zbus(name = "GetIdletime")]
        fn idle_time(&self) -> u64 {
            1500
        }
    }

    #[tokio::test]
    async fn the_desktop_says_how_long_nobody_touched_the_computer_and_one_that_does_not_is_no_answer() {
        let bus = Bus::start();
        let asking = bus.builder().build().await.unwrap();
        assert_eq!(told(&asking).await, None);
        let desktop = bus.builder().name(MONITOR).unwrap();
        let desktop = desktop.serve_at("/org/gnome/Mutter/IdleMonitor/Core", Mutter).unwrap().build().await.unwrap();
        assert_eq!(told(&asking).await, Some(Duration::from_millis(1500)));
        drop(desktop);
    }
}
