import { expect, test } from "vitest";
import { found, newAddress } from "../../src/features/lock/pick";
import { members } from "../../src/host/fixture/people";

test.each([
  ["", ["Fran Desk", "Provider One, MD", "Ann Min", "Nia Nurse, RN"]],
  ["f", ["Fran Desk"]],
  ["DESK", ["Fran Desk"]],
  ["nu", ["Nia Nurse, RN"]],
  ["p1", ["Provider One, MD"]],
  ["provider o", ["Provider One, MD"]],
  [" ann", ["Ann Min"]],
  ["one@", ["Provider One, MD"]],
  ["ran", []],
])("“%s” begins the name, the initials or the address of those it finds", (typed, names) => {
  expect(found(members, typed).map(({ name }) => name)).toEqual(names);
});

test.each([
  ["new@fictional.example", "new@fictional.example"],
  [" new@fictional.example ", "new@fictional.example"],
  ["Fran@fictional.example", null],
  ["fran", null],
  ["new@", null],
])("“%s” is the address of somebody new here: %s", (typed, address) => {
  expect(newAddress(members, typed)).toBe(address);
});
