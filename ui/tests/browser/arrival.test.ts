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

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const card = (name: string) => at("card").filter({ hasText: name }).first();
const status = (name: string) => card(name).getAttribute("data-status");

/** The alerts have the keyboard. */
const asked = () => page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "alerts-seen");

/** Kofi is allergic to sulfonamides, and is due. */
async function open(query = ""): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "arrival", query }));
  await card("Testcase, Kofi").click();
  await at("panel").waitFor();
}

test("whoever arrives with alerts has them seen with Enter before anything else is done", async () => {
  await open();
  await page.keyboard.press("a");
  await at("alerts-seen").waitFor();
  await asked();
  await page.keyboard.press("r");
  await asked();
  expect(await status("Testcase, Kofi")).toBe("arrived");
  await page.keyboard.press("Enter");
  await at("alerts-seen").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.closest("[data-card]")?.textContent?.includes("Testcase, Kofi"));
  await page.keyboard.press("r");
  await page.locator('[data-testid="card"][data-status="checked-in"]').filter({ hasText: "Testcase, Kofi" }).waitFor();
});

test("a key pressed as soon as the arrival shows does not pass the alerts", async () => {
  await open("slow=200");
  await page.keyboard.press("a");
  await page.locator('[data-testid="card"][data-status="arrived"]').filter({ hasText: "Testcase, Kofi" }).waitFor();
  await page.keyboard.press("r");
  await asked();
  expect(await status("Testcase, Kofi")).toBe("arrived");
});

test("alerts that nobody has seen are asked about after a lock too", async () => {
  await open();
  await page.keyboard.press("a");
  await at("alerts-seen").waitFor();
  await page.keyboard.press("Control+l");
  await at("lock-password").fill("right");
  await page.keyboard.press("Enter");
  await at("panel").waitFor();
  await at("alerts-seen").waitFor();
});

test("who is put in a room without having arrived has alerts to be seen too", async () => {
  await open();
  await page.keyboard.press("r");
  await at("alerts-seen").waitFor();
  await page.keyboard.press("d");
  await asked();
  expect(await status("Testcase, Kofi")).toBe("checked-in");
});

test("alerts that were passed over are asked about when the visit is selected again", async () => {
  await open();
  await page.keyboard.press("a");
  await at("alerts-seen").waitFor();
  await card("Sample, Elif").click();
  await at("alerts-seen").waitFor({ state: "detached" });
  await card("Testcase, Kofi").click();
  await at("alerts-seen").waitFor();
});
