import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";
import { scenes } from "../../scripts/scenes.mjs";
import { readable } from "./readable";

/** Two files have half of the scenes each, so that two cores look at them. */
export function everyOther(first: 0 | 1): void {
  let browser: Browser;
  beforeAll(async () => void (browser = await browse()));
  afterAll(() => browser.close());

  const half = scenes.filter((_, nth) => nth % 2 === first);
  test.each(half.map((scene) => [scene.name, scene] as const))("%s has no accessibility violation in either theme, and tells nothing of a patient while names are hidden", async (_, scene) => {
    const { page, complaints, close } = await enter(browser, inject("url"), scene, { theme: "light" });
    await page.evaluate(axe.source);
    expect(await violations(page), "in the light theme").toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("[data-theme=dark]").waitFor({ state: "attached" });
    expect(await violations(page), "in the dark theme").toEqual([]);
    // Where nobody is at work, or names are hidden already, there is nothing to hide.
    if (!scene.query.includes("phase=") && !scene.name.startsWith("names-hidden")) {
      await page.keyboard.press("Control+Shift+B");
      await page.locator('[data-testid="names-hidden"]').waitFor();
      expect(await readable(page), "while names are hidden").toEqual([]);
    }
    expect(complaints).toEqual([]);
    await close();
  });
}

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary ?? ""}`).join("\n    ")}`);
  });
}
