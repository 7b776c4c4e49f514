/** Where things stand on the day's grid: minutes in, pixels out. Knows nothing of patients. */

import type { Density } from "../../host";

/** A stretch of wall-clock minutes. */
export interface Span {
  start_minute: number;
  end_minute: number;
}

/** The visible part of the day and its scale. */
export interface Axis {
  /** First and last shown minute, whole hours. */
  from: number;
  to: number;
  /** Pixels for a quarter of an hour: 20, 24, 28 or 36, so that every line stands on the 4-px grid. */
  quarter: number;
}

/** One card's place in its column. */
export interface Place<T> {
  item: T;
  top: number;
  height: number;
  /** Share of the column's width, from 0 to 1. */
  left: number;
  width: number;
}

/** Shorter visits are drawn this tall, so that a name fits. */
const LEAST_HEIGHT = 20;
const DAY = 24 * 60;

/** Pixels for a quarter of an hour, the tallest first that fits; the last where none does. */
const QUARTERS: Record<Density, readonly number[]> = { close: [20], usual: [28, 24, 20], wide: [36] };

/** Shows every working hour and every card, with an hour of air around. */
export function axisOf(spans: readonly Span[], height: number, density: Density = "usual"): Axis {
  const starts = spans.map((s) => Math.max(0, s.start_minute));
  const ends = spans.map((s) => Math.min(DAY, s.end_minute));
  const first = Math.floor(Math.min(9 * 60, ...starts) / 60) * 60;
  const last = Math.ceil(Math.max(16 * 60, ...ends) / 60) * 60;
  const quarters = QUARTERS[density];
  const fits = quarters.find((quarter) => ((last - first) / 15) * quarter <= height - 40);
  return { from: Math.max(0, first - 60), to: Math.min(DAY, last + 60), quarter: fits ?? quarters.at(-1) ?? 20 };
}

export function pixels(axis: Axis, minutes: number): number {
  return (minutes / 15) * axis.quarter;
}

export function topOf(axis: Axis, minute: number): number {
  return pixels(axis, Math.min(Math.max(minute, axis.from), axis.to) - axis.from);
}

/** The minute under a distance from the grid's top, on a step of `step` minutes. */
export function minuteAt(axis: Axis, y: number, step: number): number {
  const minute = axis.from + (y / axis.quarter) * 15;
  return Math.min(Math.max(Math.floor(minute / step) * step, axis.from), axis.to - step);
}

/** A card as it is drawn: minutes of the axis, and the lane it stands in. */
export interface Standing<T> {
  item: T;
  from: number;
  to: number;
  lane: number;
}

/** Cards that would cover each other, straight or by others between them. */
export interface Group<T> {
  cards: Standing<T>[];
  /** How many lanes stand side by side. */
  lanes: number;
}

/** Puts cards that would cover each other into lanes. */
export function grouped<T extends Span>(items: readonly T[], axis: Axis): Group<T>[] {
  const least = (LEAST_HEIGHT / axis.quarter) * 15;
  const drawn = items
    .map((item) => {
      const from = Math.max(item.start_minute, axis.from);
      const to = Math.min(Math.max(item.end_minute, from + least), axis.to);
      return { item, from: Math.min(from, axis.to - least), to, lane: 0 };
    })
    .sort((a, b) => a.from - b.from || b.to - a.to);

  const groups: Group<T>[] = [];
  let cards: Standing<T>[] = [];
  let ends: number[] = [];
  for (const card of drawn) {
    if (cards.length && ends.every((end) => end <= card.from)) {
      groups.push({ cards, lanes: ends.length });
      cards = [];
      ends = [];
    }
    const free = ends.findIndex((end) => end <= card.from);
    card.lane = free >= 0 ? free : ends.length;
    ends[card.lane] = card.to;
    cards.push(card);
  }
  if (cards.length) groups.push({ cards, lanes: ends.length });
  return groups;
}

/** Where the cards of a group stand: each takes all the room its neighbours leave. */
export function placed<T>({ cards, lanes }: Group<T>, axis: Axis): Place<T>[] {
  return cards.map(({ item, from, to, lane }) => {
    const blocked = cards
      .filter((o) => o.lane > lane && o.from < to && from < o.to)
      .reduce((nearest, o) => Math.min(nearest, o.lane), lanes);
    return { item, top: topOf(axis, from), height: pixels(axis, to - from), left: lane / lanes, width: (blocked - lane) / lanes };
  });
}

/** What the stretches leave of the axis. */
export function outside(axis: Axis, stretches: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let at = axis.from;
  for (const s of [...stretches].sort((a, b) => a.start_minute - b.start_minute)) {
    if (s.start_minute > at) gaps.push({ start_minute: at, end_minute: Math.min(s.start_minute, axis.to) });
    at = Math.max(at, s.end_minute);
  }
  if (at < axis.to) gaps.push({ start_minute: at, end_minute: axis.to });
  return gaps;
}
