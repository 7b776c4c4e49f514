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
const card = (name: string) => page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: name });
const held = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const gone = () => at("change-dialog").waitFor({ state: "detached" });

async function open(name: string, query = ""): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "changing", query }));
  await card(name).click();
  await page.keyboard.press("e");
  await at("change-room").waitFor();
}

test("a visit becomes another from the keyboard alone, no longer than it was, and that can be taken back", async () => {
  await open("Sample, Elif", "offline");
  expect(await held()).toBe("change-type");
  await page.keyboard.type("PX");
  expect(await at("change-length").textContent()).toContain("45 min");
  for (const key of ["Tab", "ArrowDown", "Tab", "Tab"]) await page.keyboard.press(key);
  await page.keyboard.type("Blood pressure");
  await page.keyboard.press("Enter");
  await gone();
  expect(await held(), "the keyboard is back on the day").toBe("card");
  expect(await at("notice").textContent()).toContain("changed to Physical, now in Room 1, for: Blood pressure");
  const facts = await at("panel").locator("dl").textContent();
  for (const said of ["Room 1", "Physical", "Blood pressure", "30 min"]) expect(facts).toContain(said);
  await page.keyboard.press("Control+z");
  await expect.poll(() => at("panel").locator("dl").textContent()).not.toContain("Room 1");
});

test("what was entered is left by Esc, and a wish that changes nothing changes nothing", async () => {
  await open("Sample, Elif");
  await at("change-reason").fill("Something else");
  await page.keyboard.press("Escape");
  await gone();
  expect(await held()).toBe("card");
  await page.keyboard.press("e");
  expect(await at("change-reason").inputValue()).toBe("");
  await page.keyboard.press("Enter");
  await gone();
  expect(await at("notice").count()).toBe(0);
});

test("a room or a stretch that is taken is refused, and given for a reason", async () => {
  await open("Sample, June");
  await at("change-room").selectOption("r2");
  await page.keyboard.press("Enter");
  await at("change-refusal").waitFor();
  expect(await at("change-refusal").textContent()).toContain("room");
  expect(await held()).toBe("change-overbook");
  expect(await at("change-go").isDisabled()).toBe(true);
  await at("change-room").selectOption("r3");
  expect(await at("change-refusal").count(), "it was of another wish").toBe(0);
  await at("change-room").focus();
  await at("change-room").selectOption("r2");
  await page.keyboard.press("Enter");
  await at("change-overbook").fill("Twins");
  await page.keyboard.press("Enter");
  await gone();
  expect(await at("panel").locator("dl").textContent()).toContain("Room 2");
  await card("Testcase, Kofi").click();
  await at("panel-change").click();
  await at("change-type").selectOption("PR");
  await at("change-fitted").check();
  await page.keyboard.press("Enter");
  await at("change-refusal").waitFor();
  await page.keyboard.press("Escape");
  await gone();
  expect(await held()).toBe("panel-change");
});

test("one who is in a room goes to another, and what is over stays what it was", async () => {
  await open("Example, Carla");
  await at("change-room").selectOption("");
  await page.keyboard.press("Enter");
  await gone();
  expect(await at("panel").locator("dl").textContent()).not.toContain("Room");
  await card("Sample, Bert").click();
  await at("panel-copy").waitFor();
  expect(await at("panel-change").count()).toBe(0);
  await page.keyboard.press("e");
  expect(await at("change-dialog").count()).toBe(0);
});
