/** Writing down who a patient is, and their arrival. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

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
