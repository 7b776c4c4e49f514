import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";

let browser: Browser;
let page: Page;
let complaints: string[];
let close: () => Promise<void>;

beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());
afterEach(async () => {
  expect(complaints).toEqual([]);
  await close();
});

async function open(query = "role=admin"): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "members", query }));
  await page.keyboard.press("5");
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const row = (id: string) => page.locator(`[data-member="${id}"]`);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const standing = (id: string) => row(id).locator('[data-testid="member-standing"]').innerText();
const factor = (id: string) => row(id).locator('[data-testid="member-factor"]').innerText();

async function change(id: string): Promise<void> {
  await row(id).locator('[data-testid="member-change"]').focus();
  await page.keyboard.press("Enter");
  await at("member-dialog").waitFor();
}

test("by keyboard alone a member is stopped after one question, and let work again", async () => {
  await open();
  await at("members-table").waitFor();
  await change("m1");
  await at("act-stop").focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("member-comment");
  expect(await at("member-dialog").innerText()).toContain("Stop Fran Desk?");
  await page.keyboard.type("has left");
  await page.keyboard.press("Enter");
  await expect.poll(() => standing("m1")).toContain("Stopped");
  expect(await at("members-said").innerText()).toBe("Fran Desk is stopped.");
  await expect.poll(focused, { message: "the keyboard stays in the row" }).toBe("member-change");
  await change("m1");
  expect(await at("act-link").isDisabled(), "no mail to somebody who is stopped").toBe(true);
  await at("act-start").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(() => standing("m1")).toContain("Works");
});

test("no column moves when what stands in it becomes shorter", async () => {
  await open();
  await at("members-table").waitFor();
  const columns = () => at("members-table").locator("thead tr > *").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  const before = await columns();
  const nurse = at("member").filter({ hasText: "Nia Nurse" });
  expect(await nurse.innerText()).toContain("link for a new password");
  await nurse.locator("button").click();
  await at("act-stop").click();
  await at("member-go").click();
  await expect.poll(() => nurse.innerText()).toContain("Stopped");
  expect(await columns()).toEqual(before);
});

test("Back leaves the question and nothing is done, Escape closes", async () => {
  await open();
  await change("m6");
  await at("act-factor").click();
  expect(await at("member-dialog").innerText()).toContain("Be sure that it is they who ask");
  await at("member-back").click();
  await expect.poll(focused).toBe("act-factor");
  expect(await factor("m6")).toContain("Yes");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("member-change");
  await change("m6");
  await at("act-factor").click();
  await at("member-go").click();
  await expect.poll(() => factor("m6")).toContain("No");
});

test("a role is changed, and to the role they have nobody is changed", async () => {
  await open();
  await change("m4");
  await at("act-role").click();
  expect(await at("member-go").isDisabled()).toBe(true);
  await at("member-role").selectOption("front_desk");
  await at("member-go").click();
  await expect.poll(() => row("m4").innerText()).toContain("Front desk");
});

test("the last admin's role and work can't be taken away, and the dialog says why", async () => {
  await open("role=admin&alone");
  await change("m3");
  for (const act of ["role", "stop"]) {
    expect(await at(`act-${act}`).isDisabled()).toBe(true);
    expect(await at(`act-${act}-why`).innerText()).toContain("The practice’s only admin. Make somebody else admin first.");
  }
  expect(await at("act-out").isEnabled()).toBe(true);
  await at("act-out").click();
  expect(await at("member-self").innerText()).toContain("This is you.");
});

test("somebody is invited, and a host without mail says who can add them", async () => {
  await open();
  await at("members-invite").click();
  await expect.poll(focused).toBe("invite-name");
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="invite-name"][aria-invalid="true"]').waitFor();
  await at("invite-name").fill("Newman Newly");
  await at("invite-email").fill("nomail@fictional.example");
  await at("invite-role").selectOption("provider");
  await at("invite-practitioner").selectOption({ index: 1 });
  await page.keyboard.press("Enter");
  await at("invite-go").click();
  await at("invite-refusal").waitFor();
  expect(await at("invite-refusal").innerText()).toContain("This host sends no mail.");
  await at("invite-email").fill("newman@fictional.example");
  await page.keyboard.press("Enter");
  await at("invite-dialog").waitFor({ state: "detached" });
  expect(await at("members-said").innerText()).toContain("Newman Newly is invited.");
  await expect.poll(() => at("members-table").innerText()).toContain("newman@fictional.example");
  await expect.poll(focused).toBe("members-invite");
});

test("the list says who has a second factor, and whose link has run out", async () => {
  await open("role=admin&wants=front_desk");
  expect(await factor("m6")).toContain("since 9 Mar");
  expect(await factor("m1")).toContain("Missing");
  expect(await factor("m2")).toContain("No");
  expect(await standing("m5")).toContain("link good until 25 Nov, 4:05 pm");
  expect(await standing("m8")).toContain("the link has run out");
});

test("without the host the page says so and keeps what was read; the front desk has no such page", async () => {
  await open("role=admin&offline");
  await at("members-refusal").waitFor();
  expect(await at("members-refusal").innerText()).toContain("The list of members is kept by the host, which can't be reached now.");
  expect(await at("members-invite").count()).toBe(0);
  await close();
  await open("");
  expect(await at("members-page").count()).toBe(0);
  expect(await at("nav-members").count()).toBe(0);
});
