import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";

let browser: Browser;
let page: Page;
let complaints: string[];
let close: () => Promise<void>;
let keystrokes = 0;

beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());
beforeEach(() => void (keystrokes = 0));
afterEach(async () => {
  expect(complaints).toEqual([]);
  await close();
});

async function open(query = ""): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "registering", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    keystrokes += 1;
  }
}

async function type(text: string): Promise<void> {
  await page.keyboard.type(text);
  keystrokes += text.length;
}

/** Types each text and goes on to the next field; an empty one is passed over. */
async function fill(...texts: string[]): Promise<void> {
  for (const text of texts) {
    await type(text);
    await press("Tab");
  }
}

test("somebody new is written down in full and booked within forty seconds of five keys each", async () => {
  await open();
  await press("b");
  await type("newcomer, ada");
  await at("booking-register").waitFor();
  await press("Enter");
  await at("patient-birth_date").waitFor();
  expect(await focused()).toBe("patient-birth_date");
  expect(await at("patient-family").inputValue()).toBe("Newcomer");
  await fill("3/14/1988", "f", "she", "5550100142", "", "ada@mail.example", "12 Sample St", "Exampleton", "MA", "02139");
  await fill("Example Health", "EX12345678", "", "Ivo Newcomer", "son", "5550100143", "e");
  await press("ArrowRight");
  expect(await at("patient-may-yes").isChecked()).toBe(true);
  await press("Enter");
  await at("booking-patient-chosen").waitFor();
  expect(await at("booking-patient-chosen").textContent()).toContain("Newcomer, Ada");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "booking-reason");
  await type("first visit");
  await press("Enter");
  await at("undo").waitFor();
  expect(await at("panel").locator('[data-testid="patient-name"]').textContent()).toBe("Newcomer, Ada");
  expect(keystrokes).toBeLessThanOrEqual(200);
});

test("a patient who is here already is shown before a second one is made, and taken with one key", async () => {
  await open();
  await press("p");
  await at("patient-family").waitFor();
  await fill("Testkase", "Dmitri");
  await type("3/14/1961");
  await at("likely-use").waitFor();
  expect(await at("likely").textContent()).toContain("Testcase, Dmitri");
  await press("Enter");
  await at("patient-asking").waitFor();
  expect(await at("patient-dialog").count()).toBe(1);
  await press("Alt+1");
  await at("chart").waitFor();
  expect(await at("chart").getAttribute("data-patient")).toBe("pat-1");
  expect(await at("patient-dialog").count()).toBe(0);
});

test("somebody who only looks alike is registered with a second Enter", async () => {
  await open();
  await press("p");
  await at("patient-family").waitFor();
  await fill("Testkase", "Dmitri", "");
  await type("3/14/1961");
  await press("Enter");
  await at("patient-asking").waitFor();
  await press("Enter");
  await at("booking-patient-chosen").waitFor();
  expect(await at("booking-patient-chosen").textContent()).toContain("Testkase, Dmitri");
});

test("what is wrong is said at its field, which has the keyboard", async () => {
  await open();
  await press("p");
  await at("patient-family").waitFor();
  await press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "patient-family");
  expect(await at("patient-family").getAttribute("aria-invalid")).toBe("true");
  await fill("Newcomer", "", "", "1/1/2030");
  await page.locator('[id$="-birth_date-problem"]').waitFor();
  await at("patient-birth_date").fill("1/1/1880");
  await press("Enter");
  await at("patient-old").waitFor();
  await press("Enter");
  await at("booking-patient-chosen").waitFor();
});

test("a form that is closed half written goes on where it was", async () => {
  await open();
  await press("p");
  await at("patient-family").waitFor();
  await type("Newcomer");
  await press("Escape");
  expect(await at("patient-dialog").count()).toBe(0);
  await press("p");
  await at("patient-family").waitFor();
  expect(await at("patient-family").inputValue()).toBe("Newcomer");
});

test("a form half written is gone from the screen with a lock, and comes back after it", async () => {
  // A lock could overtake what was typed last.
  await open("slow=100");
  await press("p");
  await at("patient-family").waitFor();
  await type("Newcomer");
  await press("Control+l");
  await at("lock-screen").waitFor();
  expect(await page.content()).not.toContain("Newcomer");
  await type("right");
  await press("Enter");
  await at("patient-family").waitFor();
  expect(await at("patient-family").inputValue()).toBe("Newcomer");
});

test("a search that finds nobody goes on to registering", async () => {
  await open();
  await press("Control+k");
  await type("zeta newcomer");
  await at("palette-register").waitFor();
  await press("Enter");
  await at("patient-birth_date").waitFor();
  expect([await at("patient-family").inputValue(), await at("patient-given").inputValue()]).toEqual(["Newcomer", "Zeta"]);
});

test("a patient is changed from the chart, and the change is taken back", async () => {
  await open();
  await press("Control+k");
  await type("dmi");
  await at("palette-row").first().waitFor();
  await press("Enter");
  await at("chart").waitFor();
  await press("e");
  await at("patient-family").waitFor();
  await type("Testcase-Neu");
  await press("Enter");
  await at("undo").waitFor();
  await at("chart").getByText("Testcase-Neu, Dmitri").waitFor();
  await press("Control+z");
  await at("chart").getByText("Testcase, Dmitri").waitFor();
});

test.each(["light", "dark"] as const)("the form has no accessibility violation in the %s theme", async (theme) => {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "registering", query: "" }, { theme }));
  await press("p");
  await at("patient-family").waitFor();
  await fill("Testkase", "Dmitri", "", "3/14/1961", "", "", "x");
  await press("Enter");
  await at("likely-use").waitFor();
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => (await (window as unknown as { axe: typeof axe }).axe.run(document)).violations.map((v) => `${v.id} ${v.nodes.map((n) => n.html).join("\n")}`));
  expect(found).toEqual([]);
});
