/** How the schedule is drawn, and of whom. */
import type { Column, Day, SavedView, Shape, Whose } from "../../host";
import { addDays, longDate, mediumDate, monthName, weekday } from "../../shared/time";

export type View = Pick<SavedView, "shape" | "wide" | "whose" | "columns"> & { rooms: boolean };

/** The day of everyone, as it begins. */
export const plainView: View = { shape: "day", wide: false, whose: null, columns: [], rooms: false };

export const SHAPES: { value: Shape; word: string }[] = [
  { value: "day", word: "Day" },
  { value: "week", word: "Week" },
  { value: "list", word: "List" },
];

/** Whether it wants a week of days. */
export function isWeekly(view: View): boolean {
  return view.shape === "week" || (view.shape === "list" && view.wide);
}

export function sameView(a: View, b: View): boolean {
  return a.shape === b.shape && a.wide === b.wide && a.whose === b.whose && a.rooms === b.rooms && a.columns.join() === b.columns.join();
}

/** Whose visits a week has to bring: of everyone's week the counts are enough. */
export function whoseOf(view: View): Whose {
  if (view.whose !== null) return { one: view.whose };
  return view.shape === "week" ? "nobody" : "everyone";
}

/** The chosen columns in their order; all where none is chosen, or none of them is there. */
export function chosen(columns: Column[], ids: readonly string[]): Column[] {
  const found = ids.map((id) => columns.find((column) => column.practitioner === id)).filter((column) => column !== undefined);
  return found.length ? found : columns;
}

/** The days that people work: Monday to Friday, and of a weekend the days on which `whose` (or anyone) has hours or a visit. */
export function workdays<T extends { day: Day }>(week: readonly T[], whose: string | null): T[] {
  const works = ({ columns, appointments }: Day) => columns.some((column) => (whose ?? column.practitioner) === column.practitioner && (column.hours.length || column.booked)) || appointments.length > 0;
  return week.filter(({ day }) => ![0, 6].includes(weekday(day.date)) || works(day));
}

/** "42 booked · 18 half hours open": of one provider, or of everyone. */
export function countOf(sheets: readonly { day: Day }[], whose: string | null): string {
  const theirs = sheets.flatMap(({ day }) => day.columns).filter((column) => whose === null || column.practitioner === whose);
  const sum = (part: "booked" | "open") => theirs.reduce((all, column) => all + column[part], 0).toLocaleString("en-US");
  return `${sum("booked")} booked · ${sum("open")} half hours open`;
}

/** "23–29 November", "30 November–6 December": the week in which the date lies. */
export function weekTitle(date: string, brief = false): string {
  const monday = addDays(date, -((weekday(date) + 6) % 7));
  const sunday = addDays(monday, 6);
  const written = (day: string) => (brief ? mediumDate(day) : longDate(day)).replace(/^\S+ /, "");
  const from = monthName(monday) === monthName(sunday) ? String(Number(monday.slice(8))) : written(monday);
  return `${from}–${written(sunday)}`;
}
