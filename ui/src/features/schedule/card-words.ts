import type { Card, VisitType } from "../../host";
import { cardLook } from "../../shared/status";
import { clock, clockRange, dateOf, minuteOf, span } from "../../shared/time";

/** Minutes between an instant of the shown day and now; null on other days. */
export function minutesSince(iso: string | null, date: string, now: number | null): number | null {
  if (!iso || now === null || dateOf(iso) !== date) return null;
  return Math.max(0, now - minuteOf(iso));
}

/** "Arrived 9:52", "Waiting 21 min", "In room 14 min", "No-show"; null for what needs no word. `length` writes minutes. */
export function statusWord(card: Card, date: string, now: number | null, length = span): string | null {
  const look = cardLook(card);
  if (card.status === "arrived" && card.arrived_at) {
    const waited = minutesSince(card.arrived_at, date, now);
    return waited !== null && waited >= 10 ? `Waiting ${length(waited)}` : `Arrived ${clock(minuteOf(card.arrived_at))}`;
  }
  if (card.status === "checked-in") {
    const inside = minutesSince(card.status_since, date, now);
    return inside === null ? look.word : `In room ${length(inside)}`;
  }
  return look.word === "Booked" ? null : look.word;
}

/** Below this many pixels a card's status stands under the name; from ROOMY on, a name, a reason and a status fit on one line. */
export const NARROW = 208;
const ROOMY = 230;
/** Below this many a card gives up half its padding, and on one line its type's code; below CODED there is no room for that at all. */
export const TIGHT = 130;
const CODED = 72;

/** What a card says: the lines that are drawn, in their order, and the whole of it for a screen reader. */
export interface Words {
  name: string;
  /** The status, beside the name. */
  beside: string | null;
  /** After the name, on its line. */
  after: string | null;
  /** The status on a line of its own, where a column is narrow. */
  below: string | null;
  lines: string[];
  /** The short code of its type. */
  code: string | null;
  spoken: string;
}

/** Chooses what a card of so many lines and pixels has room for. What is left out is still said. */
export function wordsOf(card: Card, rows: number, width: number, date: string, now: number | null, type?: VisitType): Words {
  const narrow = width < NARROW;
  const word = statusWord(card, date, now);
  const name = card.patient?.name ?? "No patient";
  const length = span(card.end_minute - card.start_minute);
  const brief = word === "Not confirmed yet" ? "Unconfirmed" : statusWord(card, date, now, (minutes) => `${minutes} min`);
  const below = narrow && rows > 1 ? brief : null;
  const what = narrow ? (card.reason ?? length) : [card.reason, length, card.repeats && "repeats"].filter(Boolean).join(" · ");
  const lines = rows > 1 ? [what, ...(card.note ? [card.note] : [])].slice(0, rows - (below ? 2 : 1)) : [];
  const beside = narrow ? null : word;
  const after = rows === 1 && width >= (word ? ROOMY : NARROW) ? card.reason : null;
  const fits = rows === 1 ? width >= TIGHT : rows > (below ? 2 : 1) && width >= CODED;
  const code = fits ? card.visit_type : null;
  // First what is drawn, word for word as it is drawn; then the time, and what had no room.
  const drawn = [name, after, beside, below, ...lines, code].filter((part) => part !== null);
  const rest = [clockRange(card.start_minute, card.end_minute), word ?? "Booked", type?.name, card.reason, card.note, card.repeats && `repeats ${card.repeats}`].filter((part) => part && !drawn.includes(part));
  return { name, beside, after, below, lines, code, spoken: `${drawn.join(" ")}, ${rest.join(", ")}` };
}
