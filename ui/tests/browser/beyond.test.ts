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

async function open(query: string): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "beyond", query }, {}));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);

test("a day beyond what is kept here comes from the host by itself, and says so when it can not", async () => {
  await open("horizon");
  await at("card").first().waitFor();
  expect(await at("beyond").count()).toBe(0);
  await page.keyboard.press("]");
  await at("beyond").filter({ hasText: "came from the host at" }).waitFor();
  await close();
  await open("horizon&offline");
  await at("card").first().waitFor();
  await page.keyboard.press("]");
  await at("beyond-fetch").click();
  await at("beyond-refusal").waitFor();
  expect(await at("beyond").textContent()).toContain("This computer keeps 365 days back and 90 days ahead.");
});

test("a chart says what of it is not kept here", async () => {
  await open("horizon&offline");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("dmi");
  await at("palette-row").first().waitFor();
  await page.keyboard.press("Enter");
  await at("chart").waitFor();
  expect(await at("beyond").textContent()).toContain("allergies, medications and immunizations are all here");
});
