import { expect, test } from "vitest";
import { fitting } from "../../src/features/finding/deeds";
import { acting, anywhere, schedule, type Deed } from "../../src/shared/keys";

const deeds: Deed[] = [...Object.values(anywhere), ...Object.values(schedule), ...Object.values(acting)].map((shortcut) => [shortcut, () => {}]);
const found = (typed: string) => fitting(deeds, typed).map(([shortcut]) => shortcut);

test("a deed is found by the first letters of its words, in any order", () => {
  expect(found("print")).toEqual([schedule.print]);
  expect(found("DAY pri")).toEqual([schedule.print]);
  expect(found("rint")).toEqual([]);
  expect(found("print nothing")).toEqual([]);
});

test("with nothing typed, or a sign in front, all that fits is there; beside patients the first few", () => {
  expect(found("")).toHaveLength(deeds.length);
  expect(found("> day")).toEqual(found(">day"));
  expect(found("> d").length).toBeGreaterThan(found("d").length);
  expect(found("d")).toHaveLength(5);
});
