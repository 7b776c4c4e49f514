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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "keeping", query }));
  await page.keyboard.press("6");
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const text = async (testid: string) => (await at(testid).innerText()).replace(/\s+/g, " ");
const ended = (how: string) => page.locator(`[data-testid="export-state"][data-state="${how}"]`).waitFor();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

test("the last backup, the one elsewhere and the last drill are told, and that all is well", async () => {
  await open();
  await at("backups-well").waitFor();
  expect(await text("backup-last")).toContain("9:21 am in 6.2 s, 71.7 MB");
  expect(await text("backup-elsewhere")).toContain("second-site");
  expect(await text("backup-drill")).toContain("Nothing missing or changed");
  expect(await at("backup-run").count()).toBe(6);
  await at("backup-more").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => at("backup-run").count()).toBe(9);
  expect(await focused(), "the keyboard stays with the runs").toBe("backup-runs");
});

test.each([
  ["none", ["There is no backup of this practice yet."], "backup-last", "No backup yet"],
  ["late", ["5 hours old", "disk that holds the backups is full"], "backup-last", "4:52 am"],
  ["drill", ["can't be trusted"], "backup-drill", "Failed"],
])("what is wrong with the backups is said with what to do (%s)", async (scene, words, fact, told) => {
  await open(`role=admin&backups=${scene}`);
  await at("backup-problems").waitFor();
  const said = await text("backup-problems");
  for (const part of words) expect(said).toContain(part);
  expect(said).toMatch(/[Ww]hoever runs the host/);
  expect(await at("backup-problem").locator("svg").count()).toBe(words.length);
  expect(await at("backups-well").count()).toBe(0);
  expect(await text(fact)).toContain(told);
});

test("each certificate has its date, and only one that ends soon says how long it has", async () => {
  await open("role=admin&ending");
  await at("certificate").first().waitFor();
  const told = await at("certificate").allInnerTexts();
  expect(told[0]).toContain("until 21 Dec 2026");
  expect(told[0]).toContain("27 days left");
  expect(told[0]).toContain("every computer goes on offline from then");
  expect(told[1]).toContain("until 3 Mar 2035");
  expect(told[1]).not.toContain("left");
});

test("an export asks once, says that it is not encrypted, tells how far it is, and can be broken off by keyboard", async () => {
  await open("role=admin&endless");
  await at("export-ask").focus();
  await page.keyboard.press("Enter");
  await at("export-dialog").waitFor();
  expect(await text("export-plain")).toContain("not encrypted");
  expect(await text("export-folder")).toBe("/media/admin/Downloads");
  await expect.poll(focused).toBe("export-history");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect.poll(() => at("export-state").getAttribute("data-state")).toBe("running");
  await expect.poll(() => text("export-state")).toMatch(/[1-9][\d,]+ records, .* so far, with earlier versions/);
  await expect.poll(focused, { message: "the keyboard is where the button was" }).toBe("export-cancel");
  await page.keyboard.press("Enter");
  await expect.poll(() => text("export-state")).toContain("Broken off There is no file.");
  await expect.poll(focused).toBe("export-ask");
});

test("an export that ends says where the file is; one that fails, why, and that there is none", async () => {
  await open();
  await at("export-ask").click();
  await at("export-go").click();
  await ended("done");
  expect(await text("export-state")).toMatch(/Whole .*\.ndjson in \/media\/admin\/Downloads/);
  await expect.poll(focused).toBe("export-ask");
  await close();
  await open("role=admin&export=fail");
  await at("export-ask").click();
  await at("export-go").click();
  await ended("failed");
  expect(await text("export-state")).toMatch(/Failed .*can't be reached.* There is no file\./);
});

test("the practice is deleted by its name alone, and each admin can take it back", async () => {
  await open();
  await at("deletion-ask").focus();
  await page.keyboard.press("Enter");
  await at("deletion-comment").fill("we retire");
  await at("deletion-name").fill("Family");
  await page.keyboard.press("Enter");
  await page.locator('[data-testid="deletion-name"][aria-invalid="true"]').waitFor();
  await expect.poll(focused).toBe("deletion-name");
  expect(await at("deletion-pending").count()).toBe(0);
  await at("deletion-name").fill("fictional family medicine");
  await expect.poll(() => at("deletion-name").getAttribute("aria-invalid"), { message: "what is right now is not called wrong" }).toBe("false");
  expect(await text("deletion-dialog")).not.toContain("not the practice's name");
  await page.keyboard.press("Enter");
  await expect.poll(() => text("deletion-pending")).toContain("deleted on 23 Dec 2026, in 30 days. Ann Min asked at 9:59 am: “we retire”");
  expect(await text("deletion-runs")).toContain("to be deleted on 23 Dec 2026");
  await expect.poll(focused, { message: "the keyboard is where the button was" }).toBe("keep-ask");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("keep-comment");
  await page.keyboard.type("the son goes on");
  await page.keyboard.press("Enter");
  await expect.poll(() => text("deletion-said")).toBe("The practice stays.");
  expect(await text("deletion-past")).toBe("Ann Min asked at 9:59 am: “we retire”. Ann Min took it back at 9:59 am: “the son goes on”.");
  await expect.poll(focused).toBe("deletion-ask");
});

test("an act that the host wants a word for goes on once it is said who is at work", async () => {
  await open("role=admin&unproven=acts");
  await at("export-ask").click();
  await at("export-go").click();
  await at("prove").click();
  await at("prove-password").fill("right");
  await page.keyboard.press("Enter");
  await ended("done");
});

test("without the host the page says so", async () => {
  await open("role=admin&offline");
  await at("keeping-refusal").waitFor();
  expect(await text("keeping-refusal")).toContain("show here when it is back");
  await at("export-ask").click();
  await at("export-go").click();
  await at("export-refusal").waitFor();
});

test("who is no admin has no such page, nor a key to it", async () => {
  await open("");
  expect(await at("nav-keeping").count()).toBe(0);
  expect(await at("desk").getAttribute("data-place")).toBe("day");
});
