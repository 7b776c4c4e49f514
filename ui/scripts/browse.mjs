/** Builds the fixture practice, serves it under the real window's policy, and opens Chromium on it. */
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const root = new URL("..", import.meta.url).pathname;

export async function serve() {
  await build({ root, mode: "fixture", logLevel: "error", build: { outDir: "dist-fixture", emptyOutDir: true } });
  const server = await preview({ root, mode: "fixture", logLevel: "error", preview: { port: 0 }, build: { outDir: "dist-fixture" } });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error("the preview did not say where it listens");
  return { url, close: () => server.close() };
}

export async function browse() {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A page in a scene. What the console complains of is kept, for it should be nothing. */
export async function enter(browser, url, scene, { theme = "light", width = 1366, height = 768 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${url}?${scene.query}`);
  await page.locator("#app > *").first().waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  if (!scene.query.includes("phase=") && !/fail=day|first_sync/.test(scene.query)) await page.locator('[data-testid="day-grid"]').waitFor();
  await scene.steps?.(page);
  return { page, complaints, close: () => context.close() };
}
