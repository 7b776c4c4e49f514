/** Screens of looking for time, and of the lists. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function seek(page, /** @type {string} */ words) {
  await page.keyboard.press("o");
  await page.locator(id("openings-words")).fill(words);
  await page.locator(`${id("found")}, ${id("found-nothing")}`).first().waitFor();
}

async function free(page) {
  await page.locator(id("card"), { hasText: "Sample, Elif" }).first().click();
  await page.keyboard.press("c");
  await page.locator(id("cancel-reason")).fill("Patient is ill");
  await page.keyboard.press("Enter");
  await page.locator(id("freed")).waitFor();
}

async function openWaitlist(page) {
  await page.keyboard.press("7");
  await page.locator(`${id("waitlist-table")}, ${id("waitlist-empty")}`).first().waitFor();
}

/** The list `many` after the waitlist, with its second row marked. */
async function openCalls(page, /** @type {number} */ many) {
  await openWaitlist(page);
  for (let i = 0; i < many; i++) await page.keyboard.press("]");
  await page.locator(`${id("call-table")}, ${id("call-empty")}`).first().waitFor();
  await page.waitForTimeout(50);
  await page.keyboard.press("ArrowDown");
}

async function repeat(page) {
  await page.keyboard.press("b");
  await page.locator(id("booking-patient")).fill("dmi");
  await page.locator(id("booking-found")).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(id("booking-time")).fill("11:00");
  await page.locator(id("repeats")).check();
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
  { name: "waitlist", query: "offline", steps: openWaitlist },
  { name: "waitlist-empty", query: "nobody_waits", steps: openWaitlist },
  {
    name: "waitlist-leave",
    query: "",
    steps: async (page) => {
      await openWaitlist(page);
      await page.keyboard.press("Delete");
      await page.locator(id("leave-dialog")).waitFor();
    },
  },
  {
    name: "waitlist-join",
    query: "",
    steps: async (page) => {
      await openWaitlist(page);
      await page.keyboard.press("a");
      await page.locator(id("pick-patient")).fill("dmi");
      await page.locator(id("pick-found")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("join-words")).fill("45 two mornings purple");
    },
  },
  {
    name: "confirm",
    query: "",
    steps: async (page) => {
      await openCalls(page, 1);
      await page.keyboard.press("n");
      await page.locator(id("call-last"), { hasText: "no answer" }).waitFor();
      await page.keyboard.press("ArrowDown");
    },
  },
  { name: "missed", query: "", steps: (page) => openCalls(page, 2) },
  { name: "recall", query: "offline", steps: (page) => openCalls(page, 3) },
  { name: "recall-empty", query: "nobody_due", steps: (page) => openCalls(page, 3) },
  {
    name: "recall-add",
    query: "",
    steps: async (page) => {
      await openCalls(page, 3);
      await page.keyboard.press("a");
      await page.locator(id("pick-patient")).fill("dmi");
      await page.locator(id("pick-found")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("recall-in-6")).click();
    },
  },
  {
    name: "openings-for",
    query: "",
    steps: async (page) => {
      await seek(page, "30");
      await page.locator(id("pick-patient")).fill("dmi");
      await page.locator(id("pick-found")).first().waitFor();
    },
  },
  { name: "repeats", query: "", steps: repeat },
  {
    name: "series",
    query: "",
    steps: async (page) => {
      await repeat(page);
      await page.keyboard.press("Enter");
      await page.locator(id("series-visits")).waitFor();
      await page.locator(id("series-near")).first().click();
    },
  },
  {
    name: "scope",
    query: "",
    steps: async (page) => {
      await page.locator(id("card"), { hasText: "Sample, Quinn" }).last().click();
      await page.keyboard.press("c");
      await page.locator(id("cancel-reason")).fill("Healed");
      await page.keyboard.press("Enter");
      await page.locator(id("scope-dialog")).waitFor();
    },
  },
  { name: "freed", query: "", steps: free },
  {
    name: "offers",
    query: "",
    steps: async (page) => {
      await free(page);
      await page.keyboard.press("u");
      await page.locator(id("offer")).first().waitFor();
    },
  },
];
