import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";

let browser: Browser;

beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());

const at = (page: Page, testid: string) => page.locator(`[data-testid="${testid}"]`);

test("what is not saved is said wherever the page stands, and saved from there", async () => {
  const { page, complaints, close } = await enter(browser, inject("url"), { name: "policy", query: "role=admin" }, { height: 600 });
  await page.keyboard.press("3");
  const save = at(page, "policy-review");
  const inSight = () => save.evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight);
  await at(page, "policy-table").waitFor();
  expect(await inSight()).toBe(false);
  await at(page, "policy-provider-exam_room").fill("8");
  await expect.poll(inSight).toBe(true);
  await at(page, "policy-lease").focus();
  for (let n = 0; n < 8; n += 1) {
    await page.keyboard.press("Tab");
    const clear = await save.evaluate((one) => {
      const on = document.activeElement as Element;
      return one.closest("footer")!.contains(on) || on.getBoundingClientRect().bottom <= one.closest("footer")!.getBoundingClientRect().top;
    });
    expect(clear, `stop ${n} of the keyboard is not behind the foot`).toBe(true);
  }
  await save.click();
  expect(await at(page, "policy-differences").innerText()).toContain("8 min");
  expect(complaints).toEqual([]);
  await close();
});
