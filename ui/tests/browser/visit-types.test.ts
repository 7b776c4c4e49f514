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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "visit-types", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const card = (name: string) => page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: name });

async function type(text: string): Promise<void> {
  await at("booking-type").focus();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

test("typing chooses a type, its length follows and may be another, and a copy keeps both", async () => {
  await open();
  await page.keyboard.press("b");
  await at("booking-patient").fill("marek");
  await at("booking-found").first().waitFor();
  await page.keyboard.press("Enter");
  await type("new");
  expect(await at("booking-type").inputValue()).toContain("New patient");
  expect(await at("booking-minutes").inputValue()).toBe("45");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("name")), "on to what it is for").toBe("reason");
  await at("booking-minutes").fill("25");
  await at("booking-time").fill("4:15");
  await page.keyboard.press("Enter");
  await at("panel").getByText("New patient").waitFor();
  expect(await at("panel").textContent()).toContain("25 min");
  await page.keyboard.press("k");
  expect(await at("booking-type").inputValue()).toContain("NP");
  expect(await at("booking-minutes").inputValue()).toBe("25");
  await at("booking-type").fill("");
  await at("booking-reason").focus();
  expect(await at("booking-type").inputValue(), "none is possible").toBe("");
  await at("booking-type").focus();
  await page.keyboard.press("ArrowDown");
  expect(await at("booking-type-found").allTextContents(), "what is not offered any more is not").not.toContain(expect.stringContaining("House call"));
  expect(await at("booking-type-found").count()).toBe(6);
  await page.keyboard.press("Escape");
  expect(await at("booking").count(), "Esc closes the list first").toBe(1);
});

test("a card and a row show the code beside the colour, and the legend says what it stands for", async () => {
  await open();
  expect(await card("Testcase, Gwen").locator("small").textContent()).toBe("PX");
  expect(await card("Testcase, Gwen").getAttribute("aria-label")).toContain("Physical");
  expect(await at("legend").locator("li").first().isVisible()).toBe(false);
  await at("legend").locator("summary").press("Enter");
  expect(await at("legend").locator("li").allTextContents()).toEqual(expect.arrayContaining([expect.stringMatching(/^PX\s*Physical\s*45 min$/)]));
  await page.keyboard.press("Enter");
  await page.keyboard.press("l");
  await at("list-row").first().waitFor();
  expect(await page.locator('[data-testid="list-row"]', { hasText: "Testcase, Gwen" }).textContent()).toContain("PX");
});

test("a wait is marked as its type says", async () => {
  await open();
  const row = (name: string) => page.locator('[data-testid="waiting-row"]', { hasText: name }).locator("[data-alarm]");
  expect(await row("Sample, June").getAttribute("data-alarm"), "21 minutes, acute: too long from 20 on").toBe("late");
  expect(await row("Testcase, Tove").count(), "4 minutes").toBe(0);
});

test("an admin adds a type, and changes one without losing its visits", async () => {
  await open("role=admin");
  await at("nav-policy").click();
  await at("type-add").click();
  await at("type-code").fill("np");
  await at("type-name").fill("Travel advice");
  await page.keyboard.press("Enter");
  expect(await at("type-refusal").textContent()).toContain("Another type has that code");
  await at("type-code").fill("tv");
  await at("type-go").click();
  await at("type-TV").waitFor();
  await at("type-PX").click();
  await at("type-active").uncheck();
  await at("type-go").click();
  await at("type-dialog").waitFor({ state: "detached" });
  expect(await at("visit-types").textContent()).toContain("not offered");
  await at("nav-day").click();
  await card("Testcase, Gwen").waitFor();
  expect(await card("Testcase, Gwen").locator("small").textContent()).toBe("PX");
  await page.keyboard.press("b");
  await at("booking-type").focus();
  await page.keyboard.type("tra");
  expect(await at("booking-type-found").allTextContents()).toEqual([expect.stringContaining("Travel advice")]);
});

test("who waits is called as the practice wants, on the screen and on paper, and by name on the schedule", async () => {
  await open("role=admin");
  await at("nav-policy").click();
  await at("policy-name-format").selectOption("initials");
  await at("policy-review").click();
  expect(await at("policy-differences").textContent()).toContain("Initials");
  await at("policy-save").click();
  await at("policy-dialog").waitFor({ state: "detached" });
  await at("nav-day").click();
  await page.locator('[data-testid="waiting-row"]', { hasText: "J. S." }).waitFor();
  expect(await at("waiting-panel").textContent()).not.toContain("Sample, June");
  expect(await card("Sample, June").count()).toBe(1);
  await page.evaluate(() => (window.print = () => void (document.body.dataset["printed"] = document.querySelector("[data-testid=print-sheet]")?.textContent ?? "")));
  await page.keyboard.press("Control+p");
  await expect.poll(() => page.evaluate(() => document.body.dataset["printed"])).toContain("J. S.");
  expect(await page.evaluate(() => document.body.dataset["printed"])).not.toContain("Sample, June");
});
