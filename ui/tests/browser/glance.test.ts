import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";
import type { Scene } from "../../scripts/scenes.mjs";
import { readable } from "./readable";

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

async function open(scene: Scene = { name: "glance", query: "" }): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), scene));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const glance = () => page.keyboard.press("Control+Shift+B");

test("names come back with the same key, and with a click on its word", async () => {
  await open();
  expect((await readable(page)).length).toBeGreaterThan(20);
  for (const back of [glance, () => at("names-show").click()]) {
    await glance();
    expect(await readable(page)).toEqual([]);
    await back();
    await at("names-hidden").waitFor({ state: "detached" });
    expect((await readable(page)).length).toBeGreaterThan(20);
  }
});

test("nothing moves, and all is read out as before", async () => {
  await open();
  await at("card").filter({ hasText: "Testcase, Dmitri" }).first().click();
  await page.locator('[data-testid="panel"] [data-testid="history"]').waitFor();
  const places = () => page.evaluate(() => [...document.querySelectorAll("[data-testid]:not([data-testid=names-hidden] *, [data-testid=names-hidden])")].map((node) => JSON.stringify(node.getBoundingClientRect())));
  const before = [await places(), await page.locator("main").ariaSnapshot()];
  await glance();
  await at("names-hidden").waitFor();
  expect([await places(), await page.locator("main").ariaSnapshot()]).toEqual(before);
});

test("the pointer is told no name either", async () => {
  await open({ name: "glance", query: "providers=12" });
  await at("card").nth(3).hover();
  expect(await at("card").nth(3).getAttribute("title")).not.toBe("");
  await glance();
  expect(await readable(page)).toEqual([]);
  await at("card").nth(4).hover();
  expect(await readable(page)).toEqual([]);
});

test("the next member's names are not hidden by the one before", async () => {
  await open();
  await glance();
  await page.keyboard.press("Control+l");
  await at("lock-password").waitFor();
  await page.keyboard.type("right");
  await page.keyboard.press("Enter");
  await at("day-grid").waitFor();
  expect(await at("names-hidden").count()).toBe(0);
});

const elsewhere = (keyboard: boolean) => page.evaluate((has) => void window.dispatchEvent(new Event(has ? "focus" : "blur")), keyboard);
const pointer = (inside: boolean) => page.evaluate((has) => void document.documentElement.dispatchEvent(new Event(has ? "pointerenter" : "pointerleave")), inside);
const hidden = () => at("names-hidden").count();

test("names stay where nobody asked for more", async () => {
  await open();
  await pointer(false);
  await elsewhere(false);
  expect(await hidden()).toBe(0);
});

test("a window without the keyboard hides names, unless the pointer is over it", async () => {
  await open();
  await page.keyboard.press("Control+,");
  await at("hide-names").check();
  await page.keyboard.press("Escape");
  await elsewhere(false);
  expect(await hidden(), "the pointer is over it").toBe(0);
  await pointer(false);
  expect(await hidden()).toBe(1);
  expect(await at("names-hidden").textContent()).toContain("Names hidden until you come back");
  expect(await readable(page)).toEqual([]);
  await pointer(true);
  expect(await hidden(), "read from another screen").toBe(0);
  await pointer(false);
  await elsewhere(true);
  expect(await hidden(), "back at the keyboard").toBe(0);
});
