/** The scenes of members, second factors and passwords. */

const id = (/** @type {string} */ name) => `[data-testid="${name}"]`;

async function openMembers(page) {
  await page.locator(id("nav-members")).click();
  await page.locator(id("members-table")).waitFor();
}

async function openFactor(page) {
  await page.locator(id("nav-me")).click();
  await page.locator(id("menu-factor")).click();
  await page.locator(id("factor-stands")).waitFor();
}

/** @type {import("./scenes.mjs").Scene[]} */
export const accountScenes = [
  {
    name: "sign-in-code",
    query: "phase=signed_out&factor=m3",
    steps: async (page) => {
      await page.locator(id("member-m3")).check({ force: true });
      await page.locator(id("sign-in-password")).fill("right");
      await page.keyboard.press("Enter");
      await page.locator(id("sign-in-code-field")).fill("000000");
      await page.keyboard.press("Enter");
      await page.locator(id("sign-in-code-refusal")).waitFor();
    },
  },
  {
    name: "lock-code",
    query: "phase=locked&role=admin&factor=m3",
    steps: async (page) => {
      await page.locator(id("lock-password")).fill("right");
      await page.keyboard.press("Enter");
      await page.locator(id("lock-code-field")).waitFor();
    },
  },
  {
    name: "policy-factor",
    query: "role=admin",
    steps: async (page) => {
      await page.locator(id("nav-policy")).click();
      await page.locator(id("policy-factor-admin")).check();
      await page.locator(id("policy-factors")).scrollIntoViewIfNeeded();
    },
  },
  { name: "members", query: "role=admin&wants=front_desk", steps: openMembers },
  {
    name: "member-dialog",
    query: "role=admin&alone",
    steps: async (page) => {
      await openMembers(page);
      await page.locator(`[data-member=m3] ${id("member-change")}`).click();
      await page.locator(id("member-dialog")).waitFor();
    },
  },
  {
    name: "member-stop",
    query: "role=admin",
    steps: async (page) => {
      await openMembers(page);
      await page.locator(`[data-member=m3] ${id("member-change")}`).click();
      await page.locator(id("act-stop")).click();
    },
  },
  {
    name: "member-invite",
    query: "role=admin",
    steps: async (page) => {
      await openMembers(page);
      await page.locator(id("members-invite")).click();
      await page.locator(id("invite-name")).fill("Newman Newly");
      await page.locator(id("invite-email")).fill("nomail@fictional.example");
      await page.locator(id("invite-role")).selectOption("provider");
      await page.locator(id("invite-go")).click();
      await page.locator(id("invite-refusal")).waitFor();
    },
  },
  { name: "members-offline", query: "role=admin&offline", steps: async (page) => void (await page.keyboard.press("5"), await page.locator(id("members-refusal")).waitFor()) },
  {
    name: "prove",
    query: "role=admin&unproven",
    steps: async (page) => {
      await page.keyboard.press("5");
      await page.locator(id("prove")).click();
      await page.locator(id("prove-password")).waitFor();
    },
  },
  { name: "factor", query: "wants=front_desk", steps: openFactor },
  {
    name: "factor-offer",
    query: "",
    steps: async (page) => {
      await openFactor(page);
      await page.locator(id("factor-start")).click();
      await page.locator(id("factor-password")).fill("right");
      await page.keyboard.press("Enter");
      await page.locator(id("factor-qr")).waitFor();
    },
  },
  {
    name: "factor-codes",
    query: "",
    steps: async (page) => {
      await openFactor(page);
      await page.locator(id("factor-start")).click();
      await page.locator(id("factor-password")).fill("right");
      await page.keyboard.press("Enter");
      await page.locator(id("factor-code")).fill("123456");
      await page.keyboard.press("Enter");
      await page.locator(id("factor-codes")).waitFor();
    },
  },
  {
    name: "sign-in-set-up",
    query: "phase=signed_out&wants=front_desk",
    steps: async (page) => {
      await page.locator(id("member-m1")).check({ force: true });
      await page.locator(id("sign-in-password")).fill("right");
      await page.keyboard.press("Enter");
      await page.locator(id("factor-qr")).waitFor();
    },
  },
  {
    name: "forgotten",
    query: "phase=signed_out",
    steps: async (page) => {
      await page.locator(id("sign-in-email")).fill("fran@fictional.example");
      await page.locator(id("forgotten")).click();
      await page.locator(id("forgotten-go")).click();
      await page.locator(id("forgotten-sent")).waitFor();
    },
  },
];
