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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "freshness", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const heads = () => at("sheet").locator(".head").allInnerTexts();

test("nothing is said of the data's age before ten minutes, one thing then, and another at thirty", async () => {
  const said: [string, number][] = [];
  for (const [minutes, tone] of [[9, "good"], [10, "calm"], [30, "late"]] as const) {
    await open(`stale=${minutes}`);
    expect(await at("connection").getAttribute("data-tone")).toBe(tone);
    const columns = (await heads()).filter((head) => head.includes("as of"));
    await at("connection").click();
    said.push([(await at("connection").getByRole("status").innerText()).replace(/ \d.*/, ""), await at("stale").count()]);
    expect(columns.length > 0, "the columns say it then, and only then").toBe(minutes >= 10);
    if (minutes < 30) await close();
  }
  expect(said).toEqual([["Up to date ·", 0], ["Data as of", 1], ["Old data as of", 1]]);
});

test("a day that is not all here yet says so over each provider, also to who listens", async () => {
  await open("today_first");
  expect((await heads()).join(" ")).not.toContain("not all here");
  await page.keyboard.press("]");
  await at("day-grid").getByText("not all here yet").first().waitFor();
  expect((await heads()).every((head) => head.includes("not all here yet"))).toBe(true);
  expect(await at("sheet").locator('[data-testid="column"]').first().getAttribute("aria-label")).toContain("not all here yet");
});
