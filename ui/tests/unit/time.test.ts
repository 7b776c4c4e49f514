import { describe, expect, test } from "vitest";
import * as time from "../../src/shared/time";

describe("times are sliced, never converted", () => {
  test.each([
    ["2026-11-23T09:52:00-06:00", "2026-11-23", 592],
    ["2026-03-08T02:30:00-06:00", "2026-03-08", 150],
    ["2026-11-23T23:59:00+14:00", "2026-11-23", 1439],
  ])("%s", (iso, date, minute) => {
    expect(time.dateOf(iso)).toBe(date);
    expect(time.minuteOf(iso)).toBe(minute);
  });
});

test("a calendar knows leap years and the ends of months", () => {
  expect(time.addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(time.addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(time.weekday("2026-11-23")).toBe(1);
  expect(time.isDate("2026-02-30")).toBe(false);
  expect(time.isDate("2026-13-01")).toBe(false);
});

test("a birth date is said as precisely as it is known", () => {
  expect(["1961-03-14", "1961-03", "1961"].map(time.plainDate)).toEqual(["14 Mar 1961", "Mar 1961", "1961"]);
});

test("a range says the half of the day once where it can", () => {
  expect(time.clockRange(585, 615)).toBe("9:45–10:15 am");
  expect(time.clockRange(705, 735)).toBe("11:45 am–12:15 pm");
  expect(time.clockRange(0, 30)).toBe("12:00–12:30 am");
});

test("a wall clock past midnight belongs to the next date", () => {
  expect(time.wallClock("2026-11-23", 585)).toBe("2026-11-23T09:45");
  expect(time.wallClock("2026-12-31", 1500)).toBe("2027-01-01T01:00");
});

test.each([
  ["9:45", 585],
  ["945", 585],
  ["9", 540],
  ["1:30", 810],
  ["130p", 810],
  ["13.30", 810],
  ["2 pm", 840],
  ["12:15 am", 15],
  ["06:15", 375],
  ["7", 420],
  ["25:00", null],
  ["9:61", null],
  ["13 pm", null],
  ["soon", null],
  ["", null],
])("a typed time %j is minute %s", (typed, minute) => {
  expect(time.readClock(typed)).toBe(minute);
});

test("every quarter of an hour that is written is read back", () => {
  for (let minute = 0; minute < 1440; minute += 15) expect(time.readClock(time.clockHalf(minute))).toBe(minute);
});

test.each([
  ["2026-12-03", "2026-12-03"],
  ["3 dec", "2026-12-03"],
  ["Dec 3", "2026-12-03"],
  ["Thu 3 Dec", "2026-12-03"],
  ["12/3", "2026-12-03"],
  ["1/5", "2027-01-05"],
  ["1/5/28", "2028-01-05"],
  ["today", "2026-11-23"],
  ["tomorrow", "2026-11-24"],
  ["fri", "2026-11-27"],
  ["monday", "2026-11-30"],
  ["+14", "2026-12-07"],
  ["31 feb", null],
  ["whenever", null],
  ["", null],
])("a typed date %j is %s", (typed, date) => {
  expect(time.readDate(typed, "2026-11-23")).toBe(date);
});

test("spans are said as people say them", () => {
  expect([5, 60, 65].map(time.span)).toEqual(["5 min", "1 h", "1 h 5 min"]);
  expect([90, 300, 3600].map(time.spanSeconds)).toEqual(["90 s", "5 min", "1 h"]);
});
