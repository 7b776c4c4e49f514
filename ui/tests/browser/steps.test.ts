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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "steps", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const step = (name: string) => page.locator(`[data-step="status-${name}"]`);
const card = (name: string) => page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: name });

test("who says that they come is marked with one key, with when it was, and that can be taken back", async () => {
  await open();
  await card("Sample, Elif").click();
  await page.keyboard.press("y");
  await step("confirmed").waitFor();
  await expect.poll(() => step("confirmed").textContent()).toMatch(/Confirmed.*\d/);
  expect(await card("Sample, Elif").textContent()).toContain("Confirmed");
  await page.keyboard.press("y");
  expect(await at("notice").textContent(), "once is enough").toContain("confirmed");
  await page.keyboard.press("Control+z");
  await at("status-confirmed").waitFor();
  expect(await card("Sample, Elif").textContent()).not.toContain("Confirmed");
});

test("who goes from a room is done and gone, and who has not come can't have left", async () => {
  await open();
  await card("Sample, Elif").click();
  expect(await at("status-left").isDisabled()).toBe(true);
  await card("Example, Carla").click();
  await page.keyboard.press("q");
  await step("left").waitFor();
  expect(await card("Example, Carla").getAttribute("data-status")).toBe("fulfilled");
  await expect.poll(() => card("Example, Carla").textContent()).toContain("Left");
  await page.keyboard.press("Control+z");
  await at("status-left").waitFor();
  expect(await card("Example, Carla").getAttribute("data-status")).toBe("checked-in");
});

test("the history is told in sentences, with what is not known, and gives the keyboard back", async () => {
  await open("untold");
  await card("Testcase, Dmitri").click();
  await page.keyboard.press("h");
  await at("history-dialog").waitFor();
  const told = await at("history-line").allTextContents();
  expect(told[0]).toContain("Fran Desk noted that the patient had arrived, on 23 Nov at 9:52 at this computer: “7 min late, traffic”.");
  expect(await at("history-untold").textContent()).toContain("not known on this computer");
  await page.keyboard.press("q");
  await page.keyboard.press("Escape");
  await at("history-dialog").waitFor({ state: "detached" });
  expect(await card("Testcase, Dmitri").getAttribute("data-status"), "a key acts on no visit behind it").toBe("arrived");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("card");
});
