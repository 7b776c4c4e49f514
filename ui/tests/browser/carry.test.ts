/** Visits that become longer, are booked again, or wait on the pinboard for another day. */
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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "carry", query }));
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const at = (name: string) => page.locator(`[data-testid="${name}"]`);
const card = (text: string) => page.locator("[data-testid=sheet] [data-testid=card], [data-testid=week-grid] [data-testid=card]").filter({ hasText: text });
const spoken = (text: string) => card(text).getAttribute("aria-label");
const day = (date: string) => page.locator(`[data-testid="day-grid"][data-date="${date}"]`);

/** Presses on one place and lets go on another. */
async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

test("the lower edge of a visit makes it longer, and that can be taken back", async () => {
  await open();
  await card("Sample, Elif").scrollIntoViewIfNeeded();
  const box = await card("Sample, Elif").boundingBox();
  if (!box) throw new Error("not in sight");
  const x = box.x + box.width / 2;
  await drag({ x, y: box.y + box.height - 2 }, { x, y: box.y + box.height - 2 + (box.height + 2) / 2 });
  await expect.poll(() => spoken("Sample, Elif")).toContain("10:30–11:15 am");
  await press("Control+z");
  await expect.poll(() => spoken("Sample, Elif")).toContain("10:30–11:00 am");
});

test("while it is moved by key, Alt with an arrow changes its length, and no visit takes less than five minutes", async () => {
  await open();
  await card("Sample, Elif").click();
  await press("m", "Alt+ArrowDown");
  expect(await at("move-panel").textContent()).toContain("45 min long");
  await press("Enter");
  await expect.poll(() => spoken("Sample, Elif")).toContain("10:30–11:15 am");
  await press("m", ...Array<string>(6).fill("Alt+ArrowUp"));
  expect(await at("move-panel").textContent()).toContain("5 min long");
  await press("Escape");
  expect(await spoken("Sample, Elif")).toContain("10:30–11:15 am");
});

test("a copy is a booking with the same patient, reason and length, and takes no half-typed one away", async () => {
  await open();
  await card("Testcase, Gwen").click();
  await press("k");
  expect(await at("booking-patient-chosen").textContent()).toContain("Testcase, Gwen");
  expect(await at("booking-reason").inputValue()).toBe("Physical");
  expect(await at("booking-minutes").inputValue()).toBe("45");
  await press("Escape");
  await card("Sample, Elif").click();
  await press("k");
  await page.getByText("A booking is half typed").waitFor();
});

test("a pinned visit stays where it is until it is set down on another day, and the pinboard outlives a lock", async () => {
  await open();
  await card("Sample, Elif").click();
  await press("x");
  expect(await at("pin").textContent()).toContain("Sample, Elif Today 10:30 am · 30 min");
  await press("]");
  await day("2026-11-24").waitFor();
  await press("Control+l");
  await at("lock-screen").waitFor();
  expect(await page.content()).not.toContain("Elif");
  await page.keyboard.type("right");
  await press("Enter");
  await day("2026-11-24").waitFor();
  await at("pin").waitFor();
  await press("j");
  await at("ghost").waitFor();
  expect(await at("move-panel").textContent()).toContain("Tuesday 24 November");
  await press(...Array<string>(14).fill("ArrowUp"), "Enter");
  await expect.poll(() => spoken("Sample, Elif")).toContain("7:00–7:30 am");
  expect(await at("pins").count()).toBe(0);
  await press("[");
  await day("2026-11-23").waitFor();
  expect(await card("Sample, Elif").count()).toBe(0);
});

test("a pinned visit is set down by the pointer, and one that is unpinned stays", async () => {
  await open();
  for (const name of ["Testcase, Gwen", "Sample, Elif"]) {
    await card(name).click();
    await press("x");
  }
  await at("unpin").first().click();
  expect(await at("pin").count()).toBe(1);
  await press("]");
  await day("2026-11-24").waitFor();
  const chip = await at("pin").boundingBox();
  const lunch = await page.locator("[data-testid=sheet] [data-testid=column][data-practitioner=p2] .block").first().boundingBox();
  if (!chip || !lunch) throw new Error("not in sight");
  await drag({ x: chip.x + 20, y: chip.y + 10 }, { x: lunch.x + 30, y: lunch.y + 12 });
  await expect.poll(() => spoken("Sample, Elif")).toContain("12:00–12:30 pm");
  expect(await card("Sample, Elif").evaluate((node) => node.closest("[data-testid=column]")?.getAttribute("data-practitioner"))).toBe("p2");
  expect(await at("pins").count()).toBe(0);
});
