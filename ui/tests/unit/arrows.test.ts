import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|svelte)$/.test(name));

/** What a file's room may import; `features/x` means its own feature. */
function allowed(file: string): string[] {
  const [room, name] = file.split("/");
  if (room === "features") return [`features/${name}`, "shared", "host"];
  if (room === "shared") return ["shared", "host"];
  if (room === "host") return ["host", "gen"];
  if (room === "gen") return ["gen"];
  return ["views", "features", "shared", "host"];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g)].map((m) => m[1] as string);
  return found.map((path) => relative(src, resolve(dirname(join(src, file)), path)));
}

test.each(files)("%s imports only what its room may", (file) => {
  const rooms = allowed(file);
  const astray = importsOf(file).filter((path) => !rooms.some((room) => path === room || path.startsWith(`${room}/`)));
  expect(astray).toEqual([]);
});

test("only the door knows the bindings and the bridge", () => {
  const reaching = files.filter((file) => /@tauri-apps|\.\.\/gen\//.test(readFileSync(join(src, file), "utf8")) && !/^(host|gen)\//.test(file));
  expect(reaching).toEqual([]);
});

test("a view file's styles use tokens, never raw colours", () => {
  const raw = files.filter((file) => /(#[0-9a-f]{3,8}|rgba?\()/i.test(readFileSync(join(src, file), "utf8").split("<style>")[1]?.replace(/@media print[\s\S]*/, "") ?? ""));
  expect(raw).toEqual([]);
});
