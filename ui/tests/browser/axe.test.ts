import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";
import { scenes } from "../../scripts/scenes.mjs";

let browser: Browser;
beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(scenes.map((scene) => [scene.name, scene] as const))("%s has no accessibility violation and no complaint", async (_, scene) => {
    const { page, complaints, close } = await enter(browser, inject("url"), scene, { theme });
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      });
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 160)} ${n.failureSummary ?? ""}`).join("\n    ")}`);
    });
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});
