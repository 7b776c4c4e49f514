import type { SyncState } from "../../host";
import { clock, dateOf, mediumDate, minuteOf } from "../../shared/time";

/** Minutes after which the data's age is said, and said loudly. */
const STALE = 10;
const VERY_STALE = 30;

export interface Freshness {
  tone: "good" | "calm" | "late";
  text: string;
}

/** How fresh the data is, in one sentence. */
export function freshness(sync: SyncState, today: string): Freshness {
  const at = sync.last_synced;
  const asOf = at ? (dateOf(at) === today ? clock(minuteOf(at)) : `${mediumDate(dateOf(at))}, ${clock(minuteOf(at))}`) : null;
  const age = sync.age_minutes ?? 0;
  if (sync.first_sync) return { tone: "calm", text: "Getting the practice’s data" };
  if (sync.trouble) return { tone: "late", text: asOf ? `Not syncing · data as of ${asOf}` : "Not syncing" };
  if (!asOf) return { tone: "calm", text: sync.reachable ? "No data yet" : "Offline · no data yet" };
  const tone = age >= VERY_STALE ? "late" : "calm";
  if (!sync.reachable) return { tone, text: `Offline · data as of ${asOf}` };
  if (age >= STALE) return { tone, text: `Data as of ${asOf}, ${age} min old` };
  return { tone: "good", text: `Up to date · ${asOf}` };
}
