import type { IconName } from "../../shared/icons";

/** Minutes after which a wait is long, and too long, where nothing else is said for the visit. */
const [LONG, TOO_LONG] = [15, 30];

/** How a wait looks: colour, shape and a word for who listens; null while it is none to speak of. */
export interface Alarm {
  tone: "prov" | "late";
  icon: IconName;
  word: string;
}

export function alarmOf(minutes: number | null): Alarm | null {
  if (minutes === null || minutes < LONG) return null;
  return minutes < TOO_LONG ? { tone: "prov", icon: "clock", word: "long wait" } : { tone: "late", icon: "alert", word: "too long a wait" };
}
