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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "merging", query }));
}

const at = (id: string) => page.locator(`[data-testid="${id}"]`);

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function find(text: string, name: string): Promise<void> {
  await press("Control+k");
  await page.keyboard.type(text);
  await page.locator('[data-testid="palette-row"]', { hasText: name }).first().waitFor();
}

async function chartOf(text: string, name: string): Promise<void> {
  await find(text, name);
  await press("Enter");
  await page.locator('[data-testid="patient-name"]', { hasText: name }).waitFor();
}

test("two records of one person are merged by keyboard, found as one, and parted by one key", async () => {
  await open();
  await chartOf("dmitri test", "Testcase, Dmitri");
  await press("m");
  await at("merge-find").waitFor();
  await page.keyboard.type("sample ada");
  await at("merge-found").first().waitFor();
  await press("Enter");
  await at("merge-go").waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("name")), "the keyboard is where to go on").toMatch(/stays$/);
  expect(await at("merge-births").textContent()).toContain("Look twice");
  await at("merge-own").locator("input").check();
  expect(await at("merge-own").textContent()).toContain("This record stays");
  await at("merge-record_number-other").check();
  await press("Enter");
  await at("chart-merged").waitFor();
  expect(await at("chart-merged").textContent()).toContain("Sample, Ada");
  expect(await at("patient-number").first().textContent(), "the chosen value stays").toContain("004 225");
  await press("Control+k");
  await page.keyboard.type("sample, ada");
  await page.waitForFunction(() => document.querySelector('[data-testid="palette-row"], [data-testid="palette-none"]'));
  expect(await page.locator('[data-testid="palette-row"]', { hasText: "1984" }).count(), "one of them is no result any more").toBe(0);
  await press("Escape", "Control+z");
  await at("chart-merged").waitFor({ state: "detached" });
  await find("sample ada", "Sample, Ada");
});

test("a merge is taken apart from the chart, however it was begun", async () => {
  await open();
  await chartOf("dmitri test", "Testcase, Dmitri");
  await press("m");
  await at("merge-find").fill("sample ada");
  await page.locator('[data-testid="merge-found"]', { hasText: "1984" }).click();
  await at("merge-go").click();
  await at("apart").click();
  await at("apart-sure").click();
  await at("chart-merged").waitFor({ state: "detached" });
  await find("sample ada", "Sample, Ada");
});

test("a registration is taken back by one key, and nobody finds them", async () => {
  await open();
  await press("p");
  await at("patient-family").fill("Wrongly");
  await at("patient-given").fill("Written");
  await press("Enter");
  await at("patient-dialog").waitFor({ state: "detached" });
  await at("booking").waitFor();
  await press("Escape", "Control+z");
  await press("Control+k");
  await page.keyboard.type("wrongly");
  await at("palette-none").waitFor();
});
