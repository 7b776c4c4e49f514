import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";

let browser: Browser;
let page: Page;
let complaints: string[];
let close: () => Promise<void>;
let keystrokes = 0;

beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());
beforeEach(() => void (keystrokes = 0));
afterEach(async () => {
  expect(complaints).toEqual([]);
  await close();
});

async function open(query = "", size = {}): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "journey", query }, size));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const card = (name: string) => at("card").filter({ hasText: name }).first();

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    keystrokes += 1;
  }
}

async function type(text: string): Promise<void> {
  await page.keyboard.type(text);
}

const status = (name: string) => card(name).getAttribute("data-status");
const focusedCard = () => page.evaluate(() => document.activeElement?.closest("[data-card]")?.textContent ?? "");

test("a patient is checked in with two keystrokes", async () => {
  await open();
  await card("Testcase, Dmitri").focus();
  await press("ArrowDown", "a");
  await at("undo").waitFor();
  expect(await status("Sample, Elif")).toBe("arrived");
  expect(keystrokes).toBeLessThanOrEqual(2);
  expect(await focusedCard()).toContain("Sample, Elif");
});

test("a known patient is booked by keyboard in twelve keystrokes after the name", async () => {
  await open();
  await page.keyboard.press("b");
  await type("uma");
  await at("booking-found").first().waitFor();
  await press("Enter");
  await at("booking-patient-chosen").waitFor();
  await press(..."recheck".split(""), "Enter");
  await at("undo").waitFor();
  expect(keystrokes).toBeLessThanOrEqual(12);
  expect(await at("panel").locator('[data-testid="patient-name"]').textContent()).toBe("Example, Uma");
  expect(await at("booking").count()).toBe(0);
});

test("a half-made booking is kept when it is closed", async () => {
  await open();
  await press("b");
  await type("carla");
  await at("booking-found").first().waitFor();
  await press("Enter");
  await at("booking-reason").fill("New patient");
  await press("Escape");
  expect(await at("booking").count()).toBe(0);
  await press("b");
  expect(await at("booking-reason").inputValue()).toBe("New patient");
  expect(await at("booking-patient-chosen").textContent()).toContain("Example, Carla");
  await at("booking-restart").click();
  expect(await at("booking-patient").inputValue()).toBe("");
});

test("a taken time is refused in words and can be booked over with a reason", async () => {
  await open();
  await press("b");
  await type("uma");
  await at("booking-found").first().waitFor();
  await press("Enter");
  await at("booking-provider").selectOption("p1");
  await at("booking-time").fill("9:45");
  await at("booking-time").press("Enter");
  await at("booking-refusal").waitFor();
  expect(await at("booking-refusal").textContent()).toContain("Testcase, Dmitri");
  await type("squeezed in");
  await press("Enter");
  await at("undo").waitFor();
  expect(await card("Example, Uma").count()).toBe(1);
});

test("free time is found and booked from the grid by keyboard", async () => {
  await open();
  await card("Testcase, Dmitri").click();
  await press("Shift+ArrowDown");
  expect(await at("slot").textContent()).toContain("10:15");
  await press("Enter");
  expect(await at("booking-time").inputValue()).toBe("10:15");
});

test("a visit is moved by arrows, and taken back", async () => {
  await open();
  await card("Sample, Elif").click();
  await press("m", "ArrowDown", "ArrowDown", "ArrowRight");
  expect(await at("move-panel").textContent()).toContain("11:00–11:30 am");
  await press("Enter");
  await at("undo").waitFor();
  const column = (name: string) => card(name).evaluate((el) => el.closest("[data-practitioner]")?.getAttribute("data-practitioner"));
  expect(await column("Sample, Elif")).toBe("p2");
  expect(await focusedCard()).toContain("Sample, Elif");
  await press("Control+z");
  await expect.poll(() => column("Sample, Elif")).toBe("p1");
});

test("a visit is moved by the pointer", async () => {
  await open();
  const from = await card("Sample, Elif").boundingBox();
  const to = await page.locator('[data-practitioner="p3"]').boundingBox();
  if (!from || !to) throw new Error("nothing to drag");
  await page.mouse.move(from.x + 30, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 60, from.y + 50, { steps: 6 });
  expect(await at("ghost").textContent()).toContain("Sample, Elif");
  await page.mouse.up();
  await at("undo").waitFor();
  expect(await at("notice").textContent()).toContain("Moved Sample, Elif to 11:00");
});

test("a move that is let go changes nothing", async () => {
  await open();
  await card("Sample, Elif").click();
  await press("m", "ArrowDown", "Escape");
  expect(await at("move-panel").count()).toBe(0);
  expect(await at("undo").count()).toBe(0);
});

