import type { Card } from "../../host";
import { cardLook } from "../../shared/status";
import { clock, clockRange, dateOf, minuteOf, span } from "../../shared/time";

/** Minutes between an instant of the shown day and now; null on other days. */
export function minutesSince(iso: string | null, date: string, now: number | null): number | null {
  if (!iso || now === null || dateOf(iso) !== date) return null;
  return Math.max(0, now - minuteOf(iso));
}

/** "Arrived 9:52", "Waiting 21 min", "In room 14 min", "No-show"; null for what needs no word. */
export function statusWord(card: Card, date: string, now: number | null): string | null {
  const look = cardLook(card);
  if (card.status === "arrived" && card.arrived_at) {
    const waited = minutesSince(card.arrived_at, date, now);
    return waited !== null && waited >= 10 ? `Waiting ${span(waited)}` : `Arrived ${clock(minuteOf(card.arrived_at))}`;
  }
  if (card.status === "checked-in") {
    const inside = minutesSince(card.status_since, date, now);
    return inside === null ? look.word : `In room ${span(inside)}`;
  }
  return look.word === "Booked" ? null : look.word;
}

/** The whole card in one breath, for a screen reader. */
export function spoken(card: Card, date: string, now: number | null): string {
  const parts = [
    clockRange(card.start_minute, card.end_minute),
    card.patient?.name ?? "No patient",
    card.reason,
    statusWord(card, date, now) ?? "Booked",
    card.note,
  ];
  return parts.filter(Boolean).join(", ");
}
