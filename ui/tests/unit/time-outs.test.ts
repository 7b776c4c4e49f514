import { expect, test } from "vitest";
import { choices } from "../../src/features/settings/time-outs";

const words = (longest: number, chosen: number | null) => choices(longest, chosen).map(({ word }) => word);

test("nothing longer than the practice allows is offered", () => {
  expect(words(300, null)).toEqual(["1 min", "2 min", "3 min", "5 min, as the practice allows"]);
  expect(words(60, null)).toEqual(["1 min, as the practice allows"]);
});

test("what was chosen is among the choices, whatever the practice allows now", () => {
  expect(words(300, 90)).toEqual(["1 min", "90 s", "2 min", "3 min", "5 min, as the practice allows"]);
  expect(words(60, 120)).toEqual(["1 min, as the practice allows", "2 min, once the practice allows it"]);
});
