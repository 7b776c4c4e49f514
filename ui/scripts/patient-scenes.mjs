/** Writing down who a patient is, and their arrival. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function openChart(page) {
  await page.keyboard.press("Control+k");
  await page.locator(id("palette-input")).fill("dmi");
  await page.locator(id("palette-row")).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(id("chart")).waitFor();
}

async function readNote(page, section, nth) {
  await openChart(page);
  await page.locator(`${id(section)} ${id("chart-open")}`).nth(nth).click();
  await page.locator(id("note-facts")).waitFor();
}

async function writeNote(page, text) {
  await openChart(page);
  await page.keyboard.press("n");
  await page.locator(id("note-text")).fill(text);
}

const NOTE = "S: Called about the results. Feels well, no new complaints.\n\nO: HbA1c 7.1 %, before 7.6 %. Creatinine 1.1 mg/dL.\n\nA: Type 2 diabetes mellitus, better.\n\nP: Continue as agreed. Labs again in three months.";

/** @type {import("./scenes.mjs").Scene[]} */
export const patientScenes = [
  {
    name: "register",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("p");
      await page.locator(id("patient-family")).fill("Testkase");
      await page.locator(id("patient-given")).fill("Dmitri");
      await page.locator(id("patient-birth_date")).fill("3/14/1961");
      await page.keyboard.press("Enter");
      await page.locator(id("patient-asking")).waitFor();
    },
  },
  {
    name: "register-wrong",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("p");
      await page.locator(id("patient-birth_date")).fill("1/1/2030");
      await page.locator(id("patient-email")).fill("ada");
      await page.keyboard.press("Enter");
      await page.locator('[id$="-email-problem"]').waitFor();
    },
  },
  {
    name: "register-nobody",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("b");
      await page.locator(id("booking-patient")).fill("newcomer, ada");
      await page.locator(id("booking-register")).waitFor();
    },
  },
  {
    name: "palette-nobody",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("newcomer, ada");
      await page.locator(id("palette-register")).waitFor();
    },
  },
  {
    name: "change-patient",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("dmi");
      await page.locator(id("palette-row")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("chart")).waitFor();
      await page.keyboard.press("e");
      await page.locator(id("patient-family")).waitFor();
    },
  },
  {
    name: "merge",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("dmi");
      await page.locator(id("palette-row")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("chart")).waitFor();
      await page.keyboard.press("m");
      await page.locator(id("merge-find")).fill("sample ada");
      await page.locator(id("merge-found")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("merge-go")).waitFor();
    },
  },
  {
    name: "merge-find",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("dmi");
      await page.locator(id("palette-row")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("chart")).waitFor();
      await page.keyboard.press("m");
      await page.locator(id("merge-find")).fill("sample");
      await page.locator(id("merge-found")).first().waitFor();
    },
  },
  {
    name: "same-person",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("dmi");
      await page.locator(id("palette-row")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("chart")).waitFor();
      await page.keyboard.press("m");
      await page.locator(id("merge-find")).fill("sample ada");
      await page.locator(id("merge-found")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("merge-go")).click();
      await page.locator(id("apart")).click();
    },
  },
  { name: "note-read", query: "role=provider", steps: (page) => readNote(page, "chart-notes", 0) },
  { name: "note-read-parts", query: "", steps: (page) => readNote(page, "chart-documents", 0) },
  { name: "note-read-unsaid", query: "", steps: (page) => readNote(page, "chart-documents", 1) },
  { name: "note-write", query: "role=provider", steps: (page) => writeNote(page, NOTE) },
  {
    name: "note-write-missing",
    query: "role=clinical",
    steps: async (page) => {
      await writeNote(page, "");
      await page.locator(id("note-go")).click();
      await page.locator(`${id("note-write")} [role=alert]`).waitFor();
    },
  },
  {
    name: "note-written",
    query: "role=provider&offline",
    steps: async (page) => {
      await writeNote(page, NOTE);
      await page.keyboard.press("Control+Enter");
      await page.locator(id("undo")).waitFor();
      await page.locator(id("chart-notes")).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "note-read-provisional",
    query: "role=provider&offline",
    steps: async (page) => {
      await writeNote(page, NOTE);
      await page.keyboard.press("Control+Enter");
      await page.locator(`${id("chart-notes")} ${id("chart-open")}`).nth(2).waitFor();
      await page.locator(`${id("chart-notes")} ${id("chart-open")}`).first().click();
      await page.locator(id("note-provisional")).waitFor();
    },
  },
  { name: "odd", query: "odd", steps: async (page) => void (await page.locator(id("card")).nth(3).click()) },
  {
    name: "arrival",
    query: "",
    steps: async (page) => {
      await page.locator(id("card"), { hasText: "Testcase, Kofi" }).first().click();
      await page.keyboard.press("a");
      await page.locator(`${id("alerts-seen")}:focus`).waitFor();
    },
  },
];
