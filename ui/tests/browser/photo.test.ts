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

const at = (id: string) => page.locator(`[data-testid="${id}"]`);

/** A picture of 900 by 600 dots, as a person would choose it. */
const picture = () =>
  page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 600 });
    canvas.getContext("2d")?.fillRect(300, 0, 300, 600);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });

test("a photo is made small in the page, stands in the chart and the visit's panel, and is taken back by one key", async () => {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "photo", query: "" }));
  await page.locator('[data-testid="card"]', { hasText: "Testcase, Dmitri" }).first().click();
  await at("panel-chart").click();
  await at("chart").waitFor();
  expect(await at("portrait").textContent()).toBe("DT");
  await at("photo-file").setInputFiles({ name: "face.txt", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await at("photo-wrong").waitFor();
  await at("photo-file").setInputFiles({ name: "face.png", mimeType: "image/png", buffer: Buffer.from(await picture(), "base64") });
  const image = at("portrait").locator("img");
  await image.waitFor();
  const drawn = await image.evaluate((one: HTMLImageElement) => ({ width: one.naturalWidth, height: one.naturalHeight, src: one.src }));
  expect([drawn.width, drawn.height]).toEqual([200, 200]);
  expect(drawn.src.startsWith("data:image/jpeg;base64,")).toBe(true);
  expect(drawn.src.length).toBeLessThan(64 * 1024);
  await page.keyboard.press("1");
  await page.locator('[data-testid="card"]', { hasText: "Testcase, Dmitri" }).first().click();
  await at("panel").locator("img").waitFor();
  await page.keyboard.press("Control+z");
  await at("panel-chart").click();
  await page.locator('[data-testid="portrait"][data-photo="false"]').waitFor();
});
