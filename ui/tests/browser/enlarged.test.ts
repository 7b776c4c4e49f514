import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";
import { scenes } from "../../scripts/scenes.mjs";

let browser: Browser;
beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());

/** A small office's screen, enlarged to twice its size. */
const ENLARGED = { width: 683, height: 384 };

const shown = ["day", "day-selected", "day-stale", "day-trouble", "day-notice", "booking-overlap", "move", "chart", "outbox", "policy"];

test.each(shown)("enlarged, %s keeps every act and word of its frame on screen", async (name) => {
  const scene = scenes.find((one) => one.name === name);
  if (!scene) throw new Error(`no scene ${name}`);
  const { page, complaints, close } = await enter(browser, inject("url"), scene, ENLARGED);
  const lost = await page.evaluate(() =>
    [...document.querySelectorAll("header.top button, footer.foot > *, nav button, header.top [role=status]")]
      .filter((part) => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight);
      })
      .map((part) => part.outerHTML.slice(0, 120)),
  );
  expect(lost).toEqual([]);
  expect(await page.locator('[data-testid="connection"]').textContent()).toContain("The paper chart decides");
  expect(complaints).toEqual([]);
  await close();
});
