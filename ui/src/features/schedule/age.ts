import { clock, dateOf, minuteOf, nearDate } from "../../shared/time";
import type { Sheet } from "./sheet.state.svelte";

/** How fresh a provider's day is, where that is not what stands above for all. `stale`: the data has become old. */
export function ageOf(sheet: Sheet, practitioner: string, today: string, stale: boolean): string {
  const at = sheet.freshness.get(practitioner);
  if (at === undefined) return "";
  if (at === null) return "not all here yet";
  if (!stale && at === sheet.day.as_of) return "";
  return `as of ${dateOf(at) === today ? clock(minuteOf(at)) : nearDate(dateOf(at), today)}`;
}
