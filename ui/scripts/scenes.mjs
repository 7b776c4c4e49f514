/** Every screen of the program, as an address of the fixture build and the steps that lead to it. */

import { accountScenes } from "./account-scenes.mjs";
import { patientScenes } from "./patient-scenes.mjs";
import { listScenes } from "./list-scenes.mjs";
import { scheduleScenes } from "./schedule-scenes.mjs";

/** @typedef {{ name: string, query: string, steps?: (page: import("playwright-core").Page) => Promise<void> }} Scene */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function select(page, name = "Testcase, Dmitri") {
  await page.locator(id("card"), { hasText: name }).first().click();
  await page.locator(`${id("panel")} ${id("history")}`).waitFor();
}

async function openChart(page) {
  await page.keyboard.press("Control+k");
  await page.locator(id("palette-input")).fill("dmi");
  await page.locator(id("palette-row")).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(id("chart")).waitFor();
}

async function openComputers(page) {
  await page.locator(id("nav-computers")).click();
  await page.locator(id("computers-table")).waitFor();
}

async function openKeeping(page) {
  await page.keyboard.press("6");
  await page.locator(id("backups")).waitFor();
}

const computer = (page, /** @type {string} */ which) => page.locator(`[data-computer="${which}"]`);

/** @type {Scene[]} */
export const scenes = [
  { name: "enrol", query: "phase=unenrolled" },
  { name: "enrol-forgotten", query: "phase=unenrolled&forgotten" },
  { name: "sign-in", query: "phase=signed_out" },
  {
    name: "sign-in-refused",
    query: "phase=signed_out",
    steps: async (page) => {
      await page.locator(id("member-m1")).check({ force: true });
      await page.locator(id("sign-in-password")).fill("wrong");
      await page.keyboard.press("Enter");
      await page.locator(id("sign-in-refusal")).waitFor();
    },
  },
  { name: "lock", query: "phase=locked&offline" },
  { name: "lock-lease", query: "phase=locked&reason=lease_ended" },
  { name: "hand-over", query: "phase=locked&reason=handed_over" },
  { name: "hand-over-new", query: "phase=locked&reason=handed_over", steps: (page) => page.locator(id("picker-input")).fill("tom@fictional.example") },
  { name: "day", query: "" },
  { name: "day-selected", query: "offline", steps: (page) => select(page) },
  { name: "day-provisional", query: "offline", steps: (page) => select(page, "Example, Farid") },
  { name: "day-lost", query: "lost", steps: (page) => select(page, "Example, Farid") },
  {
    name: "rebook-card",
    query: "lost",
    steps: async (page) => {
      await select(page, "Example, Farid");
      await page.keyboard.press("f");
      await page.locator(id("opening")).first().waitFor();
    },
  },
  { name: "day-kept", query: "kept=here" },
  { name: "hold", query: "kept=elsewhere", steps: async (page) => void (await page.locator(id("hold")).click()) },
  { name: "day-twelve", query: "providers=12" },
  { name: "day-twelve-dense", query: "providers=12&dense", steps: async (page) => void (await page.locator(id("card")).nth(30).click()) },
  {
    name: "day-after",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("]");
      await page.locator(`${id("sheet-ready")} ${id("card")}`).first().waitFor({ state: "attached" });
    },
  },
  { name: "day-stray", query: "stray" },
  {
    name: "day-beyond",
    query: "horizon&offline",
    steps: async (page) => {
      await page.keyboard.press("]");
      await page.locator(id("beyond-fetch")).waitFor();
    },
  },
  {
    name: "chart-beyond",
    query: "horizon&offline",
    steps: async (page) => {
      await openChart(page);
      await page.locator(id("beyond-fetch")).waitFor();
    },
  },
  { name: "day-empty", query: "empty" },
  { name: "day-first-sync", query: "first_sync" },
  {
    name: "day-after-today-first",
    query: "today_first",
    steps: async (page) => {
      await page.keyboard.press("]");
      await page.locator(id("day-grid")).getByText("not all here yet").first().waitFor();
    },
  },
  { name: "day-failed", query: "fail=day" },
  { name: "day-old", query: "stale=12", steps: async (page) => void (await page.locator(id("connection")).click()) },
  { name: "day-stale", query: "stale=41", steps: async (page) => void (await page.locator(id("connection")).click()) },
  { name: "day-trouble", query: "trouble", steps: async (page) => void (await page.locator(id("connection")).click()) },
  {
    name: "day-notice",
    query: "",
    steps: async (page) => {
      await select(page, "Testcase, Kofi");
      await page.keyboard.press("a");
      await page.locator(id("undo")).waitFor();
    },
  },
  { name: "date-picker", query: "", steps: async (page) => void (await page.locator(id("date-open")).click()) },
  {
    name: "slot",
    query: "",
    steps: async (page) => {
      await select(page);
      await page.keyboard.press("Shift+ArrowDown");
    },
  },
  {
    name: "booking",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("b");
      await page.locator(id("booking-patient")).fill("sam");
      await page.locator(id("booking-found")).first().waitFor();
    },
  },
  {
    name: "booking-overlap",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("b");
      await page.locator(id("booking-patient")).fill("marek");
      await page.locator(id("booking-found")).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(id("booking-time")).fill("9:45");
      await page.locator(id("booking-provider")).selectOption("p1");
      await page.locator(id("booking-reason")).fill("Blood pressure");
      await page.keyboard.press("Enter");
      await page.locator(id("booking-refusal")).waitFor();
    },
  },
  {
    name: "move",
    query: "",
    steps: async (page) => {
      await select(page, "Sample, Elif");
      for (const key of ["m", "ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    },
  },
  {
    name: "cancel",
    query: "",
    steps: async (page) => {
      await select(page, "Sample, Elif");
      await page.keyboard.press("c");
    },
  },
  {
    name: "overlap",
    query: "",
    steps: async (page) => {
      await select(page, "Sample, Elif");
      for (const key of ["m", "ArrowUp", "ArrowUp", "Enter"]) await page.keyboard.press(key);
      await page.locator(id("overlap-dialog")).waitFor();
    },
  },
  ...patientScenes,
  { name: "palette-empty", query: "", steps: async (page) => void (await page.keyboard.press("Control+k")) },
  {
    name: "palette",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("sam");
      await page.locator(id("palette-row")).first().waitFor();
    },
  },
  {
    name: "palette-near",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator(id("palette-input")).fill("bob");
      await page.locator(id("palette-near")).waitFor();
    },
  },
  { name: "chart", query: "offline", steps: openChart },
  {
    name: "chart-series",
    query: "",
    steps: async (page) => {
      await openChart(page);
      await page.locator(id("series")).first().click();
    },
  },
  {
    name: "chart-bare",
    query: "",
    steps: async (page) => {
      await page.locator(`${id("card")}:has(b:text-is("O"))`).dblclick();
      await page.locator(id("chart")).waitFor();
    },
  },
  { name: "outbox", query: "offline", steps: async (page) => void (await page.locator(id("nav-changes")).click()) },
  { name: "outbox-restored", query: "conflict&restored", steps: async (page) => void (await page.locator(id("nav-changes")).click()) },
  { name: "outbox-conflict", query: "offline&conflict", steps: async (page) => void (await page.locator(id("nav-changes")).click()) },
  {
    name: "settle",
    query: "offline&conflict",
    steps: async (page) => (await page.locator(id("nav-changes")).click(), await page.locator(id("settle-theirs")).click()),
  },
  {
    name: "settle-by-hand",
    query: "offline&conflict",
    steps: async (page) => {
      await page.locator(id("nav-changes")).click();
      await page.locator(id("settle-by-hand")).click();
      await page.locator(id("by-hand-time")).fill("9:45");
      await page.locator(id("by-hand-status")).selectOption("cancelled");
      await page.locator(id("by-hand-time")).press("Enter");
      await page.locator(id("by-hand-overbook")).waitFor();
    },
  },
  {
    name: "outbox-given-up",
    query: "offline&conflict",
    steps: async (page) => {
      await page.locator(id("nav-changes")).click();
      await page.locator(id("settle-theirs")).click();
      await page.locator(id("settle-go")).click();
      await page.locator(`${id("given-up")} summary`).click();
    },
  },
  {
    name: "rebook",
    query: "offline",
    steps: async (page) => {
      await page.locator(id("nav-changes")).click();
      await page.locator(id("outbox-rebook")).click();
      await page.locator(id("opening")).first().waitFor();
    },
  },
  {
    name: "merged",
    query: "merged",
    steps: async (page) => (await select(page), await page.locator(`${id("merged")} summary`).first().click()),
  },
  { name: "outbox-empty", query: "", steps: async (page) => void (await page.locator(id("nav-changes")).click()) },
  { name: "policy", query: "role=admin", steps: async (page) => void (await page.locator(id("nav-policy")).click()) },
  { name: "policy-read", query: "", steps: async (page) => void (await page.locator(id("nav-policy")).click()) },
  {
    name: "policy-save",
    query: "role=admin&policy_conflict",
    steps: async (page) => {
      await page.locator(id("nav-policy")).click();
      await page.locator(id("policy-front_desk-front_counter")).fill("2");
      await page.locator(id("policy-provider-exam_room")).fill("8");
      await page.locator(id("policy-review")).click();
      await page.locator(id("policy-save")).click();
      await page.locator(id("policy-refusal")).waitFor();
    },
  },
  { name: "computers", query: "role=admin", steps: openComputers },
  {
    name: "computers-stop",
    query: "role=admin",
    steps: async (page) => {
      await openComputers(page);
      await computer(page, "c2").locator(id("computer-stop")).click();
      await page.locator(id("stop-dialog")).waitFor();
    },
  },
  {
    name: "computers-wipe",
    query: "role=admin",
    steps: async (page) => {
      await openComputers(page);
      await computer(page, "c4").locator(id("computer-wipe")).click();
      await page.locator(id("wipe-name")).fill("Biling");
      await page.locator(id("wipe-go")).click();
      await page.locator(`${id("wipe-name")}[aria-invalid=true]`).waitFor();
    },
  },
  { name: "computers-empty", query: "role=admin&no_computers", steps: async (page) => void (await page.keyboard.press("4"), await page.locator(id("computers-empty")).waitFor()) },
  { name: "computers-offline", query: "role=admin&offline", steps: async (page) => void (await page.keyboard.press("4"), await page.locator(id("computers-refusal")).waitFor()) },
  { name: "keeping", query: "role=admin", steps: openKeeping },
  { name: "keeping-none", query: "role=admin&backups=none", steps: openKeeping },
  { name: "keeping-late", query: "role=admin&backups=late&ending", steps: openKeeping },
  { name: "keeping-drill", query: "role=admin&backups=drill", steps: openKeeping },
  { name: "deletion-pending", query: "role=admin&deleting", steps: async (page) => (await openKeeping(page), await page.locator(id("keep-ask")).click(), await page.locator(id("keep-dialog")).waitFor()) },
  {
    name: "deletion-ask",
    query: "role=admin",
    steps: async (page) => {
      await openKeeping(page);
      await page.locator(id("deletion-ask")).click();
      await page.locator(id("deletion-name")).fill("Family");
      await page.locator(id("deletion-go")).click();
      await page.locator(`${id("deletion-name")}[aria-invalid=true]`).waitFor();
    },
  },
  { name: "deletion-runs", query: "role=admin&deleting", steps: async (page) => (await openKeeping(page), await page.locator(id("deletion-pending")).scrollIntoViewIfNeeded()) },
  { name: "export-ask", query: "role=admin", steps: async (page) => (await openKeeping(page), await page.locator(id("export-ask")).click(), await page.locator(id("export-dialog")).waitFor()) },
  {
    name: "export-runs",
    query: "role=admin&endless",
    steps: async (page) => {
      await openKeeping(page);
      await page.locator(id("export-ask")).click();
      await page.locator(id("export-go")).click();
      await page.locator(`${id("export-state")}[data-state=running]`).waitFor();
    },
  },
  {
    name: "export-done",
    query: "role=admin",
    steps: async (page) => {
      await openKeeping(page);
      await page.locator(id("export-ask")).click();
      await page.locator(id("export-go")).click();
      await page.locator(`${id("export-state")}[data-state=done]`).waitFor();
    },
  },
  { name: "keeping-offline", query: "role=admin&offline", steps: async (page) => void (await page.keyboard.press("6"), await page.locator(id("keeping-refusal")).waitFor()) },
  { name: "outbox-too-old", query: "too_old", steps: async (page) => (await page.locator(id("nav-changes")).click(), await page.locator(id("outbox-trouble")).waitFor()) },
  { name: "keys", query: "", steps: async (page) => void (await page.keyboard.press("?")) },
  {
    name: "settings",
    query: "",
    steps: async (page) => {
      await page.keyboard.press("Control+,");
      await page.locator(id("settings")).waitFor();
    },
  },
  { name: "member-menu", query: "", steps: async (page) => void (await page.locator(id("nav-me")).click()) },
  { name: "schedule-only", query: "offline&grace" },
  { name: "damaged", query: "damaged" },
  { name: "findings", query: "damaged", steps: async (page) => void (await page.locator(id("findings")).click()) },
  { name: "ending", query: "role=admin&ending", steps: async (page) => void (await page.locator(id("findings")).click()) },
  { name: "names-hidden", query: "offline", steps: async (page) => (await select(page), await page.keyboard.press("Control+Shift+B")) },
  {
    name: "names-hidden-chart",
    query: "",
    steps: async (page) => {
      await openChart(page);
      await page.keyboard.press("Control+Shift+B");
    },
  },
  { name: "idle", query: "idle=27", steps: async (page) => void (await page.locator(id("idle-warning")).waitFor()) },
  ...scheduleScenes,
  ...accountScenes,
  ...listScenes,
];
