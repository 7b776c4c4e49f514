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

async function open(): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "odd", query: "odd" }));
}

const at = (id: string) => page.locator(`[data-testid="${id}"]`);

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Nothing is wider than the window. */
const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

test("eighty visits at one minute, none of a length and one of 26 hours are a day that can be walked, listed and printed", async () => {
  await open();
  await at("more").first().waitFor();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"]) await press(key);
  await press("Escape");
  expect(await fits()).toBe(true);
  await press("l");
  await page.getByText("Over a day and more").first().waitFor();
  expect(await fits()).toBe(true);
  await press("l", "w");
  await at("week-overview").waitFor();
  await press("s");
  await at("whose").selectOption("p2");
  await at("week-grid").waitFor();
  await page.getByText("Over a day and more").first().waitFor();
  expect(await fits()).toBe(true);
  await at("whose").blur();
  await press("w");
  await at("day-grid").waitFor();
  await page.evaluate(() => {
    window.print = () => void document.body.setAttribute("data-printed", document.querySelector("[data-testid=print-sheet]")?.textContent ?? "");
  });
  await press("Control+p");
  await page.locator("body[data-printed]").waitFor({ state: "attached" });
  expect(await page.getAttribute("body", "data-printed")).toContain("Over a day and more");
});

test("eighty visits at one minute are as many as can be read, and each is reached by key, by arrows and from the list of all", async () => {
  await open();
  await at("more").waitFor();
  const widths = await at("sheet").locator('[data-testid="card"], [data-testid="more"]').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().width));
  expect(Math.min(...widths)).toBeGreaterThan(32);
  expect(await at("more").textContent()).toMatch(/^\s*\+7\d\s*$/);
  await at("card").first().click();
  await at("more").focus();
  await press("Enter");
  await at("crowd-dialog").waitFor();
  expect(await at("crowd-visit").count()).toBeGreaterThanOrEqual(80);
  expect(await at("crowd-visit").filter({ hasText: "Ab".repeat(100) }).count(), "whole names").toBeGreaterThan(10);
  await press("End");
  const last = await page.evaluate(() => document.activeElement?.textContent ?? "");
  await press("Enter");
  await at("crowd-dialog").waitFor({ state: "detached" });
  const held = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset["card"] ?? "");
  expect(last.length).toBeGreaterThan(0);
  expect(await at("panel").getAttribute("data-appointment")).toBe(await held());
  const met = new Set<string>();
  for (let n = 0; n < 90; n++) {
    met.add(await held());
    await press("ArrowUp");
  }
  expect([...met].filter((id) => /^odd-.*-([0-9]|[1-7][0-9])$/.test(id))).toHaveLength(80);
  await at("more").click();
  await at("crowd-visit").nth(40).click();
  await expect.poll(held).toMatch(/^odd-/);
  expect(await fits()).toBe(true);
});

test("names, dates and phones of anywhere stand in the palette, the chart, the panel and the form", async () => {
  await open();
  for (const typed of ["abab", "نموذج", "ตัวอย่าง", "🙂", "reversed", "#"]) {
    await press("Control+k");
    await at("palette-input").fill(typed);
    await at("palette-row").first().waitFor();
    expect(await fits(), typed).toBe(true);
    await press("Enter");
    await at("chart").waitFor();
    expect(await fits(), typed).toBe(true);
    await press("e");
    await at("patient-family").waitFor();
    await press("Escape", "1");
    await at("day-grid").waitFor();
  }
  await at("card").first().click();
  await at("patient-name").waitFor();
  expect(await fits()).toBe(true);
});

test("a right-to-left mark in a name turns nothing but the name", async () => {
  await open();
  await press("Control+k");
  await at("palette-input").fill("reversed");
  const row = at("palette-row").first();
  await row.waitFor();
  const [name, number] = await row.evaluate((one) => [...one.children].map((cell) => cell.getBoundingClientRect().left).filter((_, i) => i === 0 || i === 3));
  expect(name, "the number stays to the right of the name").toBeLessThan(number ?? 0);
});
