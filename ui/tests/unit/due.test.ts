import { expect, test } from "vitest";
import { inMonths } from "../../src/features/lists/due";

test("a recall in months falls on the same day, or the last of a shorter month", () => {
  for (const [date, months, due] of [
    ["2026-11-23", 12, "2027-11-23"],
    ["2026-11-30", 3, "2027-02-28"],
    ["2027-08-31", 6, "2028-02-29"],
    ["2026-12-31", 1, "2027-01-31"],
  ] as const) expect(inMonths(date, months)).toBe(due);
});
