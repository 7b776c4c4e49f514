/** How the arrows walk a day: from card to card, from column to column, and through free time. */
import type { Card, Column, Day } from "../../host";
import { isStruck } from "../../shared/status";
import type { Span } from "./geometry";
import { isWeekly, type View } from "./view";

/** A place for a visit: a provider's column and a minute. */
export interface Slot {
  practitioner: string;
  minute: number;
}

function inColumn(cards: readonly Card[], practitioner: string): Card[] {
  return cards.filter((card) => card.practitioner === practitioner).sort((a, b) => a.start_minute - b.start_minute);
}

/** The card before or after `at` in a column, of which many may begin at one minute; without one, before or after this minute. */
export function nextInColumn(cards: readonly Card[], practitioner: string, from: number, step: 1 | -1, at?: string): Card | undefined {
  const own = inColumn(cards, practitioner);
  const place = own.findIndex((card) => card.id === at);
  if (place >= 0) return own[place + step];
  return step > 0 ? own.find((card) => card.start_minute >= from) : own.findLast((card) => card.start_minute <= from);
}

/** The card nearest in time in the next column that has one. */
export function nextColumn(columns: readonly Column[], cards: readonly Card[], practitioner: string, minute: number, step: 1 | -1): Card | undefined {
  let at = columns.findIndex((column) => column.practitioner === practitioner) + step;
  for (; at >= 0 && at < columns.length; at += step) {
    const nearest = nearestIn(cards, columns[at]?.practitioner ?? "", minute);
    if (nearest) return nearest;
  }
  return undefined;
}

/** The card of a column that is nearest in time. */
export function nearestIn(cards: readonly Card[], practitioner: string, minute: number): Card | undefined {
  return inColumn(cards, practitioner).toSorted((a, b) => Math.abs(a.start_minute - minute) - Math.abs(b.start_minute - minute))[0];
}

/** Whether nothing that holds time, and nothing blocked out or held for others, stands in this stretch of working time. */
function isFree(column: Column, cards: readonly Card[], minute: number, length: number): boolean {
  const covers = (s: Span) => s.start_minute < minute + length && minute < s.end_minute;
  const taken = cards.some((card) => card.practitioner === column.practitioner && !isStruck(card.status) && card.status !== "noshow" && covers(card));
  return !taken && !column.blocks.some((block) => block.hold?.kept !== "here" && covers(block)) && column.hours.some((s) => s.start_minute <= minute && minute + length <= s.end_minute);
}

/** The next time in a column that is free for `length` minutes, from `minute` on; the direction decides which way to look. */
export function nextFree(day: Day, cards: readonly Card[], practitioner: string, minute: number, step: 1 | -1, length = 15): Slot | undefined {
  const column = day.columns.find((c) => c.practitioner === practitioner);
  if (!column) return undefined;
  const first = step > 0 ? Math.ceil(minute / 15) * 15 : Math.floor(minute / 15) * 15;
  for (let at = first; at >= 0 && at < 24 * 60; at += step * 15) {
    if (isFree(column, cards, at, length)) return { practitioner, minute: at };
  }
  return undefined;
}

/** Where a booking starts when nobody chose a time: the earliest time from now that is free for that long. */
export function firstFree(day: Day, cards: readonly Card[], length: number, practitioner?: string): Slot | undefined {
  const from = day.now_minute ?? 0;
  return day.columns
    .filter((column) => !practitioner || column.practitioner === practitioner)
    .map((column) => nextFree(day, cards, column.practitioner, from, 1, length))
    .filter((slot) => slot !== undefined)
    .sort((a, b) => a.minute - b.minute)[0];
}

/** Where a booking is proposed; nowhere where nothing is free any more, or the counts alone are on screen. */
export function suggested(day: Day, view: View, selected: Card | null, length: number): Slot | null {
  const cards = day.appointments;
  if (isWeekly(view) && view.whose !== null) return firstFree(day, cards, length, view.whose) ?? null;
  if (view.shape === "week") return null;
  const near = selected?.practitioner ?? view.whose ?? undefined;
  return firstFree(day, cards, length, near) ?? firstFree(day, cards, length) ?? null;
}
