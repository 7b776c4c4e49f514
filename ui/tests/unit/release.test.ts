import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { beforeAll, expect, test } from "vitest";

let output: Rollup.RollupOutput["output"];

beforeAll(async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  // The test runner's own mode would count as development.
  const mode = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  const built = await build({ root, mode: "production", logLevel: "silent", build: { write: false } });
  process.env["NODE_ENV"] = mode;
  output = ([built].flat()[0] as Rollup.RollupOutput).output;
}, 60_000);

const textOf = (file: Rollup.OutputChunk | Rollup.OutputAsset) => (file.type === "chunk" ? file.code : String(file.source));

test("a release carries nothing of the fictional practice", () => {
  const code = output.filter((file) => file.fileName.endsWith(".js")).map(textOf).join("");
  for (const word of ["Testcase", "Fictional Family"]) expect(code.includes(word), word).toBe(false);
});

test("the page has no inline script or style and asks nothing of the net", () => {
  const html = output.filter((file) => file.fileName.endsWith(".html")).map(textOf).join("");
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=|https?:\/\//);
});

test("the font is on board", () => {
  expect(output.some((file) => /inter-latin-wght.*\.woff2$/.test(file.fileName))).toBe(true);
});
