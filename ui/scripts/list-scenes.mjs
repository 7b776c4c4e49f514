/** Screens of looking for time, and of the lists. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function seek(page, /** @type {string} */ words) {
  await page.keyboard.press("o");
  await page.locator(id("openings-words")).fill(words);
  await page.locator(`${id("found")}, ${id("found-nothing")}`).first().waitFor();
}

/** @type {import("./scenes.mjs").Scene[]} */
export const listScenes = [
  { name: "openings", query: "kept=here", steps: (page) => seek(page, "") },
  {
    name: "openings-words",
    query: "",
    steps: async (page) => {
      await seek(page, "45 two or three mornings thu purple");
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowDown");
    },
  },
  { name: "openings-old", query: "kept=here&offline&providers=12", steps: (page) => seek(page, "afternoons") },
  {
    name: "openings-nothing",
    query: "",
    steps: async (page) => {
      await seek(page, "480");
      await page.locator(id("found-nothing")).waitFor();
    },
  },
];
