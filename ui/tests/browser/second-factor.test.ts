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
  ({ page, complaints, close } = await enter(browser, inject("url"), { name: "second factor", query }));
}

const at = (testid: string) => page.locator(`[data-testid="${testid}"]`);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

async function type(text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

test("at sign-in the password is typed once, then codes until one holds, by keyboard alone", async () => {
  await open("phase=signed_out");
  await type("cara@fictional.example");
  await expect.poll(focused).toBe("sign-in-password");
  await type("right");
  await expect.poll(focused).toBe("sign-in-code-field");
  expect(await at("sign-in-code").innerText()).toContain("cara@fictional.example");
  expect(await at("sign-in-code-field").getAttribute("autocomplete")).toBe("one-time-code");
  await page.keyboard.press("Enter");
  expect(await at("sign-in-code").innerText()).toContain("Type the code.");
  await type("000000");
  await at("sign-in-code-refusal").waitFor();
  expect(await at("sign-in-code-refusal").innerText()).toContain("This code is wrong, or was used before.");
  await expect.poll(focused, { message: "the next code can be typed at once" }).toBe("sign-in-code-field");
  expect(await at("sign-in-code-field").inputValue()).toBe("");
  await type("123456");
  await at("day-grid").waitFor();
});

test("a recovery code works too, and Escape goes back to the password", async () => {
  await open("phase=signed_out&factor=m3");
  await at("member-m3").check({ force: true });
  await at("sign-in-password").fill("right");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("sign-in-code-field");
  expect(await at("sign-in-code").innerText()).toContain("Ann Min");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("sign-in-password");
  expect(await at("sign-in-password").inputValue(), "the page keeps no password").toBe("");
  expect(await at("member-m3").isChecked()).toBe(true);
  await type("right");
  await expect.poll(focused).toBe("sign-in-code-field");
  await type("ABCD-EFGH-JKMN-PQRS");
  await at("day-grid").waitFor();
});

test("whoever took too long for the code types the password again, and is told so", async () => {
  await open("phase=signed_out");
  await type("cara@fictional.example");
  await type("right");
  await expect.poll(focused).toBe("sign-in-code-field");
  await type("late");
  await at("sign-in-refusal").waitFor();
  expect(await at("sign-in-refusal").innerText()).toContain("Type your password again");
  await expect.poll(focused).toBe("sign-in-password");
});

test("the lock screen asks for a code from a member's tile and from somebody new here", async () => {
  await open("phase=locked&role=admin&factor=m3");
  await type("right");
  await expect.poll(focused).toBe("lock-code-field");
  await type("123456");
  await at("day-grid").waitFor();
  await page.keyboard.press("Control+Shift+L");
  await type("cara@fictional.example");
  await expect.poll(focused).toBe("lock-password");
  await type("right");
  await expect.poll(focused).toBe("lock-code-field");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("lock-password");
  await type("right");
  await expect.poll(focused).toBe("lock-code-field");
  await type("123456");
  await at("day-grid").waitFor();
  expect(await at("nav-me").getAttribute("aria-label")).toContain("Cara Keys");
});
