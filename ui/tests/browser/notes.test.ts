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
const lines = (section: string) => at(section).locator('[data-testid="chart-open"]');
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

async function openChart(query: string): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "notes", query }));
  await page.keyboard.press("Control+k");
  await at("palette-input").fill("dmi");
  await at("palette-row").first().waitFor();
  await page.keyboard.press("Enter");
  await at("chart").waitFor();
}

test("a note is opened, read and left by keyboard, with whose it is in sight", async () => {
  await openChart("");
  await lines("chart-notes").first().focus();
  await page.keyboard.press("Enter");
  await at("note-facts").waitFor();
  const dialog = at("note-read");
  for (const part of ["Progress note", "Testcase, Dmitri", "14 Mar 1961", "No. ", "Provider One, MD", "24 Aug 2026, 9:58 am"]) expect(await dialog.textContent()).toContain(part);
  expect(await at("note-said").textContent()).toContain("BP 132/80");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("What it says");
  await page.keyboard.press("Escape");
  expect(await dialog.count()).toBe(0);
  expect(await focused()).toBe("chart-open");
  expect(await at("chart").count()).toBe(1);
});

test("of what can't be shown it is said what it is", async () => {
  await openChart("");
  await lines("chart-documents").first().click();
  await at("note-facts").waitFor();
  expect(await at("note-unsaid").allTextContents()).toEqual(["Shown as plain text: pictures, colours and the lines of tables are left out.", "This is a PDF file of 240 KB. Such a file can't be shown here."]);
  await page.keyboard.press("Escape");
  await lines("chart-documents").nth(1).click();
  await at("note-unsaid").waitFor();
  expect(await at("note-said").count()).toBe(0);
});

test("a note is written by keyboard alone, stands first in the chart and is taken back by one key", async () => {
  await openChart("role=provider&offline");
  await page.keyboard.press("n");
  await at("note-text").waitFor();
  expect(await focused()).toBe("note-text");
  await page.keyboard.press("Control+Enter");
  expect(await at("note-write").getByRole("alert").textContent()).toBe("Write something first.");
  await page.keyboard.type("S: <b>well</b>\nA: كل شيء جيد");
  await page.keyboard.press("Control+Enter");
  await at("undo").waitFor();
  expect(await at("note-write").count()).toBe(0);
  expect(await lines("chart-notes").first().textContent()).toContain("Not confirmed yet");
  expect(await lines("chart-notes").count()).toBe(3);
  await lines("chart-notes").first().click();
  await at("note-provisional").waitFor();
  expect(await at("note-said").textContent()).toBe("S: <b>well</b>\nA: كل شيء جيد");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="chart-notes"] [data-testid="chart-open"]').length === 2);
});

test("what is half written outlives its dialog, another chart and the lock, and only a second word throws it away", async () => {
  await openChart("role=provider");
  await page.keyboard.press("n");
  await page.keyboard.type("Half a thought");
  await page.keyboard.press("Escape");
  expect(await at("chart-note").textContent()).toContain("Go on with the note");
  await page.keyboard.press("Control+k");
  await at("palette-input").fill("kofi");
  await at("palette-row").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="chart"]:not([data-patient="pat-1"])').waitFor();
  expect(await at("chart-note").textContent()).toContain("Write a note");
  await page.keyboard.press("n");
  expect(await at("note-text").inputValue()).toBe("");
  await page.keyboard.type("Of somebody else");
  await page.keyboard.press("Control+l");
  await at("lock-screen").waitFor();
  expect(await page.content()).not.toContain("thought");
  await page.keyboard.type("right");
  await page.keyboard.press("Enter");
  await at("note-text").waitFor();
  expect(await at("note-text").inputValue()).toBe("Of somebody else");
  expect(await at("note-write").textContent()).toContain("Testcase, Kofi");
  await at("note-throw").click();
  expect(await at("note-text").inputValue()).toBe("Of somebody else");
  await at("note-throw-sure").click();
  expect(await at("note-write").count()).toBe(0);
  await page.keyboard.press("Control+k");
  await at("palette-input").fill("dmi");
  await at("palette-row").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="chart"][data-patient="pat-1"]').waitFor();
  await page.keyboard.press("n");
  expect(await at("note-text").inputValue()).toBe("Half a thought");
});

test("who writes no notes has neither the button nor the key", async () => {
  await openChart("role=admin");
  expect(await at("chart-note").count()).toBe(0);
  await page.keyboard.press("n");
  expect(await at("note-write").count()).toBe(0);
});
