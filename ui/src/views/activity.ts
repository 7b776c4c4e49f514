import { host } from "../host";

/** What a person does; drawing, timers and syncs are none of it. */
const INPUTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"] as const;
const AT_MOST_EVERY = 1000;

/** Another window that comes or goes above a pointer at rest makes a move of no length. */
function moved({ movementX, movementY }: PointerEvent): boolean {
  return movementX !== 0 || movementY !== 0;
}

/** Tells the program of real input, at most once a second. */
export function reportActivity(): () => void {
  let last = -AT_MOST_EVERY;

  function tell(event: Event): void {
    if (event.type === "pointermove" && !moved(event as PointerEvent)) return;
    const now = performance.now();
    if (!event.isTrusted || now - last < AT_MOST_EVERY) return;
    last = now;
    // A refusal means that the lock came first; its screen is on the way.
    host().activity().catch(() => undefined);
  }

  for (const name of INPUTS) window.addEventListener(name, tell, { capture: true, passive: true });
  return () => {
    for (const name of INPUTS) window.removeEventListener(name, tell, { capture: true });
  };
}
