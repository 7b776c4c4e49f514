import { expect, test } from "vitest";
import { typesFor } from "../../src/features/booking/types";

const types = ["AC Acute", "FU Follow-up", "NP New patient", "NV Nurse visit", "PX Physical", "PR Procedure"].map((one) => {
  const [code = "", ...name] = one.split(" ");
  return { code, name: name.join(" "), minutes: 30, color: 0, long_wait: 15, active: true };
});
const found = (typed: string) => typesFor(types, typed).map((type) => type.code);

test("a code or the beginning of a word finds a type, the code before the word", () => {
  expect(found("np")).toEqual(["NP"]);
  expect(found("n")).toEqual(["NP", "NV"]);
  expect(found("p")).toEqual(["PX", "PR", "NP"]);
  expect(found("visit")).toEqual(["NV"]);
  expect(found(" UP ")).toEqual(["FU"]);
  expect(found("zzz")).toEqual([]);
  expect(found("").length).toBe(types.length);
});
