import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { AppointmentStatus } from "../../src/host";
import { canBecome, canChange, mayMark, canMove } from "../../src/shared/status";

const rule = readFileSync(new URL("../../../crates/practice/src/schedule.rs", import.meta.url), "utf8");
const written: Record<string, AppointmentStatus> = {
  Proposed: "proposed",
  Pending: "pending",
  Booked: "booked",
  Arrived: "arrived",
  CheckedIn: "checked-in",
  Fulfilled: "fulfilled",
  Cancelled: "cancelled",
  Noshow: "noshow",
  EnteredInError: "entered-in-error",
  Waitlist: "waitlist",
};
const all = Object.values(written);
const statuses = (text: string) => [...text.matchAll(/\w+/g)].map((word) => written[word[0]]).filter((status) => status !== undefined);
const body = (name: string) => rule.split(`pub fn ${name}`)[1]?.split("\n}")[0]?.split("match status")[1] ?? "";

test("what the window offers next is what the program's rule allows", () => {
  const arms = [...body("next_statuses").matchAll(/(\w+) => &\[(.*?)\]/g)];
  expect(arms).toHaveLength(all.length);
  for (const [, from, to] of arms) {
    const status = written[from as string] as AppointmentStatus;
    expect(all.filter((one) => canBecome(status, one)).sort(), from).toEqual(statuses(to as string).sort());
  }
});

test("what the window lets be moved is what the program's rule allows", () => {
  const may = statuses(/((?:\w+ ?\|? ?)+) => true/.exec(body("may_move"))?.[1] ?? "");
  expect(may.length).toBeGreaterThan(0);
  expect(all.filter(canMove).sort()).toEqual(may.sort());
});

test("what the window lets be changed is what the program's rule allows", () => {
  const what = readFileSync(new URL("../../../crates/practice/src/schedule/what.rs", import.meta.url), "utf8");
  const may = statuses(/((?:\w+ ?\|? ?)+) => true/.exec(what.split("pub fn may_change")[1] ?? "")?.[1] ?? "");
  expect(may.length).toBeGreaterThan(0);
  expect(all.filter(canChange).sort()).toEqual(may.sort());
});

test("what the window lets be marked is what the program's rule allows", () => {
  const steps = readFileSync(new URL("../../../crates/practice/src/schedule/steps.rs", import.meta.url), "utf8");
  const arms = [...(steps.split("pub fn may_mark")[1]?.split("\n}")[0] ?? "").matchAll(/MarkedStep::(\w+) => matches!\(status, (.*?)\)/g)];
  expect(arms.map(([, step]) => step)).toEqual(["Confirmed", "Left"]);
  for (const [, step, from] of arms) {
    expect(all.filter((status) => mayMark(status, (step as string).toLowerCase() as "confirmed" | "left")).sort(), step).toEqual(statuses(from as string).sort());
  }
});
