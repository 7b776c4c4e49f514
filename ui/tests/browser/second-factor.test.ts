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

test("a member sets one up at work, by keyboard alone, and sees the recovery codes once", async () => {
  await open("");
  await at("nav-me").focus();
  await page.keyboard.press("Enter");
  await at("menu-factor").focus();
  await page.keyboard.press("Enter");
  await at("factor-start").waitFor();
  expect(await at("factor-stands").innerText()).toContain("You have none");
  await at("factor-start").focus();
  await page.keyboard.press("Enter");
  await at("factor-password").focus();
  await type("wrong");
  await at("factor-refusal").waitFor();
  await expect.poll(focused).toBe("factor-password");
  await type("right");
  await expect.poll(focused).toBe("factor-code");
  expect((await at("factor-secret").innerText()).replace(/\s+/g, " ")).toBe("FICT IONA LSEC RET2 FICT IONA LSEC RET2");
  expect(await at("factor-qr").evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0), "the window's policy lets it be drawn").toBe(true);
  await type("000000");
  await at("factor-refusal").waitFor();
  await expect.poll(focused).toBe("factor-code");
  await type("123456");
  await expect.poll(focused).toBe("factor-codes");
  expect(await at("factor-codes").locator("li").count()).toBe(10);
  await at("factor-done").click();
  await expect.poll(() => at("factor-stands").innerText()).toContain("10 recovery codes are left");
  expect(await page.content(), "nothing of it stays in the page").not.toContain("ABCD-EFGH");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("nav-me");
});

test("whoever may not sign in without one sets it up at the door and goes on with a code", async () => {
  await open("phase=signed_out&wants=front_desk");
  await at("member-m1").check({ force: true });
  await at("sign-in-password").fill("right");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("factor-code");
  await type("123456");
  await expect.poll(focused).toBe("factor-codes");
  await at("factor-done").click();
  await expect.poll(focused).toBe("sign-in-code-field");
  await type("ABCD-EFGH-JKMN-PQRS");
  await at("day-grid").waitFor();
});

test("the recovery codes are printed alone, without what is behind them", async () => {
  await open("");
  await page.evaluate(() => {
    window.print = () => {
      const sheet = document.querySelector("#app > .print-sheet");
      (window as unknown as { printed: string }).printed = sheet?.textContent ?? "";
    };
  });
  await at("nav-me").click();
  await at("menu-factor").click();
  await at("factor-start").click();
  await at("factor-password").fill("right");
  await page.keyboard.press("Enter");
  await at("factor-code").fill("123456");
  await page.keyboard.press("Enter");
  await at("factor-print").click();
  const printed = await page.evaluate(() => (window as unknown as { printed: string }).printed);
  expect(printed).toContain("ABCD-EFGH-JKMN-PQRS");
  expect(printed).not.toContain("Testcase");
  expect(await page.locator("#app > .print-sheet").count(), "the sheet goes with the print").toBe(0);
});

test("an admin's page asks once for the password and a code where the host does not know them any more", async () => {
  await open("role=admin&unproven&factor=m3");
  await page.keyboard.press("5");
  await at("prove").waitFor();
  await at("prove").focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("prove-password");
  await type("wrong");
  await at("prove-refusal").waitFor();
  await expect.poll(focused).toBe("prove-password");
  await type("right");
  await expect.poll(focused).toBe("prove-code-field");
  await type("000000");
  await at("prove-code-refusal").waitFor();
  await type("123456");
  await at("members-table").waitFor();
  await expect.poll(focused, { message: "the keyboard is not lost" }).toBe("members-read");
});

test("a forgotten password is answered the same for everybody, and a host without mail says whom to ask", async () => {
  for (const email of ["fran@fictional.example", "nobody@fictional.example"]) {
    await open("phase=signed_out");
    await at("sign-in-email").fill(email);
    await at("forgotten").click();
    await expect.poll(focused).toBe("forgotten-email");
    expect(await at("forgotten-email").inputValue()).toBe(email);
    await page.keyboard.press("Enter");
    await at("forgotten-sent").waitFor();
    expect(await at("forgotten-sent").innerText()).toContain("If somebody signs in with this address, a mail is on its way.");
    await expect.poll(focused).toBe("forgotten-close");
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("forgotten");
    await close();
  }
  await open("phase=locked&no_mail");
  await at("forgotten").click();
  await page.keyboard.press("Enter");
  await at("forgotten-refusal").waitFor();
  expect(await at("forgotten-refusal").innerText()).toContain("Ask your practice's admin for a new password.");
});

test("the policy says of whom a second factor is wanted, and the change is shown before it is signed", async () => {
  await open("role=admin");
  await page.keyboard.press("3");
  await at("policy-factor-admin").check();
  expect(await at("policy-factors-mine").innerText()).toContain("set yours up first");
  await at("policy-factor-provider").check();
  await at("policy-review").click();
  const said = (await at("policy-differences").innerText()).replace(/\s+/g, " ");
  expect(said).toContain("nobody → Provider, Practice admin");
  expect(said).toContain("stricter");
  await at("policy-save").click();
  await at("policy-dialog").waitFor({ state: "detached" });
  expect(await at("policy-factor-provider").isChecked()).toBe(true);
  await at("policy-factor-provider").uncheck();
  await at("policy-review").click();
  expect(await at("policy-differences").innerText()).toContain("looser");
});
