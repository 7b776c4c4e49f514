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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "outbox", query }));
  await at("nav-changes").click();
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);

test("a conflict says what each side did and is settled by keeping ours, or by giving way after a question", async () => {
  const line = () => page.locator('[data-testid="outbox-line"][data-change="w6"]');
  await open("offline&conflict");
  await at("settle-mine").waitFor();
  expect(await line().textContent()).toContain("Nia Nurse, RN moved it to 23 Nov 14:30.");
  expect(await line().locator("tbody tr").allTextContents()).toContain("Note––Bring the letterBring the letter from the host");
  await at("settle-mine").click();
  await at("settle-mine").waitFor({ state: "detached" });
  expect(await line().count(), "it waits to be sent").toBe(1);
  await close();
  await open("offline&conflict");
  await at("settle-theirs").click();
  await at("settle-go").click();
  await line().waitFor({ state: "detached" });
});

test("who lost a race for a time takes the nearest opening with one key", async () => {
  await open("offline");
  await at("outbox-rebook").click();
  await at("opening").first().waitFor();
  expect(await at("rebook-dialog").textContent()).toContain("(555) 010-0188");
  await page.keyboard.press("2");
  await at("rebook-dialog").waitFor({ state: "detached" });
  await at("outbox-rebook").waitFor({ state: "detached" });
});

test("a computer that is too old for its host says so, once, above what waits", async () => {
  await open("too_old");
  await at("outbox-trouble").waitFor();
  expect(await at("outbox-trouble").textContent()).toContain("This computer needs a newer Shadowchart");
  expect(await page.locator("[data-change]").count()).toBeGreaterThan(2);
  expect(await page.getByText("needs a newer Shadowchart").count()).toBe(1);
  expect(await at("connection").textContent()).toContain("Not syncing");
  await close();
  await open("offline");
  await page.locator("[data-change]").first().waitFor();
  expect(await at("outbox-trouble").count(), "a line that is down is no trouble").toBe(0);
});

test("that the host was put back from a backup is said where the changes are", async () => {
  await open("restored");
  expect(await at("outbox-restored").innerText()).toContain("gave back 12 records");
  await close();
  await open("offline");
  await at("outbox").waitFor();
  expect(await at("outbox-restored").count()).toBe(0);
});

test("what needs a person is somebody's, can be taken over, and handed to who signs in here", async () => {
  await open("offline");
  const line = () => page.locator('[data-change="w5"]');
  await line().waitFor();
  expect(await line().locator('[data-testid="owner"]').innerText()).toContain("Provider One, MD looks after this.");
  await line().locator('[data-testid="take-over"]').click();
  await line().getByText("You look after this.").waitFor();
  expect(await line().locator('[data-testid="take-over"]').count()).toBe(0);
  await line().locator('[data-testid="hand-to"]').selectOption({ label: "Nia Nurse, RN" });
  await line().getByText("Nia Nurse, RN looks after this.").waitFor();
  expect(await page.locator('[data-change="w1"] [data-testid="owner"]').count(), "what only waits is nobody's work").toBe(0);
});

test("neither side's: what is entered stands, and a refusal loses nothing of it", async () => {
  await open("offline&conflict");
  await at("settle-by-hand").click();
  expect(await at("by-hand-date").evaluate((node) => node === document.activeElement), "the keyboard is in the first field").toBe(true);
  expect([await at("by-hand-time").inputValue(), await at("by-hand-minutes").inputValue()], "it begins as the host has it").toEqual(["2:30 pm", "20"]);
  await at("by-hand-time").fill("soon");
  await page.keyboard.press("Enter");
  await page.getByText("Say at what time, as 9:45.").waitFor();
  await at("by-hand-time").fill("9:45");
  await at("by-hand-comment").fill("asked by phone");
  await page.keyboard.press("Enter");
  await at("by-hand-refusal").waitFor();
  expect(await at("by-hand-refusal").innerText()).toContain("That time is taken.");
  expect([await at("by-hand-time").inputValue(), await at("by-hand-comment").inputValue()]).toEqual(["9:45", "asked by phone"]);
  await page.keyboard.type("family");
  await page.keyboard.press("Enter");
  await at("by-hand-dialog").waitFor({ state: "detached" });
  await at("settle-by-hand").waitFor({ state: "detached" });
  expect(await page.locator('[data-change="w6"]').count(), "it waits to be sent").toBe(1);
});

test("giving way is taken back from the foot of the page, and from the page itself", async () => {
  for (const way of ["undo", "bring-back"]) {
    await open("offline&conflict");
    await at("settle-theirs").click();
    await at("settle-go").click();
    await at("given-up").waitFor();
    expect(await at("given-up").innerText()).toContain("Placeholder, June: arrived");
    await at(way).click();
    await at("given-up").waitFor({ state: "detached" });
    await page.getByText("brought back what was given up").first().waitFor();
    if (way === "undo") await close();
  }
});
