import { addDays } from "../../shared/time";

/** The same day of the month `months` later, or the last of that month. */
export function inMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return addDays(first, Math.min(day, last) - 1);
}
