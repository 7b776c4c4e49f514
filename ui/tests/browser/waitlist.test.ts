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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "waitlist", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const lines = () => at("waitlist-line").count();

test("time that a cancelled visit leaves is offered to whom it suits, and one key books it; undo gives the place back", async () => {
  await open("");
  await page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Sample, Elif" }).click();
  await page.keyboard.press("c");
  await at("cancel-reason").fill("Patient is ill");
  await page.keyboard.press("Enter");
  await at("freed").waitFor();
  await page.keyboard.press("u");
  await at("offer").nth(1).waitFor();
  expect(await at("offer").first().textContent()).toContain("(555) 010-0154");
  await page.keyboard.press("1");
  await at("offers-dialog").waitFor({ state: "detached" });
  expect(await at("panel").textContent()).toContain("Example, Marek");
  expect(await at("freed").count()).toBe(0);
  await page.keyboard.press("7");
  await at("waitlist-table").waitFor();
  expect(await lines()).toBe(4);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("1");
  await page.keyboard.press("7");
  await expect.poll(lines).toBe(5);
});

test("who would come sooner is put on the list and taken off it by keyboard, and comes back", async () => {
  await open("");
  await page.keyboard.press("7");
  await at("waitlist-table").waitFor();
  await page.keyboard.press("a");
  await page.keyboard.type("dmi");
  await at("pick-found").first().waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("join-words");
  await page.keyboard.type("45 mornings");
  await expect.poll(() => at("join-said").textContent()).toContain("45 min with any provider, mornings");
  await page.keyboard.press("Enter");
  await at("join-dialog").waitFor({ state: "detached" });
  await expect.poll(lines).toBe(6);
  await at("waitlist-line").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  await at("leave-reason").fill("Came another day");
  await page.keyboard.press("Enter");
  await expect.poll(lines).toBe(5);
  await page.keyboard.press("Control+z");
  await expect.poll(lines).toBe(6);
});

test("time is found for one of the list, and becomes their visit", async () => {
  await open("");
  await page.keyboard.press("7");
  await at("waitlist-table").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("waitlist-line");
  await page.keyboard.press("Enter");
  await at("openings").getByText("Example, Marek").waitFor();
  await at("found-start").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await at("openings").waitFor({ state: "detached" });
  await at("panel").getByText("Example, Marek").waitFor();
});

test("a list that cannot be read says so, and an empty one says what it is for", async () => {
  await open("fail=waitlist");
  await page.keyboard.press("7");
  await at("waitlist").getByRole("alert").waitFor();
  await close();
  await open("nobody_waits");
  await page.keyboard.press("7");
  await at("waitlist-empty").waitFor();
});