test("a cancellation wants a reason, and can be taken back", async () => {
  await open();
  await card("Sample, Elif").click();
  await press("c", "Enter");
  expect(await at("cancel-dialog").count()).toBe(1);
  await type("Patient is ill");
  await press("Enter");
  await at("undo").waitFor();
  expect(await status("Sample, Elif")).toBe("cancelled");
  await press("Control+z");
  await expect.poll(() => status("Sample, Elif")).toBe("booked");
});

test("a search shows nothing before the first letter, then all three identifiers", async () => {
  await open();
  await press("Control+k");
  expect(await at("palette-row").count()).toBe(0);
  await type("dmi");
  await at("palette-row").first().waitFor();
  const row = await at("palette-row").first().textContent();
  for (const part of ["Testcase, Dmitri", "14 Mar 1961", "No. 004 218"]) expect(row).toContain(part);
  await press("Enter");
  await at("chart").waitFor();
  await press("Escape");
  await at("day-grid").waitFor();
});

test("booking from the search takes the patient along", async () => {
  await open();
  await press("Control+k");
  await type("dmi");
  await at("palette-row").first().waitFor();
  await press("Alt+Enter");
  expect(await at("booking-patient-chosen").textContent()).toContain("Testcase, Dmitri");
});

test("a refresh from elsewhere takes neither the focus nor what is typed", async () => {
  await open();
  await card("Testcase, Kofi").click();
  const refresh = () => page.evaluate(() => void window.dispatchEvent(new Event("fixture-data")));
  await refresh();
  await page.waitForFunction(() => document.activeElement?.textContent?.includes("Testcase, Kofi"));
  await press("b");
  await type("sam");
  await refresh();
  await at("booking-found").first().waitFor();
  expect(await at("booking-patient").inputValue()).toBe("sam");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("booking-patient");
});

test("the lock leaves no patient's name, and the password brings the same place back", async () => {
  await open();
  await press("]");
  await page.locator('[data-testid="day-grid"][data-date="2026-11-24"]').waitFor();
  await press("Control+k");
  await type("dmi");
  await at("palette-row").first().waitFor();
  await press("Enter");
  await at("chart").waitFor();
  await press("Control+l");
  await at("lock-screen").waitFor();
  const left = await page.content();
  for (const name of ["Testcase", "Sample,", "penicillin"]) expect(left).not.toContain(name);
  await type("right");
  await press("Enter");
  await at("chart").waitFor();
  await press("Escape");
  await page.locator('[data-testid="day-grid"][data-date="2026-11-24"]').waitFor();
});

test("a secret is sent once and its field is cleared", async () => {
  await open("phase=locked");
  await type("wrong");
  await press("Enter");
  await at("lock-refusal").waitFor();
  expect(await at("lock-password").inputValue()).toBe("");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe("lock-password");
});

