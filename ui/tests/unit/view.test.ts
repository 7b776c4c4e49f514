import { expect, test } from "vitest";
import { chosen, isWeekly, plainView, weekTitle, whoseOf, workdays } from "../../src/features/schedule/view";
import { rowsOf, stepTo } from "../../src/features/schedule/list";
import type { Column, Day } from "../../src/host";
import { morning } from "./card";

function column(practitioner: string, works = true): Column {
  return { practitioner, name: practitioner, hours: works ? [{ start_minute: 480, end_minute: 1020 }] : [], blocks: [], booked: 0, open: 0, as_of: null };
}

function day(date: string, columns: Column[] = []): Day {
  return { date, today: "2026-11-23", now_minute: null, as_of: null, columns, appointments: [], types: [], waiting: 0, longest_wait: null, beyond: null };
}

test("a week is named by its Monday and its Sunday, whichever of its days is meant", () => {
  expect(weekTitle("2026-11-23")).toBe("23–29 November");
  expect(weekTitle("2026-11-29")).toBe("23–29 November");
  expect(weekTitle("2026-12-02")).toBe("30 November–6 December");
  expect(weekTitle("2027-01-01", true)).toBe("28 Dec–3 Jan");
});

test("a weekend is shown where somebody works on it, and only then", () => {
  const dates = ["2026-11-27", "2026-11-28", "2026-11-29"];
  const week = dates.map((date, n) => ({ day: day(date, [column("one", n === 1), column("two", false)]) }));
  const shown = (whose: string | null) => workdays(week, whose).map((sheet) => sheet.day.date);
  expect(shown(null)).toEqual(["2026-11-27", "2026-11-28"]);
  expect(shown("one")).toEqual(["2026-11-27", "2026-11-28"]);
  expect(shown("two")).toEqual(["2026-11-27"]);
});

test("chosen columns stand in their order; who is gone is passed over, and nobody left means all", () => {
  const all = [column("one"), column("two"), column("three")];
  expect(chosen(all, ["three", "gone", "one"]).map((one) => one.name)).toEqual(["three", "one"]);
  expect(chosen(all, [])).toBe(all);
  expect(chosen(all, ["gone"])).toBe(all);
});

test("a week asks for no more visits than it shows", () => {
  expect(whoseOf({ ...plainView, shape: "week" })).toBe("nobody");
  expect(whoseOf({ ...plainView, shape: "week", whose: "one" })).toEqual({ one: "one" });
  expect(whoseOf({ ...plainView, shape: "list", wide: true })).toBe("everyone");
  expect([plainView, { ...plainView, wide: true }, { ...plainView, shape: "list" as const }].map(isWeekly)).toEqual([false, false, false]);
});

test("a list of several days has each day's name over its visits, and the arrows pass over the names", () => {
  const visit = (id: string, start_minute: number, practitioner = "one") => ({ ...morning, id, start_minute, practitioner });
  const sheets = [
    { day: day("2026-11-23"), shown: [visit("b", 600), visit("a", 540)] },
    { day: day("2026-11-24"), shown: [] },
    { day: day("2026-11-25"), shown: [visit("c", 540, "two")] },
  ];
  const rows = rowsOf(sheets, null);
  expect(rows.map((row) => (row.kind === "visit" ? row.card.id : row.visits))).toEqual([2, "a", "b", 1, "c"]);
  expect(rowsOf(sheets, "two").map((row) => row.kind)).toEqual(["day", "visit"]);
  expect(rowsOf(sheets.slice(0, 1), null).map((row) => row.kind)).toEqual(["visit", "visit"]);
  expect(stepTo(rows, 2, 1)).toBe(4);
  expect(stepTo(rows, 4, -1)).toBe(2);
  expect(stepTo(rows, 4, 1)).toBe(4);
  expect(stepTo(rows, 1, -rows.length)).toBe(1);
  expect(stepTo(rows, -1, 1)).toBe(1);
  expect(stepTo([], -1, 1)).toBe(-1);
});
