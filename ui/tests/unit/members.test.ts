import { expect, test } from "vitest";
import { acts, factor, isOnlyAdmin, onlyAdminWords, standing } from "../../src/features/members/acts";
import type { Account } from "../../src/host";
import { startAccounts } from "../../src/host/fixture/members";
import { TODAY } from "../../src/host/fixture/schedule";

const called = (name: string, all = startAccounts(false)): Account => {
  const found = all.find((one) => one.tile.name === name);
  if (!found) throw new Error(name);
  return found;
};
const not = (account: Account, all: readonly Account[]) => acts(account, all).filter((act) => act.not === onlyAdminWords).map((act) => act.name);

test("only the last admin who works and has a password keeps role and work", () => {
  const two = startAccounts(false);
  expect(not(called("Ann Min", two), two)).toEqual([]);
  const alone = startAccounts(true);
  expect(not(called("Ann Min", alone), alone)).toEqual(["role", "stop"]);
  for (const other of [{ stopped: true }, { has_password: false }]) {
    const all = two.map((one) => (one.tile.name === "Cara Keys" ? { ...one, ...other } : one));
    expect(isOnlyAdmin(called("Ann Min", all), all), "who can't sign in is no admin to count on").toBe(true);
  }
  expect(isOnlyAdmin(called("Fran Desk", alone), alone)).toBe(false);
});

test.each([
  ["Fran Desk", "Works", null],
  ["Nia Nurse, RN", "Works", /^link for a new password until/],
  ["Olga Onetime", "Stopped", "may not sign in"],
  ["Tom Temp", "Invited", "link good until 25 Nov, 4:05 pm"],
  ["Pat Pending", "Invited", "the link has run out"],
])("%s says in a word how they stand", (name, word, more) => {
  const told = standing(called(name), TODAY);
  expect(told.word).toBe(word);
  if (more instanceof RegExp) expect(told.more).toMatch(more);
  else expect(told.more).toBe(more);
});

test("a second factor is missing only of whoever could have one and the policy wants one", () => {
  expect(factor(called("Cara Keys"), ["admin"], TODAY).word).toBe("Yes");
  expect(factor(called("Ann Min"), ["admin"], TODAY).word).toBe("Missing");
  expect(factor(called("Ann Min"), ["provider"], TODAY).word).toBe("No");
  expect(factor(called("Pat Pending"), ["front_desk"], TODAY).word).toBe("No");
  expect(factor(called("Olga Onetime"), ["clinical"], TODAY).word).toBe("No");
});
