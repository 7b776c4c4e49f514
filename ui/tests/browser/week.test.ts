/** The schedule as a week and as a list: the same visits, and the same keys. */
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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "week", query }));
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const at = (name: string) => page.locator(`[data-testid="${name}"]`);
const card = (text: string) => at("card").filter({ hasText: text });
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-card") ?? document.activeElement?.getAttribute("data-testid"));
const title = async () => (await at("date-open").textContent())?.trim();
/** The date of the column in which a visit stands. */
const dateOf = (text: string) => card(text).first().evaluate((node) => node.closest("[data-testid=column]")?.getAttribute("data-date"));

async function week(whose = "p1"): Promise<void> {
  await press("w");
  await at("week-overview").waitFor();
  await press("s");
  await at("whose").selectOption(whose);
  await at("week-grid").waitFor();
}

test("one key shows the week and takes it back, on the same date", async () => {
  await open();
  await press("]");
  await page.locator('[data-testid="day-grid"][data-date="2026-11-24"]').waitFor();
  await press("w");
  await at("week-overview").waitFor();
  expect(await title()).toBe("23–29 November");
  await press("w");
  await page.locator('[data-testid="day-grid"][data-date="2026-11-24"]').waitFor();
});

test("from everyone's week Enter opens a provider's, or the day", async () => {
  await open();
  await press("w");
  await expect.poll(focused).toBe("overview-cell");
  await press("ArrowDown", "ArrowLeft");
  await expect.poll(focused).toBe("overview-provider");
  await press("Enter");
  await at("week-grid").waitFor();
  expect(await at("whose").inputValue()).toBe("p2");
  await at("whose").selectOption("");
  await at("overview-cell").nth(3).click();
  await page.locator('[data-testid="day-grid"][data-date="2026-11-26"]').waitFor();
});

test("arrows walk a week from day to day, and brackets from week to week", async () => {
  await open();
  await week();
  await at("week-grid").locator("[tabindex='0']").focus();
  await press("ArrowDown");
  const before = await focused();
  expect(before).toContain("2026-11-23-p1");
  await press("ArrowRight");
  await expect.poll(focused).toContain("2026-11-24-p1");
  await press("]");
  await expect.poll(title).toBe("30 November–6 December");
  expect(await at("week-grid").getAttribute("data-date")).toBe("2026-12-01");
  await press("t");
  await expect.poll(title).toBe("23–29 November");
});

test("a visit goes to another day of the week by key and by pointer, and can be taken back", async () => {
  await open();
  await week();
  await card("Testcase, Gwen").click();
  await press("m", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown");
  await at("ghost").waitFor();
  await press("Enter");
  await expect.poll(() => dateOf("Testcase, Gwen")).toBe("2026-11-25");
  await press("Control+z");
  await expect.poll(() => dateOf("Testcase, Gwen")).toBe("2026-11-23");

  const to = await page.locator('[data-testid="column"][data-date="2026-11-25"]').boundingBox();
  const from = await card("Testcase, Gwen").boundingBox();
  if (!to || !from) throw new Error("not in sight");
  await page.mouse.move(from.x + 30, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 40, from.y + 28, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => dateOf("Testcase, Gwen")).toBe("2026-11-25");
});

test("a free time of another day is booked there", async () => {
  await open();
  await week();
  await card("Testcase, Gwen").click();
  await press("ArrowRight", "Shift+ArrowUp", "Enter");
  await at("booking").waitFor();
  expect(await at("booking-date").inputValue()).toBe("Tue 24 Nov");
  expect(await at("booking-provider").inputValue()).toBe("p1");
});

test("a list is walked and worked by the same keys, and draws no more than is in sight", async () => {
  await open("providers=12&dense");
  await press("l");
  await expect.poll(focused).toBe("list-grid");
  await at("list-span-week").check({ force: true });
  await expect.poll(() => at("view-count").textContent()).toMatch(/,\d{3} booked/);
  expect(await at("list-row").count()).toBeLessThan(60);
  await press("l");
  await at("day-grid").waitFor();
  await press("l");
  await expect.poll(focused).toBe("list-grid");
  await press("End");
  const last = page.locator('[data-testid="list-row"][aria-selected="true"]');
  await expect.poll(() => last.getAttribute("data-card")).toContain("2026-11-28");
  expect(await at("list-grid").getAttribute("aria-activedescendant")).toBe(await last.getAttribute("id"));
  await press("a");
  await expect.poll(() => last.textContent()).toContain("Arrived");
  expect(await focused()).toBe("list-grid");
});

test("the lock keeps how the schedule was drawn", async () => {
  await open();
  await week("p2");
  await press("Escape", "Control+l");
  await at("lock-screen").waitFor();
  await page.keyboard.type("right");
  await press("Enter");
  await at("week-grid").waitFor();
  expect(await at("whose").inputValue()).toBe("p2");
});

test("a visit that is asked for from a chart is shown, though the week of another is", async () => {
  await open();
  await week("p2");
  await press("Control+k");
  await page.keyboard.type("otto");
  await at("palette-row").first().waitFor();
  await press("Enter");
  await at("chart").waitFor();
  await page.locator('[data-testid="chart-upcoming"] button').first().click();
  await at("panel").waitFor();
  expect(await at("panel").textContent()).toContain("Testcase, Otto");
  expect(await at("whose").inputValue()).toBe("p3");
});

test("a week that cannot be read says so, and the day is one key away", async () => {
  await open("fail=week");
  await press("w");
  await at("day-error").waitFor();
  await press("w");
  await at("day-grid").waitFor();
});
