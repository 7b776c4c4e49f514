import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";
import { scenes } from "../../scripts/scenes.mjs";

let browser: Browser;
beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());

/** The smallest window, and a small office's screen enlarged to twice its size. */
const sizes = [
  { width: 1024, height: 640 },
  { width: 683, height: 384 },
];

const shown = ["day", "day-selected", "day-stale", "day-trouble", "day-notice", "week-selected", "list", "booking-overlap", "move", "chart", "note-written", "outbox", "policy", "computers-offline", "keeping-late", "deletion-runs"];

test.each(sizes.flatMap((size) => shown.map((name) => [name, size.width, size] as const)))("%s at %d px keeps every act and word of its frame on screen", async (name, _, size) => {
  const scene = scenes.find((one) => one.name === name);
  if (!scene) throw new Error(`no scene ${name}`);
  const { page, complaints, close } = await enter(browser, inject("url"), scene, size);
  const lost = await page.evaluate(() =>
    [...document.querySelectorAll("header.top button, footer.foot > *, nav button, header.top [role=status]")]
      .filter((part) => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight);
      })
      .map((part) => part.outerHTML.slice(0, 120)),
  );
  expect(lost).toEqual([]);
  const squeezed = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-testid=series] .name, [data-testid=notice] .text")].filter((word) => word.clientWidth < Math.min(80, word.scrollWidth)).map((word) => word.textContent),
  );
  expect(squeezed).toEqual([]);
  expect(await page.locator('[data-testid="connection"]').textContent()).toContain("The paper chart decides");
  expect(complaints).toEqual([]);
  await close();
});
