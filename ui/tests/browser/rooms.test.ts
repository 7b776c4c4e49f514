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
const column = (id: string) => page.locator(`[data-testid="sheet"] [data-testid="column"][data-practitioner="${id}"]`);
const card = (name: string) => page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: name });
const columnOf = (name: string) => card(name).evaluate((node) => node.closest("[data-practitioner]")?.getAttribute("data-practitioner"));

/** The day by rooms. */
async function open(): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "rooms", query: "" }));
  await page.keyboard.press("v");
  await at("columns-of-rooms").check({ force: true });
  await column("r1").waitFor();
  await page.keyboard.press("Escape");
}

test("the day has a column for each room, a view keeps that, and its key brings it back", async () => {
  await open();
  expect(await at("column").count()).toBe(4);
  expect([await columnOf("Testcase, Gwen"), await columnOf("Example, Carla"), await columnOf("Sample, Elif")]).toEqual(["r1", "r2", ""]);
  await page.keyboard.press("Shift+F2");
  await page.keyboard.press("v");
  await at("columns-of-providers").check({ force: true });
  await column("p1").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("F2");
  await column("r1").waitFor();
});

test("a visit is carried from room to room by key and by pointer, and stays with its provider", async () => {
  await open();
  await card("Testcase, Gwen").click();
  for (const key of ["m", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  await expect.poll(() => columnOf("Testcase, Gwen")).toBe("r2");
  expect(await at("panel").textContent()).toContain("Provider One, MD");
  const from = (await card("Testcase, Gwen").boundingBox()) as NonNullable<Awaited<ReturnType<ReturnType<typeof card>["boundingBox"]>>>;
  const to = (await column("r3").boundingBox()) as typeof from;
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, from.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => columnOf("Testcase, Gwen")).toBe("r3");
  expect(await at("panel").textContent()).toContain("Provider One, MD");
  await page.keyboard.press("Control+z");
  await expect.poll(() => columnOf("Testcase, Gwen")).toBe("r2");
});

test("free time of a room is found by key, and a booking from there is into that room", async () => {
  await open();
  await card("Testcase, Gwen").click();
  await page.keyboard.press("Shift+ArrowDown");
  expect(await at("slot").textContent()).toContain("2:45");
  await page.keyboard.press("b");
  expect(await at("booking-room").inputValue()).toBe("r1");
  expect(await at("booking-provider").inputValue()).toBe("p1");
  await at("booking-patient").fill("marek");
  await at("booking-found").first().waitFor();
  await page.keyboard.press("Enter");
  await at("booking-time").fill("4:15");
  await page.keyboard.press("Enter");
  await at("panel").getByText("Room 1").waitFor();
  expect(await page.locator('[data-testid="sheet"] [data-testid="column"][data-practitioner="r1"] [data-testid="card"]').count()).toBe(2);
});

test("what comes with a provider is booked with that provider, and a pinned visit keeps its room until it is carried", async () => {
  await open();
  await page.keyboard.press("o");
  const nurse = at("found-day").filter({ hasText: "Nurse visits" }).first();
  await nurse.locator('[data-testid="found-start"]').first().click();
  await at("booking").waitFor();
  expect(await at("booking-provider").inputValue()).toBe("p4");
  await page.keyboard.press("Escape");
  await card("Testcase, Gwen").click();
  for (const key of ["x", "j"]) await page.keyboard.press(key);
  await at("move-panel").waitFor();
  expect(await at("move-room").inputValue()).toBe("r1");
});
