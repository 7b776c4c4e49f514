import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../../src/shared/theme/tokens.css", import.meta.url), "utf8");

function tokens(selector: string): Record<string, string> {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf("\n}", from));
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((m) => [m[1] as string, (m[2] as string).trim()]));
}

const light = tokens(":root");
const dark = { ...light, ...tokens(':root[data-theme="dark"]') };

/** Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

const grounds = ["bg", "pane", "raise", "hover", "off"];
const soft = ["booked-s", "arrived-s", "roomed-s", "done-s", "late-s", "prov-s"];
const tones = ["booked", "arrived", "roomed", "done", "late", "prov"];

const types = Array.from({ length: 8 }, (_, n) => `type-${n}`);

const text: [ink: string, ground: string][] = [
  ...grounds.flatMap((ground) => ["ink", "ink2", "ink3"].map((ink): [string, string] => [ink, ground])),
  ...[...soft, "accent-soft"].flatMap((ground) => ["ink", "ink2"].map((ink): [string, string] => [ink, ground])),
  ...tones.flatMap((tone): [string, string][] => [
    [tone, `${tone}-s`],
    [tone, "pane"],
  ]),
  ...["bg", "pane", "raise", "hover", "accent-soft", "arrived-s"].map((ground): [string, string] => ["accent", ground]),
  ["late", "bg"],
  ["late", "raise"],
  ["arrived", "bg"],
  ["prov", "raise"],
  ["on", "accent"],
  ["on", "accent-strong"],
  ["on", "late"],
  ["pane", "ink3"],
  ["now-on", "now"],
  ...Array.from({ length: 8 }, (_, i): [string, string] => ["member-on", `member-${i}`]),
];

/** What is not text but must be seen: borders of fields, the focus ring, the bar of a status (WCAG 1.4.11). */
const shapes: [string, string][] = [
  ...["edge", "accent"].flatMap((ink) => ["bg", "pane", "raise"].map((ground): [string, string] => [ink, ground])),
  ...tones.map((tone): [string, string] => [tone, `${tone}-s`]),
  ["now", "pane"],
  ...types.flatMap((type) => ["pane", "raise", "accent-soft", ...soft].map((ground): [string, string] => [type, ground])),
];

describe.each([
  ["light", light],
  ["dark", dark],
])("in the %s theme", (_, theme) => {
  const ratio = ([ink, ground]: [string, string]) => contrast(theme[ink] as string, theme[ground] as string);

  test.each(text)("%s is readable on %s", (...pair) => expect(ratio(pair)).toBeGreaterThanOrEqual(4.5));
  test.each(shapes)("%s is seen on %s", (...pair) => expect(ratio(pair)).toBeGreaterThanOrEqual(3));
  test("no two types of visit have the same colour", () => expect(new Set(types.map((type) => theme[type])).size).toBe(8));
});
