import { expect, test } from "vitest";
import { kept, left, records, size, took } from "../../src/features/keeping/words";
import { keepingOf } from "../../src/host/fixture/keeping";

test.each([
  [400, "0.4 s"],
  [9_940, "9.9 s"],
  [41_300, "41 s"],
  [60_000, "1 min"],
  [252_000, "4 min 12 s"],
])("%i ms is %s", (ms, words) => expect(took(ms)).toBe(words));

test.each([
  [812, "812 KB"],
  [73_400, "71.7 MB"],
  [2_202_010, "2.1 GB"],
])("%i KB is %s", (kilobytes, words) => expect(size(kilobytes)).toBe(words));

test("a number of records is read in groups of three, and one is one", () => {
  expect([records(1), records(48_210)]).toEqual(["1 record", "48,210 records"]);
});

test("what is left of a certificate is told in days, with no promise on its last", () => {
  const line = (days_left: number) => left({ place: "host", ends: "", days_left, say: null });
  expect([line(0), line(1), line(27)]).toEqual(["ends today, or has ended", "1 day left", "27 days left"]);
});

test("how long backups are kept is said as the host says it, or not at all", () => {
  const page = keepingOf(new URLSearchParams());
  expect(kept(page)).toContain("24 hours, 30 days and 24 months");
  expect(kept({ ...page, keeps: null })).not.toContain("It keeps");
  expect(kept({ ...page, hourly: false })).toContain("makes no backups by itself");
});
