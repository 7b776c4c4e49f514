import type { SyncState } from "../../host";
import { clock, dateOf, mediumDate, minuteOf } from "../../shared/time";

export interface Freshness {
  tone: "good" | "calm" | "late";
  text: string;
}

/** How fresh the data is, in one sentence. */
export function freshness(sync: SyncState, today: string): Freshness {
  const at = sync.last_synced;
  const asOf = at ? (dateOf(at) === today ? clock(minuteOf(at)) : `${mediumDate(dateOf(at))}, ${clock(minuteOf(at))}`) : null;
  if (sync.first_sync) return { tone: "calm", text: "Getting the practice’s data" };
  if (sync.trouble) return { tone: "late", text: asOf ? `Not syncing · data as of ${asOf}` : "Not syncing" };
  if (!asOf) return { tone: "calm", text: sync.reachable ? "No data yet" : "Offline · no data yet" };
  // What is said again, and more strongly, is said in other words, so that it is read out again.
  const old = sync.stale?.strong ?? false;
  const tone = old ? "late" : "calm";
  if (!sync.reachable) return { tone, text: `Offline · ${old ? "old data" : "data"} as of ${asOf}` };
  if (sync.stale) return { tone, text: `${old ? "Old data" : "Data"} as of ${asOf}` };
  return { tone: "good", text: `Up to date · ${asOf}` };
}
