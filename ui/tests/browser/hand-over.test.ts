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

async function open(query = ""): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "hand-over", query }));
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const atWork = () => at("nav-me").getAttribute("aria-label");

/** One key, a few letters, the password: what the next member does. */
async function handOverTo(letters: string, password = "right"): Promise<void> {
  await press("Control+Shift+L");
  await at("member-picker").waitFor();
  await expect.poll(focused).toBe("picker-input");
  await page.keyboard.type(letters);
  await press("Enter");
  await expect.poll(focused).toBe("lock-password");
  await page.keyboard.type(password);
  await press("Enter");
}

test("the next member types their name and password, and comes to a desk of their own", async () => {
  await open();
  await at("card").filter({ hasText: "Testcase, Dmitri" }).first().click();
  await at("panel").waitFor();
  await handOverTo("nia");
  await at("day-grid").waitFor();
  expect(await atWork()).toContain("Nia Nurse, RN");
  expect(await at("panel").count(), "the patient of the member before is not offered").toBe(0);
});

test("a hand-over from within a field leaves no patient on the screen, and nobody is chosen", async () => {
  await open();
  await press("b");
  await page.keyboard.type("carla");
  await at("booking-found").first().waitFor();
  await press("Control+Shift+L");
  await at("member-picker").waitFor();
  const left = await page.content();
  for (const name of ["Testcase", "Sample,", "Carla"]) expect(left).not.toContain(name);
  expect(await at("lock-password").count()).toBe(0);
  await press("Escape");
  expect(await at("lock-password").count(), "there is nobody to go back to").toBe(0);
});

test("whoever comes next learns whose booking waits here, and nothing of it", async () => {
  await open();
  await press("b");
  await page.keyboard.type("carla");
  await at("booking-found").first().waitFor();
  await press("Enter");
  await at("booking-reason").fill("Zweifelhaft");
  await handOverTo("nia");
  await at("notice").waitFor();
  expect(await at("notice").textContent()).toContain("Fran Desk left a booking unfinished on this computer. Only they can see it.");
  expect(await page.content()).not.toContain("Zweifelhaft");
  await handOverTo("fran");
  await at("booking-reason").waitFor();
  expect(await at("booking-reason").inputValue()).toBe("Zweifelhaft");
});

test("arrows and Enter choose as well, and whoever left comes last", async () => {
  await open();
  await press("Control+Shift+L");
  await at("member-picker").waitFor();
  const names = await page.locator('[role="option"]').allTextContents();
  expect(names.map((name) => name.replace(/\s+/g, " ").trim()).at(-1)).toContain("Fran Desk");
  await press("ArrowDown", "Enter");
  await expect.poll(focused).toBe("lock-password");
  await page.keyboard.type("right");
  await press("Enter");
  await at("day-grid").waitFor();
  expect(await atWork()).toContain("Ann Min");
});

test("the lock offers its own member, and the others are one key away", async () => {
  await open("phase=locked");
  await expect.poll(focused).toBe("lock-password");
  await page.keyboard.type("half a pass");
  await press("Control+Shift+L");
  await expect.poll(focused).toBe("picker-input");
  await press("Escape");
  await expect.poll(focused).toBe("lock-password");
  expect(await at("lock-password").inputValue(), "a password belongs to who began it").toBe("");
  await page.keyboard.type("right");
  await press("Enter");
  await at("day-grid").waitFor();
  expect(await atWork()).toContain("Fran Desk");
});

test("somebody who was never here comes in by their address", async () => {
  await open();
  await handOverTo("tom@fictional.example", "wrong");
  await at("lock-refusal").waitFor();
  expect(await at("lock-address").textContent()).toBe("tom@fictional.example");
  await page.keyboard.type("right");
  await press("Enter");
  await at("day-grid").waitFor();
  expect(await atWork()).toContain("Tom Temp");
});
