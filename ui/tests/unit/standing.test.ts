import { expect, test } from "vitest";
import { contact, copied, isNameOf, shown } from "../../src/features/computers/standing";
import { startComputers } from "../../src/host/fixture/computers";
import { TODAY } from "../../src/host/fixture/schedule";
import { moment, momentInWords } from "../../src/shared/time";

const called = (name: string) => {
  const found = startComputers().find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

test.each([
  ["Exam room 2", "Works", null],
  ["Billing", "Stopped", "nobody can work on it"],
  ["Provider Two’s laptop", "Told to forget", /no receipt yet$/],
  ["Old front desk", "Forgotten", "receipt of 2 Nov, 8:31 am"],
])("%s says in a word how it stands, and when its receipt came", (name, word, more) => {
  const told = shown(called(name), TODAY);
  expect(told.word).toBe(word);
  if (more instanceof RegExp) expect(told.more).toMatch(more);
  else expect(told.more).toBe(more);
});

test("a computer that has not been in touch for days says so, and one that nobody signed in to", () => {
  expect(contact(called("Spare in the cupboard"), TODAY)).toEqual({ at: "17 Nov, 10:06 am", quiet: "5 days without a word", used: "never used" });
  expect(shown(called("Spare in the cupboard"), TODAY).more).toBe("nobody has signed in there");
  expect(contact(called("Front desk left"), TODAY).quiet).toBe(null);
});

test("of a copied sign-in is told what happened, what it means and what to do", () => {
  const first = "Somebody else may have used a sign-in that was made at Front desk left: a copy of it was shown to the host on 12 Nov at 4:51 am. The host ended it. ";
  const ask = "Have whoever works there choose a new password, and have the computer looked at.";
  const desk = called("Front desk left");
  expect(copied(desk, TODAY)).toBe(`${first}Stop or wipe the computer if it is lost. ${ask}`);
  expect(copied({ ...desk, state: "stopped" }, TODAY)).toBe(first + ask);
  expect(copied({ ...desk, copied: `${TODAY}T09:05:00-06:00` }, TODAY)).toContain("was shown to the host at 9:05 am.");
  expect(copied(called("Billing"), TODAY)).toBe(null);
});

test("no two states share a shape or a word", () => {
  const all = startComputers().map((one) => [one.state, shown(one, TODAY)] as const);
  const states = new Set(all.map(([state]) => state));
  for (const part of ["icon", "word"] as const) expect(new Set(all.map(([, told]) => told[part])).size).toBe(states.size);
});

test.each([
  ["Billing", true],
  ["  billing ", true],
  ["Biling", false],
  ["", false],
  ["Billing 2", false],
])("“%s” for Billing: %s", (typed, same) => {
  expect(isNameOf(typed, called("Billing"))).toBe(same);
});

test("a name with a printed apostrophe can be typed, and an empty one is never right", () => {
  expect(isNameOf("provider two's laptop", called("Provider Two’s laptop"))).toBe(true);
  expect(isNameOf("", { ...called("Billing"), name: " " })).toBe(false);
});

test("today is a time, another day has its date, another year its year", () => {
  expect(moment(`${TODAY}T09:05:00-06:00`, TODAY)).toBe("9:05 am");
  expect(moment("2026-11-02T16:40:00-06:00", TODAY)).toBe("2 Nov, 4:40 pm");
  expect(moment("2025-11-02T16:40:00-06:00", TODAY)).toBe("2 Nov 2025, 4:40 pm");
  expect(momentInWords(`${TODAY}T09:05:00-06:00`, TODAY)).toBe("at 9:05 am");
  expect(momentInWords("2026-11-02T16:40:00-06:00", TODAY)).toBe("on 2 Nov at 4:40 pm");
});
