import { expect, test } from "vitest";
import { alarmOf } from "../../src/features/schedule/waits";

test("a wait is long from a quarter of an hour on, and too long from half an hour on", () => {
  const words = [null, 0, 14, 15, 29, 30, 400].map((minutes) => alarmOf(minutes)?.word);
  expect(words).toEqual([undefined, undefined, undefined, "long wait", "long wait", "too long a wait", "too long a wait"]);
});

test("no two alarms share a shape or a colour", () => {
  const alarms = [15, 30].map((minutes) => alarmOf(minutes));
  expect(new Set(alarms.map((alarm) => alarm?.icon)).size).toBe(2);
  expect(new Set(alarms.map((alarm) => alarm?.tone)).size).toBe(2);
});
