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

async function open(query = "role=admin"): Promise<void> {
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "computers", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const row = (id: string) => page.locator(`[data-computer="${id}"]`);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const standing = (id: string) => row(id).locator('[data-testid="computer-standing"]').innerText();

test("by keyboard alone a computer is stopped with a comment, and let work again", async () => {
  await open();
  await page.keyboard.press("4");
  await at("computers-table").waitFor();
  await row("c3").locator('[data-testid="computer-stop"]').focus();
  await page.keyboard.press("Enter");
  await at("stop-dialog").waitFor();
  await expect.poll(focused).toBe("stop-comment");
  expect(await at("stop-here").count()).toBe(0);
  await page.keyboard.type("screen is broken");
  await page.keyboard.press("Enter");
  await expect.poll(() => standing("c3")).toContain("Stopped");
  await expect.poll(focused, { message: "the keyboard stays in the row" }).toBe("computer-start");
  expect(await at("computers-said").innerText()).toContain("Exam room 2 is stopped.");
  await page.keyboard.press("Enter");
  await expect.poll(() => standing("c3")).toBe("Works");
  await expect.poll(focused).toBe("computer-stop");
});

test("a wipe wants the computer's name, and Escape takes nothing", async () => {
  await open();
  await page.keyboard.press("4");
  await row("c4").locator('[data-testid="computer-wipe"]').click();
  await at("wipe-dialog").waitFor();
  const said = await at("wipe-dialog").innerText();
  for (const words of ["cannot be undone", "not sent goes to the host sealed", "shadowchart-hosted rescue"]) expect(said).toContain(words);
  await page.keyboard.press("Escape");
  expect(await standing("c4")).toContain("Stopped");
  await expect.poll(focused).toBe("computer-wipe");
  await page.keyboard.press("Enter");
  await at("wipe-name").fill("Exam room 2");
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="wipe-name"][aria-invalid="true"]').waitFor();
  expect(await standing("c4")).toContain("Stopped");
  await at("wipe-name").fill("billing");
  await page.keyboard.press("Enter");
  await expect.poll(() => standing("c4")).toContain("Told to forget");
  expect(await row("c4").locator("button").count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest("th")?.innerText), { message: "the keyboard stays in the row" }).toContain("Billing");
});

test("whoever is about to stop or wipe their own computer is told so", async () => {
  await open();
  await page.keyboard.press("4");
  for (const act of ["stop", "wipe"]) {
    await row("c2").locator(`[data-testid="computer-${act}"]`).click();
    expect(await at(`${act}-here`).innerText()).toContain("This is the computer you sit at.");
    await page.keyboard.press("Escape");
  }
  expect(await row("c2").locator("th").innerText()).toContain("this computer");
});

test("the receipt of a wipe shows with its time", async () => {
  await open();
  await page.keyboard.press("4");
  await at("computers-table").waitFor();
  expect((await standing("c1")).replace(/\s+/g, " ")).toBe("Forgotten receipt of 2 Nov, 8:31 am");
});

test("once the receipt of a wipe has come, nothing says that it will", async () => {
  await open("role=admin&receipt");
  await page.keyboard.press("4");
  await row("c4").locator('[data-testid="computer-wipe"]').click();
  await at("wipe-name").fill("billing");
  await page.keyboard.press("Enter");
  await expect.poll(() => at("computers-said").innerText()).toBe("Billing forgets the practice when it next reaches the host. Its receipt shows here.");
  await at("computers-read").click();
  await expect.poll(() => standing("c4")).toContain("Forgotten");
  expect(await at("computers-said").innerText()).toBe("Billing has forgotten the practice. Its receipt is here.");
});

test("no column moves when another standing makes other words and buttons", async () => {
  await open();
  await page.keyboard.press("4");
  await at("computers-table").waitFor();
  const columns = () => at("computers-table").locator("thead tr > *").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  const before = await columns();
  await row("c4").locator('[data-testid="computer-start"]').click();
  await expect.poll(() => standing("c4")).toBe("Works");
  expect(await columns()).toEqual(before);
});

test("the word of a place goes once it is chosen, so that it covers nothing of its page, and comes with the pointer anew", async () => {
  await open("role=admin");
  const word = at("nav-computers").locator(".tip");
  await at("nav-computers").hover();
  await expect.poll(() => word.isVisible()).toBe(true);
  await at("nav-computers").click();
  await at("computers").waitFor();
  expect(await word.isVisible()).toBe(false);
  await at("nav-members").hover();
  await at("nav-computers").hover();
  await expect.poll(() => word.isVisible()).toBe(true);
});

test("a computer that is behind says in what, in words", async () => {
  await open();
  await page.keyboard.press("4");
  await at("computers-table").waitFor();
  const told = (id: string, what: string) => row(id).locator(`[data-testid="computer-${what}"]`).innerText();
  expect(await told("c6", "contact")).toContain("5 days without a word");
  expect(await told("c6", "runs")).toMatch(/0\.0\.9 · policy 7\s+older program than others/);
  expect(await told("c3", "runs")).toMatch(/0\.1\.0 · policy 6\s+a newer policy waits/);
  expect(await told("c6", "locked")).toBe("not yet");
  for (const what of ["runs", "contact"]) expect(await told("c2", what)).not.toMatch(/older|newer|without/);
});

test("a copied sign-in is told above the list and at its computer alone, with a shape and words", async () => {
  await open();
  await page.keyboard.press("4");
  await at("computers-table").waitFor();
  expect(await at("computers-copied").innerText()).toContain("made at Front desk left: a copy of it was shown to the host on 12 Nov at 4:51 am.");
  expect(await at("computers-copied").getAttribute("role")).toBe("alert");
  expect(await at("computer-copied").count()).toBe(1);
  expect((await row("c2").locator('[data-testid="computer-copied"]').innerText()).trim()).toBe("sign-in copied");
  expect(await at("computer-copied").locator("svg").count()).toBe(1);
});

test("without the host the page says so, and an order that is refused is not lost from sight", async () => {
  await open("role=admin&offline");
  await page.keyboard.press("4");
  await at("computers-refusal").waitFor();
  expect(await at("computers-refusal").innerText()).toContain("shows here when the host is back");
  await close();
  await open("role=admin&fail=set_computer");
  await page.keyboard.press("4");
  await row("c3").locator('[data-testid="computer-stop"]').click();
  await page.keyboard.press("Enter");
  await at("stop-refusal").waitFor();
  expect(await standing("c3")).toBe("Works");
});

test("who is no admin has no such page, nor a key to it", async () => {
  await open("");
  await page.keyboard.press("4");
  expect(await at("nav-computers").count()).toBe(0);
  expect(await at("desk").getAttribute("data-place")).toBe("day");
});
