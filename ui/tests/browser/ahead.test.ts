/** The day ahead is drawn before it is asked for, under the one that is shown. */
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

const [today, tomorrow, dayAfter] = ["2026-11-23", "2026-11-24", "2026-11-25"] as const;
const ready = () => page.locator('[data-testid="sheet-ready"]');
const shown = (date: string) => page.locator(`[data-testid="day-grid"][data-date="${date}"] [data-testid="sheet"]`);

/** Tomorrow is shown, and the day after it is ready. */
async function open(query = "dense"): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "ahead", query }));
  expect(await ready().count()).toBe(0);
  await page.keyboard.press("]");
  await shown(tomorrow).waitFor();
  await ready().locator("[data-card]").first().waitFor({ state: "attached" });
}

async function elsewhere(detail: { arrived: string; unsaid?: boolean }): Promise<void> {
  await page.evaluate((told) => void window.dispatchEvent(new CustomEvent("fixture-data", { detail: told })), detail);
}

/** The status of the day's first card in the moment in which that day is first on top. */
function firstSeen(date: string): Promise<string | undefined> {
  return page.evaluate(
    (wanted) =>
      new Promise<string | undefined>((tell) => {
        const grid = document.querySelector<HTMLElement>("[data-testid=day-grid]");
        new MutationObserver(() => {
          if (grid?.dataset["date"] === wanted) tell(document.querySelector<HTMLElement>("[data-testid=sheet] [data-card]")?.dataset["status"]);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      }),
    date,
  );
}

test("a day that is ready is turned to, and not drawn anew", async () => {
  await open();
  const drawn = await ready().elementHandle();
  await page.keyboard.press("]");
  await shown(dayAfter).waitFor();
  expect(await drawn?.getAttribute("data-testid")).toBe("sheet");
  const left = page.locator('[data-testid="sheet-ready"]').first();
  expect(await left.getAttribute("aria-hidden")).toBe("true");
  await page.keyboard.press("[");
  await shown(tomorrow).waitFor();
  expect(await drawn?.getAttribute("data-testid")).toBe("sheet-ready");
});

test("nothing is read ahead for who hurries through the days", async () => {
  await open();
  const drawn = await page.evaluate(async () => {
    const at = () => document.querySelector<HTMLElement>("[data-testid=day-grid]")?.dataset["date"] ?? "";
    const under = () => [...document.querySelectorAll<HTMLElement>("[data-testid=sheet-ready]")].map((sheet) => sheet.dataset["date"] ?? "");
    const passed = new Set([at(), ...under()]);
    const unasked: string[] = [];
    for (let step = 0; step < 4; step++) {
      const before = at();
      document.querySelector<HTMLElement>("[data-testid=day-after]")?.click();
      while (at() === before) await new Promise((next) => requestAnimationFrame(next));
      passed.add(at());
      await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
      unasked.push(...under().filter((date) => !passed.has(date)));
    }
    return unasked;
  });
  expect(drawn).toEqual([]);
  await page.locator('[data-testid="sheet-ready"][data-date="2026-11-29"]').waitFor({ state: "attached" });
});

test("what is ready is out of sight and reach: of the eye, the pointer, the keyboard and a screen reader", async () => {
  await open();
  const hidden = await ready().evaluate((sheet) => ({
    aria: sheet.getAttribute("aria-hidden"),
    height: sheet.getBoundingClientRect().height,
    reached: sheet.querySelectorAll('button, a, input, [tabindex="0"]').length,
    spoken: [...sheet.querySelectorAll("[data-card]")].map((card) => card.getAttribute("aria-label") ?? ""),
  }));
  expect(hidden).toMatchObject({ aria: "true", height: 0, reached: 0 });
  const told = await page.locator("body").ariaSnapshot();
  const here = await page.locator('[data-testid="sheet"] [data-card]').evaluateAll((cards) => cards.map((card) => card.getAttribute("aria-label")));
  const alone = hidden.spoken.filter((words) => !here.includes(words));
  expect(alone.length).toBeGreaterThan(20);
  for (const words of alone) expect(told).not.toContain(words);
  const touched = await page.evaluate(() => {
    const box = document.querySelector("[data-testid=day-grid]")?.getBoundingClientRect();
    const under = (x: number, y: number) => document.elementFromPoint(x, y)?.closest("[data-testid=sheet-ready]");
    const every = (from: number, to: number) => Array.from({ length: Math.floor((to - from) / 8) }, (_, i) => from + i * 8);
    return box && every(box.left, box.right).some((x) => every(box.top, box.bottom).some((y) => under(x, y)));
  });
  expect(touched).toBe(false);
});

test("the keyboard goes along to the day that is turned to", async () => {
  await open();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("]");
  await shown(dayAfter).waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('[data-testid="sheet"] [data-card][tabindex="0"]'));
  await page.keyboard.press("ArrowDown");
  await shown(dayAfter).locator("[aria-current]:focus").waitFor();
});

test("what is shown was read after it was asked for, even before word of a change has come", async () => {
  await open("dense&slow=100");
  await elsewhere({ arrived: dayAfter, unsaid: true });
  const seen = firstSeen(dayAfter);
  await page.keyboard.press("]");
  expect(await seen).toBe("arrived");
});

test("word of a change lets go of what was read before it", async () => {
  await open("dense&slow=100");
  await elsewhere({ arrived: dayAfter });
  await expect.poll(() => ready().count()).toBe(0);
  const seen = firstSeen(dayAfter);
  await page.keyboard.press("]");
  expect(await seen).toBe("arrived");
});

test("a change made here lets go of what was read before it", async () => {
  await open();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("a");
  await page.locator('[data-testid="undo"]').waitFor();
  expect(await ready().count()).toBe(0);
});

test("no day waits behind another page or behind the lock", async () => {
  await open();
  await page.keyboard.press("2");
  await page.locator('[data-testid="outbox"]').waitFor();
  await page.keyboard.press("1");
  await shown(tomorrow).waitFor();
  expect(await ready().count()).toBe(0);
  await page.keyboard.press("]");
  await shown(dayAfter).waitFor();
  await ready().locator("[data-card]").first().waitFor({ state: "attached" });
  await page.keyboard.press("Control+l");
  await page.locator('[data-testid="lock-screen"]').waitFor();
  expect(await page.locator("[data-card]").count()).toBe(0);
  expect(await page.content()).not.toContain("Sample,");
});

test("a day whose reading ahead is refused is read when it is asked for", async () => {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "ahead", query: "fail=day_ahead" }));
  for (const date of [tomorrow, dayAfter]) {
    await page.keyboard.press("]");
    await shown(date).waitFor();
  }
  await page.keyboard.press("t");
  await shown(today).waitFor();
  expect(await ready().count()).toBe(0);
});
