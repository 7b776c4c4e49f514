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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "openings", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");

test("words find times, and Enter books at the one that has the keyboard", async () => {
  await open("");
  await page.keyboard.press("o");
  await page.keyboard.type("45 two mornings thu");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("8 am: Thu 3 Dec 8:00 am, Provider Two, MD");
  await page.keyboard.press("ArrowRight");
  await expect.poll(focused).toBe("8:45: Thu 3 Dec 8:45 am, Provider Two, MD");
  await page.keyboard.press("Enter");
  await at("openings").waitFor({ state: "detached" });
  await page.locator('[data-testid="day-grid"][data-date="2026-12-03"]').waitFor();
  expect(await at("booking-provider").inputValue()).toBe("p2");
  expect(await at("booking-time").inputValue()).toBe("8:45");
  expect(await at("booking-minutes").inputValue()).toBe("45");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("booking-patient");
});

test("the form shows how words were understood, and mends what was not meant", async () => {
  await open("");
  await page.keyboard.press("o");
  await at("openings-words").fill("20 afternoons fri purple");
  await expect.poll(() => at("openings-said").textContent()).toContain("Not understood: purple.");
  expect(await at("wish-minutes").inputValue()).toBe("20");
  expect(await at("wish-fri").getAttribute("aria-pressed")).toBe("true");
  await at("wish-fri").click();
  await at("wish-until").fill("24 nov");
  await at("wish-until").press("Enter");
  await expect.poll(() => at("found-day").count()).toBeGreaterThan(0);
  await expect.poll(async () => (await at("found-day").allTextContents()).every((row) => /2[34] Nov/.test(row))).toBe(true);
});

test("whom a booking is for goes along to the opening, and a search that is left changes nothing", async () => {
  await open("kept=here");
  await page.keyboard.press("b");
  await at("booking-patient").fill("marek");
  await at("booking-found").first().waitFor();
  await page.keyboard.press("Enter");
  await at("booking-time").fill("2:15");
  await page.keyboard.press("Alt+o");
  await at("openings").getByText("Example, Marek").waitFor();
  expect(await at("openings-words").inputValue()).toBe("30 min ");
  await page.keyboard.press("Escape");
  await at("openings").waitFor({ state: "detached" });
  expect(await at("booking-time").inputValue()).toBe("2:15");
  await page.keyboard.press("Alt+o");
  await at("found-start").first().waitFor();
  await page.locator('[data-testid="found-start"]', { hasText: "yours" }).first().click();
  expect(await at("booking-patient-chosen").textContent()).toContain("Example, Marek");
  expect(await at("booking-provider").inputValue()).toBe("p4");
});

test("a search that is refused says so, and one that finds nothing says how to go on", async () => {
  await open("fail=find_openings");
  await page.keyboard.press("o");
  await at("openings").getByRole("alert").waitFor();
  await close();
  await open("");
  await page.keyboard.press("o");
  await at("openings-words").fill("480");
  await at("found-nothing").waitFor();
});

test("who was chosen while time was sought is the one put on the waitlist", async () => {
  await open("");
  await page.keyboard.press("o");
  await at("found-start").first().waitFor();
  await at("openings-words").fill("45 mornings");
  await at("pick-patient").fill("dmi");
  await at("pick-found").first().waitFor();
  await page.keyboard.press("Enter");
  await at("openings").getByText("Testcase, Dmitri").waitFor();
  await at("openings-wait").click();
  await at("join-dialog").getByText("Testcase, Dmitri").waitFor();
  expect(await at("join-words").inputValue()).toBe("45 mornings");
});
