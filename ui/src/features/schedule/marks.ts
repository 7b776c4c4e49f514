import { MediaQuery } from "svelte/reactivity";
import { devicePixelRatio } from "svelte/reactivity/window";
import { icons } from "../../shared/icons";
import { markName, shaped } from "../../shared/status";
import { theme } from "../../shared/theme.state.svelte";

/** Pixels of a mark, and units of the grid that it was drawn on. */
const [SIZE, DRAWN] = [12, 24];
/** In those units: bolder than elsewhere, as it is small. */
const STROKE = 2.2;

const forced = new MediaQuery("forced-colors: active");

/**
 * The shapes of the statuses as custom properties for whoever holds the cards, in the colours of the theme. They are bitmaps,
 * and no elements of their own: masks or drawings on two hundred cards take a fifth of the time that such a day takes to paint.
 */
export function marks(): string {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--tone)";
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(SIZE * (devicePixelRatio.current ?? 1));
  const drawn = shaped.map((look) => {
    // The theme is on the document before it is told here.
    probe.className = `tone-${look.tone} ${theme.shown}`;
    const path = new Path2D(icons[look.icon]);
    const context = canvas.getContext("2d");
    if (!context) return "";
    context.reset();
    context.scale(canvas.width / DRAWN, canvas.height / DRAWN);
    Object.assign(context, { lineWidth: STROKE, lineCap: "round", lineJoin: "round", strokeStyle: forced.current ? "CanvasText" : getComputedStyle(probe).color });
    context.stroke(path);
    return `--${markName(look)}:url(${canvas.toDataURL()})`;
  });
  probe.remove();
  return drawn.join(";");
}
