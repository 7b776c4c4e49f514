import type { Card, VisitType } from "../../host";
import type { IconName } from "../../shared/icons";

/** Minutes after which a wait is long, where the visit's type says nothing else; after twice as many it is too long. */
const LONG = 15;

/** How a wait looks: colour, shape and a word for who listens; null while it is none to speak of. */
export interface Alarm {
  tone: "prov" | "late";
  icon: IconName;
  word: string;
}

export function alarmOf(minutes: number | null, long = LONG): Alarm | null {
  if (minutes === null || minutes < long) return null;
  return minutes < 2 * long ? { tone: "prov", icon: "clock", word: "long wait" } : { tone: "late", icon: "alert", word: "too long a wait" };
}

/** When a wait for this visit is long. */
export function longWait(card: Card, types: readonly VisitType[]): number {
  return types.find((type) => type.code === card.visit_type)?.long_wait ?? LONG;
}

/** The most serious one. */
export function worst(alarms: readonly (Alarm | null)[]): Alarm | null {
  return alarms.find((alarm) => alarm?.tone === "late") ?? alarms.find((alarm) => alarm !== null) ?? null;
}
