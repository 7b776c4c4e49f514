import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { browse, enter } from "../../scripts/browse.mjs";

let browser: Browser;
let page: Page;
let complaints: string[];
let close: () => Promise<void>;

beforeAll(async () => void (browser = await browse()));
afterAll(() => browser.close());
afterEach(async () => {
  expect(complaints).toEqual([]);
  await close();
});

async function open(query: string): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "held-time", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const holdIs = (kept: string) => page.locator(`[data-testid="sheet"] [data-kept="${kept}"]`).waitFor();

test("a hold is kept here and given up by its own button; another computer's only after a question", async () => {
  await open("");
  await at("hold").press("Enter");
  await holdIs("here");
  await at("hold").click();
  await holdIs("nobody");
  await close();
  await open("kept=elsewhere");
  await at("hold").click();
  await at("hold-dialog").waitFor();
  await page.keyboard.press("Escape");
  await at("hold-dialog").waitFor({ state: "detached" });
  await holdIs("elsewhere");
  await at("hold").click();
  await at("hold-go").click();
  await holdIs("nobody");
});

test("time that is kept here is free time for the keyboard, and time held for all is not", async () => {
  for (const [kept, reached] of [["here", true], ["nobody", false]] as const) {
    await open(`kept=${kept}`);
    await page.locator('[data-testid="card"]', { hasText: "Example, Uma" }).click();
    const slots: string[] = [];
    for (let n = 0; n < 8; n++) {
      await page.keyboard.press("Shift+ArrowDown");
      slots.push((await at("slot").textContent()) ?? "");
    }
    expect(slots.some((slot) => slot.includes("11:00")), kept).toBe(reached);
    if (kept === "here") await close();
  }
});

test("a visit that lost its time says so where it stands, and another is one key away", async () => {
  await open("lost");
  const card = page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Example, Farid" });
  expect(await card.textContent()).toContain("Time taken");
  await card.click();
  await page.keyboard.press("f");
  await at("opening").nth(4).waitFor();
  expect(await at("opening").nth(3).textContent()).toContain("kept here");
  await page.keyboard.press("4");
  await at("rebook-dialog").waitFor({ state: "detached" });
  expect(await card.textContent()).not.toContain("Time taken");
  expect(await card.evaluate((node) => node.closest("[data-practitioner]")?.getAttribute("data-practitioner")), "with whom was chosen").toBe("p4");
});

test("an admin sets how far a schedule may be overbooked, and a visit is booked into a room", async () => {
  await open("role=admin");
  await at("nav-policy").click();
  await at("overbook-limit").first().selectOption("2");
  await at("nav-day").click();
  await at("nav-policy").click();
  expect(await at("overbook-limit").first().inputValue()).toBe("2");
  await close();
  await open("");
  await page.keyboard.press("b");
  await at("booking-patient").fill("marek");
  await at("booking-found").first().waitFor();
  await page.keyboard.press("Enter");
  await at("booking-room").selectOption({ label: "Room 2" });
  await at("booking-time").fill("4:15");
  await page.keyboard.press("Enter");
  await at("panel").getByText("Room 2").waitFor();
});

test("a visit is moved to another room and out of it, and taken back", async () => {
  await open("");
  await page.locator('[data-testid="sheet"] [data-testid="card"]', { hasText: "Sample, Elif" }).click();
  await page.keyboard.press("m");
  await at("move-room").selectOption({ label: "Room 2" });
  await at("move-room").press("Enter");
  await at("panel").getByText("Room 2").waitFor();
  await page.keyboard.press("m");
  await at("move-room").press("ArrowUp");
  expect(await at("move-room").inputValue(), "arrows choose in the list").toBe("r1");
  expect(await at("move-panel").textContent(), "and carry nothing").toContain("10:30–11:00 am");
  await at("move-room").selectOption({ label: "None" });
  await at("move-set").click();
  await expect.poll(() => at("panel").textContent()).not.toContain("Room 2");
  await page.keyboard.press("Control+z");
  await at("panel").getByText("Room 2").waitFor();
});
