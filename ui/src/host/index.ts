/**
 * The one door between the screens and the program. A browser without the program behind it gets a fictional practice,
 * in development and in the fixture build only; both conditions are constants, so a release carries none of it.
 */
import { tauriHost } from "./tauri";
import type { Host } from "./types";

export * from "./types";

async function open(): Promise<Host> {
  if (import.meta.env.MODE === "fixture" || (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window))) {
    const { fixtureHost } = await import("./fixture");
    return fixtureHost(new URLSearchParams(location.search));
  }
  return tauriHost();
}

let opened: Host | undefined;

/** Opens the door; to be awaited once, before anything is mounted. */
export async function openHost(): Promise<void> {
  opened = await open();
}

/** The program. */
export function host(): Host {
  if (!opened) throw new Error("the door was never opened");
  return opened;
}
