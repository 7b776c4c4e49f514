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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "finding", query }));
}

const at = (id: string) => page.locator(`[data-testid="${id}"]`);
const chosen = () => page.locator('[data-testid="palette"] [aria-selected="true"]').textContent();

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function find(text: string): Promise<void> {
  await press("Control+k");
  await page.keyboard.type(text);
}

test("who is spelt otherwise, or has another name, stands apart from who has it as typed", async () => {
  await open();
  await find("bob");
  await at("palette-near").waitFor();
  expect(await at("palette-row").first().textContent()).toContain("Bert");
  await press("Escape");
  await find("sampl");
  await at("palette-row").first().waitFor();
  expect(await at("palette-near").count()).toBe(0);
  await press("Escape", "b");
  await page.keyboard.type("bob");
  await at("booking-found").first().waitFor();
  expect(await at("booking").textContent()).toContain("Spelt otherwise, or by another name");
});

test("who types on behind Esc types where that leads", async () => {
  await open();
  await find("sampl");
  await at("palette-row").first().waitFor();
  await page.evaluate(async () => {
    for (const key of ["Escape", "b"]) {
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await Promise.resolve();
    }
  });
  await at("booking-patient").waitFor();
  await page.keyboard.type("bob");
  await at("booking-found").first().waitFor();
});

test("patients had lately are shown when asked for, the last first, also after a lock", async () => {
  await open();
  await press("Control+k");
  expect(await at("palette").textContent()).not.toContain("lately");
  await press("Escape");
  for (const name of ["Testcase, Dmitri", "Sample, Ada"]) {
    await find(name);
    await page.locator('[data-testid="palette-row"]', { hasText: name }).first().waitFor();
    await press("Enter");
    await page.locator('[data-testid="patient-name"]', { hasText: name }).waitFor();
  }
  await press("Control+l");
  await at("lock-password").fill("right");
  await press("Enter");
  await at("chart").waitFor();
  await press("Control+k");
  expect(await at("palette-row").count()).toBe(0);
  await press("Alt+r");
  await at("palette-row").first().waitFor();
  const rows = await at("palette-row").allTextContents();
  expect(rows.map((row) => /(Testcase, Dmitri|Sample, Ada)/.exec(row)?.[0])).toEqual(["Sample, Ada", "Testcase, Dmitri"]);
  await press("ArrowDown", "Enter");
  await page.locator('[data-testid="patient-name"]', { hasText: "Testcase, Dmitri" }).waitFor();
});

test("what can be done is found by its words, says its key, and is done with the keyboard back where it was", async () => {
  await open();
  await find("book time");
  await at("palette-deed").first().waitFor();
  expect(await chosen()).toMatch(/Book, from the selected time\s*B/);
  await press("Enter");
  await at("booking-patient").waitFor();
  expect(await at("palette").count()).toBe(0);
  await press("Escape");
  await find("> changes");
  expect(await chosen()).toMatch(/Changes to send/);
  expect(await at("palette-row").count()).toBe(0);
  await press("Enter");
  await at("outbox").waitFor();
  await find("> ");
  const offered = await at("palette-deed").allTextContents();
  expect(offered.some((deed) => deed.includes("Members")), "it is the front desk").toBe(false);
  expect(offered.some((deed) => deed.includes("Print the day")), "no day is on screen").toBe(false);
  await press("Escape");
});

test("a patient comes before a deed of the same letters, and Enter waits for both", async () => {
  await open("slow=300");
  await find("mar");
  await press("Enter");
  await page.locator('[data-testid="patient-name"]').waitFor();
});

test("the palette keeps its size while it is typed into, draws nothing soft, and its list changes once for a key", async () => {
  await open("slow=100");
  await press("Control+k");
  const palette = () => at("palette").evaluate((one) => ({ height: one.getBoundingClientRect().height, shadow: getComputedStyle(one).boxShadow }));
  const before = await palette();
  expect(before.shadow).toBe("none");
  const lists = await page.evaluate(
    () =>
      new Promise<string[]>((done) => {
        const list = document.querySelector('[data-testid="palette"] [role="listbox"]') as HTMLElement;
        const seen = [list.textContent];
        const watch = new MutationObserver(() => requestAnimationFrame(() => list.textContent !== seen.at(-1) && seen.push(list.textContent)));
        watch.observe(list, { subtree: true, childList: true, characterData: true });
        const field = document.querySelector('[data-testid="palette-input"]') as HTMLInputElement;
        field.value = "b";
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        setTimeout(() => done(seen), 600);
      }),
  );
  expect(lists.length, "what it was, and what answers the key").toBe(2);
  expect(await palette()).toEqual(before);
});

test("what the palette covers is not drawn beneath it, and is there again when it goes", async () => {
  await open();
  const hidden = () => page.evaluate(() => [...document.querySelectorAll<HTMLElement>("[data-card]")].filter((card) => getComputedStyle(card).visibility === "hidden").length);
  await press("Control+k");
  await at("palette-input").waitFor();
  expect(await hidden()).toBeGreaterThan(0);
  const inSight = await page.evaluate(() => {
    const box = document.querySelector('[data-testid="palette"]')?.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>("[data-card]")].filter((card) => {
      const { left, top, right, bottom } = card.getBoundingClientRect();
      const out = !box || left < box.left || right > box.right || top < box.top || bottom > box.bottom;
      return out && getComputedStyle(card).visibility === "hidden";
    }).length;
  });
  expect(inSight, "none that anybody sees").toBe(0);
  await press("Escape");
  expect(await hidden()).toBe(0);
});
