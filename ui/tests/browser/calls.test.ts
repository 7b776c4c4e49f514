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

async function open(query: string, list: "confirm" | "missed" | "recall"): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "calls", query }));
  await page.keyboard.press("7");
  await at("waitlist").waitFor();
  for (const one of ["confirm", "missed", "recall"]) {
    await page.keyboard.press("]");
    await at(`list-${one}`).waitFor();
    if (one === list) break;
  }
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const lines = () => at("call-line").count();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const marked = () => page.locator('[data-testid="call-line"][aria-current="true"]');

test("one key writes down what a call came to, the row says it, and undo takes it back", async () => {
  await open("", "confirm");
  await at("call-table").waitFor();
  await expect.poll(focused).toBe("call-line");
  const all = await lines();
  expect(await marked().textContent()).toContain("Not called yet");
  await page.keyboard.press("n");
  await expect.poll(() => marked().textContent()).toContain("no answer");
  const who = await marked().getAttribute("aria-label");
  await page.keyboard.press("y");
  await expect.poll(lines).toBe(all - 1);
  await expect.poll(focused).toBe("call-line");
  expect(await marked().getAttribute("aria-label")).not.toBe(who);
  await page.keyboard.press("Control+z");
  await expect.poll(lines).toBe(all);
});

test("who cancels on the phone is asked why, and the day offers the time that is free", async () => {
  await open("", "confirm");
  await expect.poll(focused).toBe("call-line");
  const all = await lines();
  await page.keyboard.press("Delete");
  await at("leave-reason").fill("Works that day");
  await page.keyboard.press("Enter");
  await expect.poll(lines).toBe(all - 1);
  await page.keyboard.press("1");
  await at("freed").waitFor();
});

test("who wants another time is given one, and the visit moves there", async () => {
  await open("", "confirm");
  await expect.poll(focused).toBe("call-line");
  const who = (await marked().getAttribute("aria-label")) ?? "";
  await page.keyboard.press("v");
  await at("openings").getByText(who).waitFor();
  await at("found-start").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await at("openings").waitFor({ state: "detached" });
  await at("panel").getByText(who).waitFor();
});

test("a missed visit is booked again with what is known of it, or taken off with a reason", async () => {
  await open("", "missed");
  await expect.poll(focused).toBe("call-line");
  const all = await lines();
  await page.keyboard.press("Delete");
  await at("leave-reason").fill("Moved away");
  await page.keyboard.press("Enter");
  await expect.poll(lines).toBe(all - 1);
  const who = (await marked().getAttribute("aria-label")) ?? "";
  await page.keyboard.press("Enter");
  await at("booking-patient-chosen").getByText(who).waitFor();
});

test("somebody who is due is put on the recall list, found a time, and is done", async () => {
  await open("", "recall");
  await expect.poll(focused).toBe("call-line");
  expect(await lines()).toBe(5);
  await page.keyboard.press("a");
  await page.keyboard.type("dmi");
  await at("pick-found").first().waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("recall-due");
  await page.keyboard.type("+20");
  await page.keyboard.press("Enter");
  await at("recall-dialog").waitFor({ state: "detached" });
  await expect.poll(lines).toBe(6);
  await at("call-line").first().focus();
  await page.keyboard.press("d");
  await expect.poll(lines).toBe(5);
  await page.keyboard.press("Enter");
  await at("openings").getByText("Testcase, Gwen").waitFor();
  await at("found-start").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await at("panel").getByText("Yearly check-up").waitFor();
});

test("a done visit and a chart lead to a recall in a year", async () => {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "calls", query: "" }));
  await page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Sample, Ada" }).first().click();
  await page.keyboard.press("i");
  await at("recall-dialog").getByText("Sample, Ada").waitFor();
  expect(await at("recall-due").inputValue()).toBe("23 Nov 2027");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await at("chart-recall").click();
  await at("recall-in-6").click();
  expect(await at("recall-due").inputValue()).toBe("23 May 2027");
  await at("recall-go").click();
  await at("recall-dialog").waitFor({ state: "detached" });
});

test("whom an opening is for is said in its window, and Enter books for them", async () => {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "calls", query: "" }));
  await page.keyboard.press("o");
  await at("found-start").first().waitFor();
  await at("pick-patient").fill("dmi");
  await at("pick-found").first().waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("found-start");
  await page.keyboard.press("Enter");
  await at("openings").waitFor({ state: "detached" });
  await at("panel").getByText("Testcase, Dmitri").waitFor();
  expect(await at("booking-patient-chosen").count()).toBe(0);
});

test("a list that cannot be read says so, and an empty one says what it is for", async () => {
  await open("fail=to_confirm", "confirm");
  await at("list-confirm").getByRole("alert").waitFor();
  await close();
  await open("nobody_due", "recall");
  await at("call-empty").waitFor();
});
