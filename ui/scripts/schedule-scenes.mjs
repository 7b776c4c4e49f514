/** The schedule's other shapes. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function week(page, whose = "p1") {
  await page.keyboard.press("w");
  await page.locator(id("week-overview")).waitFor();
  if (!whose) return;
  await page.locator(id("whose")).selectOption(whose);
  await page.locator(id("week-grid")).waitFor();
}

async function list(page, wide = false) {
  await page.keyboard.press("l");
  await page.locator(id("list-row")).first().waitFor();
  if (!wide) return;
  await page.locator(id("list-span-week")).check({ force: true });
  await page.locator(id("view-count"), { hasText: /,\d{3} booked/ }).waitFor();
}

/** @type {import("./scenes.mjs").Scene[]} */
export const scheduleScenes = [
  { name: "week", query: "", steps: (page) => week(page) },
  {
    name: "week-selected",
    query: "",
    steps: async (page) => {
      await week(page);
      await page.locator(id("card"), { hasText: "Testcase, Dmitri" }).click();
      await page.locator(id("panel")).waitFor();
    },
  },
  {
    name: "week-move",
    query: "",
    steps: async (page) => {
      await week(page);
      await page.locator(id("card"), { hasText: "Testcase, Dmitri" }).click();
      await page.locator(id("week-grid")).focus();
      for (const key of ["m", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
      await page.locator(id("ghost")).waitFor();
    },
  },
  { name: "week-all", query: "providers=12", steps: (page) => week(page, "") },
  {
    name: "views",
    query: "providers=12",
    steps: async (page) => {
      await page.keyboard.press("Shift+F2");
      await week(page);
      await page.keyboard.press("Escape");
      for (const key of ["Shift+F3", "w"]) await page.keyboard.press(key);
      await page.locator(id("day-grid")).waitFor();
      await page.keyboard.press("v");
      await page.locator(id("column-p2")).uncheck();
      await page.locator(id("show-all-columns")).waitFor();
    },
  },
  {
    name: "change",
    query: "",
    steps: async (page) => {
      await page.locator(id("card"), { hasText: "Sample, June" }).click();
      await page.keyboard.press("e");
      await page.locator(id("change-room")).selectOption("r2");
      await page.locator(id("change-type")).selectOption("PX");
      await page.locator(id("change-reason")).fill("Blood pressure");
    },
  },
  {
    name: "change-taken",
    query: "",
    steps: async (page) => {
      await page.locator(id("card"), { hasText: "Sample, June" }).click();
      await page.keyboard.press("e");
      await page.locator(id("change-room")).selectOption("r2");
      await page.keyboard.press("Enter");
      await page.locator(id("change-refusal")).waitFor();
    },
  },
  {
    name: "crowd",
    query: "odd",
    steps: async (page) => {
      await page.locator(id("more")).click();
      await page.locator(id("crowd-visit")).first().waitFor();
    },
  },
  {
    name: "pins",
    query: "",
    steps: async (page) => {
      for (const name of ["Testcase, Gwen", "Sample, Elif"]) {
        await page.locator(id("card"), { hasText: name }).click();
        await page.keyboard.press("x");
      }
      await page.keyboard.press("]");
      await page.locator(`${id("day-grid")}[data-date="2026-11-24"]`).waitFor();
      for (const key of ["j", "Alt+ArrowDown"]) await page.keyboard.press(key);
      await page.locator(id("ghost")).waitFor();
    },
  },
  {
    name: "legend",
    query: "",
    steps: async (page) => {
      await page.locator(id("legend")).locator("summary").click();
      await page.locator(`${id("legend")} li`).first().waitFor();
    },
  },
  {
    name: "booking-type",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("b");
      await page.locator(id("booking-type")).focus();
      await page.keyboard.press("ArrowDown");
      await page.locator(id("booking-type-found")).first().waitFor();
    },
  },
  {
    name: "visit-types",
    query: "role=admin",
    steps: async (page) => {
      await page.locator(id("nav-policy")).click();
      await page.locator(id("visit-types")).scrollIntoViewIfNeeded();
      await page.locator(id("type-NP")).waitFor();
    },
  },
  {
    name: "visit-type",
    query: "role=admin",
    steps: async (page) => {
      await page.locator(id("nav-policy")).click();
      await page.locator(id("type-NP")).click();
      await page.locator(id("type-dialog")).waitFor();
    },
  },
  {
    name: "history",
    query: "merged&untold",
    steps: async (page) => {
      await page.locator(id("card"), { hasText: "Testcase, Dmitri" }).click();
      await page.keyboard.press("h");
      await page.locator(id("history-dialog")).waitFor();
    },
  },
  {
    name: "rooms",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("v");
      await page.locator(id("columns-of-rooms")).check({ force: true });
      await page.locator(`${id("sheet")} [data-practitioner="r1"]`).waitFor();
    },
  },
  { name: "list", query: "", steps: (page) => list(page) },
  {
    name: "list-selected",
    query: "offline",
    steps: async (page) => {
      await list(page);
      await page.locator(id("list-row"), { hasText: "Testcase, Dmitri" }).click();
      await page.locator(id("panel")).waitFor();
    },
  },
  { name: "list-week", query: "providers=12&dense", steps: (page) => list(page, true) },
];