test("nothing but settings of the window is stored", async () => {
  await open();
  await press("Control+,");
  await page.locator('[data-testid="theme-dark"]').check({ force: true });
  expect(await page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  await press("Escape");
  await card("Testcase, Kofi").click();
  const stored = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
  expect(stored).toEqual([["shadowchart.theme"], [], ""]);
});

test("the idle warning does not take the focus", async () => {
  await open("idle=20");
  await card("Testcase, Kofi").focus();
  await at("idle-warning").waitFor();
  expect(await focusedCard()).toContain("Testcase, Kofi");
});

test("a pointer that moves puts the lock off", async () => {
  await open("idle=20");
  await at("idle-warning").waitFor();
  await page.mouse.move(300, 300);
  await page.mouse.move(310, 300);
  await at("idle-warning").waitFor({ state: "detached" });
  expect(await at("lock-screen").count()).toBe(0);
  expect(await at("day-grid").count()).toBe(1);
});

test("the sheet for paper says how old its data is", async () => {
  await open("offline");
  await page.evaluate(() => {
    window.print = () => void document.body.setAttribute("data-printed", document.querySelector("[data-testid=print-sheet]")?.textContent ?? "");
  });
  await press("Control+p");
  await page.locator("body[data-printed]").waitFor({ state: "attached" });
  const printed = await page.getAttribute("body", "data-printed");
  expect(printed).toContain("Data as of 9:41 am");
  expect(printed).toContain("Testcase, Dmitri");
  expect(await at("print-sheet").count()).toBe(0);
});

test("a visit that names no provider of the day is on paper too", async () => {
  await open("stray");
  await page.evaluate(() => {
    window.print = () => void document.body.setAttribute("data-printed", document.querySelector("[data-testid=print-sheet]")?.textContent ?? "");
  });
  await press("Control+p");
  await page.locator("body[data-printed]").waitFor({ state: "attached" });
  expect(await page.getAttribute("body", "data-printed")).toContain("Left by a provider who is gone");
});

test("plain letters can be turned off", async () => {
  await open();
  await at("nav-me").click();
  await at("menu-settings").click();
  await at("single-keys").uncheck();
  await press("Escape", "b");
  expect(await at("booking").count()).toBe(0);
});

test("a time-out of one's own is in force at once, and nothing longer than the practice allows is offered", async () => {
  await open();
  await press("Control+,");
  const offered = await at("settings-time-out").locator("option").allTextContents();
  expect(offered).toEqual(["1 min", "2 min", "3 min", "5 min, as the practice allows"]);
  await at("settings-time-out").selectOption({ label: "2 min" });
  await expect.poll(() => at("time-out").textContent()).toContain("Locks after 2 min");
});

test("what is refused is shown as it was, and said", async () => {
  await open("fail=set_settings");
  await press("Control+,");
  await at("settings-time-out").selectOption({ label: "2 min" });
  await at("settings-refusal").waitFor();
  expect(await at("settings-time-out").inputValue()).toBe("");
  expect(await at("time-out").textContent()).toContain("Locks after 5 min");
});

test("settings are a member's own: the next one has theirs, and they come back to whose they are", async () => {
  await open();
  await press("Control+,");
  await page.locator('[data-testid="theme-dark"]').check({ force: true });
  await at("single-keys").uncheck();
  await press("Escape");
  const unlock = async (letters: string) => {
    await press("Control+Shift+L");
    await at("member-picker").waitFor();
    await type(letters);
    await press("Enter");
    await at("lock-password").waitFor();
    await type("right");
    await press("Enter");
    await at("day-grid").waitFor();
  };
  const theme = () => page.evaluate(() => document.documentElement.dataset["theme"]);
  await unlock("nia");
  expect(await theme()).toBe("light");
  await press("b");
  await at("booking").waitFor();
  await unlock("fran");
  expect(await theme()).toBe("dark");
  await press("b");
  expect(await at("booking").count()).toBe(0);
});

/** Opens the next day and waits until it is painted. */
async function nextDay(): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        const shown = () => document.querySelector("[data-testid=day-grid]")?.getAttribute("data-date");
        const before = shown();
        window.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true }));
        const look = () => {
          if (shown() === before) return void requestAnimationFrame(look);
          // The frame after the change has been painted when a task behind it runs.
          requestAnimationFrame(() => setTimeout(done));
        };
        requestAnimationFrame(look);
      }),
  );
}

/** Puts a copy of the shown day in its place: the least that any program would pay to draw it. */
async function drawBare(): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        const sheet = document.querySelector("[data-testid=day-grid] > *");
        const copy = sheet?.cloneNode(true) as HTMLElement;
        sheet?.replaceWith(copy);
        copy.getBoundingClientRect();
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
      }),
  );
}

// The bar of 100 ms is measured in the real window, by the bench. This one holds on a busy machine too.
test("another day of twelve providers costs at most four bare drawings of its three hundred visits", async () => {
  await open("providers=12&dense");
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration")?.value ?? NaN;
  const median = async (work: () => Promise<void>) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const before = await spent();
      await work();
      times.push(((await spent()) - before) * 1000);
    }
    return times.toSorted((a, b) => a - b)[3] as number;
  };
  const switching = await median(nextDay);
  expect(await at("card").count()).toBeGreaterThanOrEqual(280);
  const bare = await median(drawBare);
  expect(switching, `a switch took ${switching.toFixed()} ms, a bare drawing ${bare.toFixed()} ms`).toBeLessThan(4 * bare);
});

test("what is wrong with the chart stands at the foot of every page, with what to do about it", async () => {
  await open("damaged");
  await at("findings").waitFor();
  await page.keyboard.press("2");
  await at("findings").click();
  expect(await at("findings-dialog").textContent()).toContain("Restore it from a backup");
  await page.keyboard.press("Escape");
  await at("findings-dialog").waitFor({ state: "detached" });
});

test("a certificate that ends soon is said calmly, with its day, and not as damage", async () => {
  await open("role=admin&ending");
  await at("findings").waitFor();
  expect(await at("findings").textContent()).toContain("A certificate ends soon");
  await at("findings").click();
  expect(await at("findings-dialog").textContent()).toContain("The host's certificate ends on December 21, 2026.");
  expect(await at("findings-dialog").textContent()).not.toContain("needs care");
  await close();
  await open("role=admin&ending&damaged");
  await at("findings").waitFor();
  expect(await at("findings").textContent(), "damage comes first").toContain("This chart needs care");
});
