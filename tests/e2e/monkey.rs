//! Whatever is pressed and clicked, in whatever order, with the host going and coming and the window locked in between:
//! nothing breaks, and nothing half entered is lost. The bench of the same name does it ten thousand times.

use anyhow::{Context, Result};
use tests::{host::Host, monkey::Monkey, window::Window, workstation::Workstation};

const ACTIONS: usize = 150;

#[tokio::test]
async fn nothing_breaks_whatever_is_pressed() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let (desk, elsewhere) = (Workstation::enrolled(&host)?, Workstation::enrolled(&host)?);
    let member = host.demo.member("front_desk")?.clone();
    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;
    let seed = 5;
    let mut monkey = Monkey::new(&window, &member, seed);
    let did = async {
        monkey.act(ACTIONS, &mut host, &elsewhere).await?;
        monkey.ends_in_order(&mut host).await
    };
    did.await.with_context(|| format!("seed {seed}"))?;
    window.close().await
}
