/** More visits side by side than can be read: as many as fit, and beside them how many more there are. Knows nothing of patients. */

import { grouped, placed, type Axis, type Group, type Place, type Span, type Standing } from "./geometry";

/** Below this many pixels a name can't be read. */
const READABLE = 44;

/** Visits that are not drawn, behind one place. */
export interface More<T> {
  /** How many. */
  hidden: number;
  /** They and whatever is drawn beside them, in their order. */
  items: T[];
}

export interface Thinned<T> {
  places: Place<T>[];
  more: Place<More<T>>[];
}

/** Whether cards of a group are too narrow to be read, in a column of so many pixels. */
export function isCrowded<T>(group: Group<T>, room: number): boolean {
  return group.lanes * READABLE > room;
}

function meet(a: Standing<unknown>, b: Standing<unknown>): boolean {
  return a.from < b.to && b.from < a.to;
}

/** Draws what fits; `keep` is drawn in any case, in the last lane, in the place of what stood there. */
export function thinned<T extends { id: string }>(group: Group<T>, axis: Axis, room: number, keep: string | null): Thinned<T> {
  const fit = Math.max(2, Math.floor(room / READABLE));
  // The last lane says how many more there are; the one before it gives way.
  const [last, more] = [fit - 2, fit - 1];
  const kept = group.cards.find((card) => card.item.id === keep && card.lane >= more);
  const lanes = group.cards.map((card) => {
    if (card === kept) return { ...card, lane: last };
    return card.lane >= more || (kept && card.lane === last && meet(card, kept)) ? { ...card, lane: more } : card;
  });
  const stretches: (Standing<More<T>> & { cards: Standing<T>[] })[] = [];
  for (const card of lanes.filter((one) => one.lane === more).sort((a, b) => a.from - b.from)) {
    const open = stretches.at(-1);
    if (open && card.from < open.to) {
      open.to = Math.max(open.to, card.to);
      open.cards.push(card);
    } else stretches.push({ ...card, item: { hidden: 0, items: [] }, cards: [card] });
  }
  const drawn = lanes.filter((card) => card.lane < more);
  for (const stretch of stretches) {
    stretch.item = { hidden: stretch.cards.length, items: group.cards.filter((card) => meet(card, stretch)).map((card) => card.item) };
  }
  const places = placed<T | More<T>>({ cards: [...drawn, ...stretches], lanes: fit }, axis);
  return { places: places.slice(0, drawn.length) as Place<T>[], more: places.slice(drawn.length) as Place<More<T>>[] };
}

/** Where the cards of a column stand. Who is to be kept is asked only where there is a crowd: a usual day does not depend on it. */
export function standing<T extends Span & { id: string }>(items: readonly T[], axis: Axis, room: number, keep: () => string | null): Thinned<T> {
  const all = grouped(items, axis).map((group) => (isCrowded(group, room) ? thinned(group, axis, room, keep()) : { places: placed(group, axis), more: [] }));
  return { places: all.flatMap((one) => one.places), more: all.flatMap((one) => one.more) };
}
