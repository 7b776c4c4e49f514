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

async function open(): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "series", query: "" }));
}

/** A booking for Dmitri at a time that is free today, every week, so many times. */
async function wish(times: string): Promise<void> {
  await page.keyboard.press("b");
  await page.keyboard.type("dmi");
  await at("booking-found").first().waitFor();
  await page.keyboard.press("Enter");
  await at("booking-patient-chosen").waitFor();
  await at("booking-time").fill("11:00");
  await at("repeats").check();
  await at("repeats-times").fill(times);
  await page.keyboard.press("Enter");
  await at("series-visits").waitFor();
}

test("a series is looked over, what is taken is left out or takes a near time, and one undo takes all of it back", async () => {
  await open();
  await wish("6");
  expect(await page.locator('[data-testid="series-visits"] li').count()).toBe(6);
  const open_ = page.locator('[data-testid="series-visits"] li.out');
  const taken = await open_.count();
  expect(taken).toBeGreaterThan(0);
  expect(await at("series-go").textContent()).toContain(`Book ${6 - taken} visit`);
  await open_.first().locator('[data-testid="series-near"]').first().click();
  expect(await at("series-go").textContent()).toContain(`Book ${7 - taken} visit`);
  await at("series-go").click();
  await at("series-dialog").waitFor({ state: "detached" });
  await at("panel").getByText("every week").waitFor();
  await page.keyboard.press("Control+z");
  await expect.poll(() => at("notice").last().textContent()).toContain("took back");
});

test("a visit that repeats asks which are meant, and cancels or moves the one alone when that is said", async () => {
  await open();
  await wish("3");
  await at("series-go").click();
  await at("panel").getByText("every week").waitFor();
  await page.keyboard.press("c");
  await at("cancel-reason").fill("Healed");
  await page.keyboard.press("Enter");
  await at("scope-dialog").waitFor();
  expect(await at("scope").count()).toBe(3);
  await page.keyboard.press("2");
  await at("scope-dialog").waitFor({ state: "detached" });
  await expect.poll(() => at("panel").getAttribute("data-appointment")).toBeTruthy();
  await at("panel").getByText("Cancelled", { exact: false }).first().waitFor();
});

test("a visit that repeats moves alone, or with those after it, and one undo moves them back", async () => {
  await open();
  await wish("3");
  await page.locator('[data-testid="series-near"]', { hasText: "11:45" }).first().click();
  await at("series-go").click();
  await at("panel").getByText("every week").waitFor();
  const times = async () => (await at("panel").textContent())?.match(/\d{1,2}:\d{2}/)?.[0];
  const theirs = () => page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Testcase, Dmitri" }).evaluateAll((cards) => cards.map((card) => card.ariaLabel).join());
  const move = async (scope: string) => {
    await page.keyboard.press("m");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await at("scope-dialog").waitFor();
    await page.keyboard.press(scope);
    await at("scope-dialog").waitFor({ state: "detached" });
  };
  const before = await times();
  await move("1");
  await expect.poll(times).not.toBe(before);
  await page.keyboard.press("Control+z");
  await expect.poll(times).toBe(before);
  await move("2");
  await expect.poll(times).not.toBe(before);
  while ((await at("day-grid").getAttribute("data-date")) !== "2026-11-30") {
    const date = await at("day-grid").getAttribute("data-date");
    await page.keyboard.press("]");
    await page.locator(`[data-testid="day-grid"]:not([data-date="${date}"])`).waitFor();
  }
  await expect.poll(theirs).toContain("11:15–11:45 am");
  await page.keyboard.press("Control+z");
  await expect.poll(theirs).toContain("11:45 am–");
});

test("a visit that does not repeat asks nothing more", async () => {
  await open();
  await page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Sample, Elif" }).click();
  await page.keyboard.press("c");
  await at("cancel-reason").fill("Patient is ill");
  await page.keyboard.press("Enter");
  await at("freed").waitFor();
  expect(await at("scope-dialog").count()).toBe(0);
});
