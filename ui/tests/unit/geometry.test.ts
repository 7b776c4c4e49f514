import { describe, expect, test } from "vitest";
import { axisOf, grouped, minuteAt, outside, placed, topOf, type Span } from "../../src/features/schedule/geometry";

const span = (start_minute: number, end_minute: number): Span => ({ start_minute, end_minute });
const axis = axisOf([span(480, 1020)], 600);
const lanes = (items: Span[], on: typeof axis) => grouped(items, on).flatMap((group) => placed(group, on));

/** A small seeded generator, so that a failing world can be drawn again. */
function random(seed: number): () => number {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}

describe("the axis", () => {
  test("shows an hour of air around the work", () => expect([axis.from, axis.to]).toEqual([420, 1080]));
  test("stays within the day when cards cross midnight", () => {
    expect(axisOf([span(-60, 30), span(1400, 1600)], 600)).toMatchObject({ from: 0, to: 1440 });
  });
  test("grows on a tall window", () => expect(axisOf([span(480, 1020)], 1200).quarter).toBe(28));
  test("is as close or as wide as its member wants, whatever fits", () => {
    expect(axisOf([span(480, 1020)], 1200, "close").quarter).toBe(20);
    expect(axisOf([span(480, 1020)], 600, "wide").quarter).toBe(36);
  });
  test("has something to show when nothing is there", () => expect(axisOf([], 600)).toMatchObject({ from: 480, to: 1020 }));
});

test("the minute under a place is the place of the minute", () => {
  for (let minute = axis.from; minute < axis.to; minute += 15) expect(minuteAt(axis, topOf(axis, minute), 15)).toBe(minute);
});

test("cards that touch stand under each other, cards that overlap side by side", () => {
  expect(lanes([span(540, 570), span(570, 600)], axis).map((p) => [p.left, p.width])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  expect(lanes([span(540, 570), span(555, 600)], axis).map((p) => [p.left, p.width])).toEqual([
    [0, 0.5],
    [0.5, 0.5],
  ]);
});

test.each(Array.from({ length: 200 }, (_, seed) => seed + 1))("no card covers another (world %i)", (seed) => {
  const next = random(seed);
  const items = Array.from({ length: 40 }, () => {
    const start = 420 + Math.floor(next() * 128) * 5;
    return span(start, start + Math.floor(next() * 13) * 5);
  });
  const places = lanes(items, axis);
  expect(places).toHaveLength(items.length);
  for (const [i, a] of places.entries()) {
    expect(a.left + a.width).toBeLessThanOrEqual(1.0001);
    expect(a.height).toBeGreaterThanOrEqual(19.99);
    for (const b of places.slice(i + 1)) {
      const apart = a.top + a.height <= b.top + 0.01 || b.top + b.height <= a.top + 0.01;
      const beside = a.left + a.width <= b.left + 0.001 || b.left + b.width <= a.left + 0.001;
      expect(apart || beside).toBe(true);
    }
  }
});

test("eighty cards at one minute all have their place", () => {
  const places = lanes(Array.from({ length: 80 }, () => span(600, 600)), axis);
  expect(new Set(places.map((p) => p.left)).size).toBe(80);
});

test("a card of 26 hours is cut to the axis", () => {
  const [place] = lanes([span(600, 600 + 26 * 60)], axis);
  expect((place?.top ?? 0) + (place?.height ?? 0)).toBe(topOf(axis, axis.to));
});

test("what lies outside the hours is the rest of the axis", () => {
  expect(outside(axis, [span(480, 720), span(780, 1020)])).toEqual([span(420, 480), span(720, 780), span(1020, 1080)]);
  expect(outside(axis, [])).toEqual([span(420, 1080)]);
});
