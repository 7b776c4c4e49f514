/** Views that a member keeps on function keys, and the columns of the day. */
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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "views", query }));
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const at = (name: string) => page.locator(`[data-testid="${name}"]`);
const columns = () => page.locator("[data-testid=sheet] [data-testid=column]").evaluateAll((all) => all.map((one) => one.getAttribute("data-practitioner")));

test("Shift with a function key keeps what is shown, the key brings it back, and the menu names it", async () => {
  await open();
  await press("w");
  await at("week-overview").waitFor();
  await at("whose").selectOption("p2");
  await at("week-grid").waitFor();
  await press("Escape", "Shift+F3", "w");
  await at("day-grid").waitFor();
  await press("F3");
  await at("week-grid").waitFor();
  expect(await at("whose").inputValue()).toBe("p2");
  await press("w");
  await at("day-grid").waitFor();
  await press("v");
  expect(await at("view-show").textContent()).toBe("F3Week, Provider Two, MD");
  await press("Enter");
  await at("week-grid").waitFor();
  expect(await at("views-menu").count()).toBe(0);
});

test("a key that has nothing says how to give it something", async () => {
  await open();
  await press("F7");
  await page.getByText("Shift with F7 keeps what is shown").waitFor();
});

test("the day shows the columns that were chosen, in their order, and says how many are not shown", async () => {
  await open();
  await press("v");
  await at("column-p1").uncheck();
  await at("column-right-p2").click();
  await expect.poll(columns).toEqual(["p3", "p2", "p4"]);
  await at("view-name").fill("Without One");
  await press("Enter");
  await at("show-all-columns").click();
  await expect.poll(columns).toEqual(["p1", "p2", "p3", "p4"]);
  await press("F2");
  await expect.poll(columns).toEqual(["p3", "p2", "p4"]);
  expect(await at("show-all-columns").textContent()).toContain("1 provider not shown");
});

test("what is typed into a view's name acts on no visit, and Esc gives the keyboard back", async () => {
  await open();
  await press("v");
  await at("view-name").fill("");
  await page.keyboard.type("wl7");
  expect(await at("view-name").inputValue()).toBe("wl7");
  await press("Escape");
  expect(await at("views-menu").count()).toBe(0);
  await at("day-grid").waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("card");
});
