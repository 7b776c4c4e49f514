import { expect, test } from "vitest";
import { freeKey, nameOf, shifted, toggled, withView } from "../../src/features/schedule/saved";
import { plainView } from "../../src/features/schedule/view";
import type { Column, SavedView } from "../../src/host";

const saved = (key: number, name = "x"): SavedView => ({ key, name, ...plainView });
const providers = ["one", "two", "three"].map((id) => ({ practitioner: id, name: id.toUpperCase() }) as Column);
const all = ["one", "two", "three"];

test("a view takes its key's place, and the keys stay in order", () => {
  expect(withView([saved(2), saved(5, "old")], saved(5, "new")).map((view) => [view.key, view.name])).toEqual([[2, "x"], [5, "new"]]);
  expect(withView([saved(5)], saved(3)).map((view) => view.key)).toEqual([3, 5]);
  expect(freeKey([saved(2), saved(3), saved(5)])).toBe(4);
  expect(freeKey([2, 3, 4, 5, 6, 7, 8, 9].map((key) => saved(key)))).toBe(9);
});

test("a view has a name that says what it shows, and that the program takes", () => {
  expect(nameOf(plainView, providers)).toBe("Day, all");
  expect(nameOf({ ...plainView, columns: ["two"] }, providers)).toBe("Day, TWO");
  expect(nameOf({ ...plainView, columns: ["two", "one"] }, providers)).toBe("Day, 2 providers");
  expect(nameOf({ ...plainView, shape: "week", whose: "two" }, providers)).toBe("Week, TWO");
  expect(nameOf({ ...plainView, shape: "list", wide: true }, providers)).toBe("List of a week, all");
  const long = [{ ...providers[0], name: "x".repeat(80) } as Column];
  expect(nameOf({ ...plainView, shape: "week", whose: "one" }, long)).toHaveLength(40);
});

test("the last column stays, and all in the practice's order are chosen by naming none", () => {
  expect(toggled(all, "two", all)).toEqual(["one", "three"]);
  expect(toggled(["one", "three"], "two", all)).toEqual(["one", "three", "two"]);
  expect(toggled(["one", "two"], "three", all)).toEqual([]);
  expect(toggled(["one"], "one", all)).toEqual(["one"]);
  expect(shifted(all, "three", -1, all)).toEqual(["one", "three", "two"]);
  expect(shifted(["one", "three", "two"], "three", 1, all)).toEqual([]);
  expect(shifted(all, "one", -1, all)).toEqual(all);
});
