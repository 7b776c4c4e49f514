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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "keyboard", query }));
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

test("arrows walk the members, and Enter goes on to the password", async () => {
  await open("phase=signed_out");
  await page.locator('[data-testid="member-m1"]').focus();
  await press("ArrowRight", "ArrowRight");
  expect(await focused()).toBe("member-m3");
  await press("Enter");
  expect(await focused()).toBe("sign-in-password");
});

test("a desk is handed over with one click and a password", async () => {
  await open("phase=locked");
  await page.locator('[data-testid="member-m2"]').click();
  expect(await focused()).toBe("lock-password");
});

test("the keyboard stands on the day as soon as it is shown, and when it comes back", async () => {
  await open("");
  await expect.poll(focused).toBe("card");
  await press("ArrowDown", "Enter");
  await expect.poll(focused).toBe("chart-scroll");
  await press("Escape");
  await expect.poll(focused).toBe("card");
  await press("2");
  await page.locator('[data-testid="outbox"]').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
  await press("1");
  await expect.poll(focused).toBe("card");
});

test("no open dialog covers the word that the lock is near", async () => {
  await open("idle=27");
  await page.locator('[data-testid="idle-warning"]').waitFor();
  expect(await page.evaluate(() => document.querySelector("[data-testid=idle-warning]")?.matches(":popover-open"))).toBe(true);
});

test("an empty password is asked for in words", async () => {
  await open("phase=locked");
  await press("Enter");
  expect(await page.locator('[data-testid="lock-screen"]').textContent()).toContain("Type your password.");
  expect(await focused()).toBe("lock-password");
});

test("what a button opened closes when the keyboard leaves it, and Esc gives the keyboard back", async () => {
  await open("");
  await expect.poll(focused).toBe("card");
  for (const [button, opened] of [
    ["connection", "connection-more"],
    ["nav-me", "member-menu"],
    ["date-open", "month-picker"],
  ] as const) {
    const pane = page.locator(`[data-testid="${opened}"]`);
    await page.locator(`[data-testid="${button}"]`).focus();
    await press("Enter");
    await pane.waitFor();
    await press("Escape");
    expect(await pane.count(), `${opened} after Esc`).toBe(0);
    expect(await focused()).toBe(button);
    await press("Enter");
    await pane.waitFor();
    for (let tabs = 0; tabs < 6 && (await pane.count()); tabs += 1) await press("Tab");
    expect(await pane.count(), `${opened} after Tab`).toBe(0);
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  }
});

test("what is selected, moved or booked stays in sight beside its panel", async () => {
  await open("providers=12");
  const unseen = (what: string) =>
    page.evaluate((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect();
      const grid = document.querySelector("[data-testid=day-grid]")?.getBoundingClientRect();
      if (!box || !grid) return "not there";
      return box.left >= grid.left && box.right <= grid.right && box.top >= grid.top && box.bottom <= grid.bottom ? null : "beyond the edge";
    }, what);
  await page.locator('[data-testid="column"]').last().locator('[data-testid="card"]').nth(4).click();
  await expect.poll(() => unseen("[data-card][aria-current]")).toBeNull();
  await press("m", ...Array<string>(11).fill("ArrowLeft"));
  await expect.poll(() => unseen("[data-testid=ghost]")).toBeNull();
  await press("Escape", "b");
  await page.locator('[data-testid="booking-provider"]').selectOption({ index: 11 });
  await page.locator('[data-testid="booking-time"]').fill("4:45");
  await expect.poll(() => unseen("[data-testid=ghost]")).toBeNull();
});

test("Enter takes a patient of all that was typed, however slow the answer", async () => {
  await open("slow=250");
  await press("Control+k");
  await page.keyboard.type("sam");
  await page.locator('[data-testid="palette-row"]', { hasText: "Sample, Ada" }).waitFor();
  await page.keyboard.type("ple nia");
  await press("Enter");
  await page.locator('[data-testid="chart"]').waitFor();
  expect(await page.locator('[data-testid="patient-name"]').textContent()).toBe("Sample, Nia");
});

test("the date over the page is that of the visits on it", async () => {
  await open("slow=250");
  const dates = () => page.evaluate(() => [document.querySelector("[data-testid=date-open]")?.textContent?.trim(), document.querySelector("[data-testid=day-grid]")?.getAttribute("data-date")]);
  await press("]");
  expect(await dates()).toEqual(["Monday 23 November", "2026-11-23"]);
  await page.locator('[data-testid="day-grid"][data-date="2026-11-24"]').waitFor();
  expect(await dates()).toEqual(["Tuesday 24 November", "2026-11-24"]);
});

test("a day that cannot be read is not shown as another's", async () => {
  await open("fail=other_day");
  await press("]");
  await page.locator('[data-testid="day-error"]').waitFor();
  expect(await page.locator('[data-testid="date-open"]').textContent()).toContain("Tuesday 24 November");
  expect(await page.locator('[data-testid="card"]').count()).toBe(0);
  await press("t");
  await page.locator('[data-testid="day-grid"][data-date="2026-11-23"]').waitFor();
});
