import { isTyping } from "../../shared/keys";
import type { Moving } from "./move.state.svelte";

/** The keys that carry a visit; whether this was one. Sideways and down are the view's. */
export function carry(event: KeyboardEvent, moving: Moving, sideways: (step: 1 | -1) => void, drop: () => void): boolean {
  // In the list of rooms the arrows choose one.
  if (isTyping(event) && event.key !== "Enter") return false;
  const step = event.shiftKey ? 5 : 15;
  switch (event.key) {
    case "ArrowUp":
      if (event.altKey) moving.longer(-step);
      else moving.later(-step);
      return true;
    case "ArrowDown":
      if (event.altKey) moving.longer(step);
      else moving.later(step);
      return true;
    case "ArrowLeft":
      sideways(-1);
      return true;
    case "ArrowRight":
      sideways(1);
      return true;
    case "Enter":
      if ((event.target as HTMLElement).closest("[data-testid=move-panel] button")) return false;
      drop();
      return true;
    default:
      return false;
  }
}
