import { expect, test } from "vitest";
import { alarmOf, longWait, worst } from "../../src/features/schedule/waits";
import { morning } from "./card";

test("a wait is long from a quarter of an hour on, and too long from half an hour on", () => {
  const words = [null, 0, 14, 15, 29, 30, 400].map((minutes) => alarmOf(minutes)?.word);
  expect(words).toEqual([undefined, undefined, undefined, "long wait", "long wait", "too long a wait", "too long a wait"]);
});

test("no two alarms share a shape or a colour", () => {
  const alarms = [15, 30].map((minutes) => alarmOf(minutes));
  expect(new Set(alarms.map((alarm) => alarm?.icon)).size).toBe(2);
  expect(new Set(alarms.map((alarm) => alarm?.tone)).size).toBe(2);
});

test("the type of a visit says when a wait for it is long; what has none goes by the usual", () => {
  const types = [{ code: "NV", name: "Nurse visit", minutes: 15, color: 5, long_wait: 10, active: true }];
  const long = (visit_type: string | null) => longWait({ ...morning, visit_type }, types);
  expect([long("NV"), long("XX"), long(null)]).toEqual([10, 15, 15]);
  expect([9, 10, 19, 20].map((minutes) => alarmOf(minutes, long("NV"))?.tone)).toEqual([undefined, "prov", "prov", "late"]);
});

test("among several waits the most serious is told", () => {
  expect(worst([null, alarmOf(15), alarmOf(30), alarmOf(20)])?.tone).toBe("late");
  expect(worst([null, alarmOf(15)])?.tone).toBe("prov");
  expect(worst([null])).toBeNull();
});
