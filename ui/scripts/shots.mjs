/** Pictures of every screen: `npm run shots -- [folder] [name…]`. */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browse, enter, serve } from "./browse.mjs";
import { scenes } from "./scenes.mjs";

const [folder = join(tmpdir(), "shadowchart-shots"), ...names] = process.argv.slice(2);
const sizes = [
  [1366, 768],
  [1920, 1080],
];

await mkdir(folder, { recursive: true });
const server = await serve();
const browser = await browse();
let taken = 0;
let failed = 0;
for (const scene of scenes.filter((s) => !names.length || names.includes(s.name))) {
  for (const theme of ["light", "dark"]) {
    for (const [width, height] of sizes) {
      const { page, complaints, close } = await enter(browser, server.url, scene, { theme, width, height });
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(folder, `${scene.name}-${theme}-${width}.png`) });
      for (const complaint of complaints) console.error(`${scene.name} (${theme}, ${width}): ${complaint}`);
      failed += complaints.length;
      taken += 1;
      await close();
    }
  }
}
await browser.close();
await server.close();
console.log(`${taken} pictures in ${folder}, ${failed} complaints`);
process.exitCode = failed ? 1 : 0;
