import { expect, test } from "vitest";
import { isCrowded, thinned } from "../../src/features/schedule/crowd";
import { axisOf, grouped, type Span } from "../../src/features/schedule/geometry";

const axis = axisOf([{ start_minute: 480, end_minute: 1020 }], 600);
type Visit = Span & { id: string };
const visit = (id: number | string, start_minute: number, end_minute: number): Visit => ({ id: `${id}`, start_minute, end_minute });
const eighty = Array.from({ length: 80 }, (_, n) => visit(n, 600, 615));

function only(items: Visit[]) {
  const [group, ...others] = grouped(items, axis);
  if (!group || others.length) throw new Error("one group");
  return group;
}

/** A small seeded generator, so that a failing world can be drawn again. */
function random(seed: number): () => number {
  return () => (seed = (seed * 48271) % 2147483647) / 2147483647;
}

test("who stands side by side is drawn as before while a name can be read", () => {
  expect(isCrowded(only(eighty.slice(0, 5)), 220)).toBe(false);
  expect(isCrowded(only(eighty.slice(0, 5)), 219)).toBe(true);
});

test("eighty visits at one minute are as many as fit and one place that has them all", () => {
  const { places, more } = thinned(only(eighty), axis, 230, null);
  expect(places.map((place) => [place.item.id, place.width])).toEqual([0, 1, 2, 3].map((n) => [`${n}`, 0.2]));
  expect(more.map((place) => [place.item.hidden, place.item.items.length, place.left, place.width])).toEqual([[76, 80, 0.8, 0.2]]);
});

test("whichever is kept is drawn, and no other moves but the one that stood there", () => {
  for (const { id } of eighty) {
    const { places, more } = thinned(only(eighty), axis, 230, id);
    expect(places.map((place) => place.item.id)).toContain(id);
    expect(places.slice(0, 3).map((place) => place.item.id)).toEqual(["0", "1", "2"]);
    expect(more[0]?.item.hidden).toBe(76);
  }
});

test("even the narrowest column draws one and says how many more", () => {
  const { places, more } = thinned(only(eighty), axis, 40, "79");
  expect([places.map((place) => place.item.id), more[0]?.item.hidden]).toEqual([["79"], 79]);
});

test("stretches that do not meet are counted apart, each with what stands beside it", () => {
  const long = visit("long", 540, 900);
  const crowd = [600, 700].flatMap((start) => Array.from({ length: 9 }, (_, n) => visit(`${start}-${n}`, start, start + 30)));
  const { places, more } = thinned(only([long, ...crowd]), axis, 220, null);
  expect(places.map((place) => place.item.id)).toContain("long");
  expect(more.map((place) => [place.item.hidden, place.item.items.length])).toEqual([
    [6, 10],
    [6, 10],
  ]);
  for (const place of more) expect(place.item.items).toContain(long);
});

test.each(Array.from({ length: 60 }, (_, seed) => seed + 1))("nothing is lost, covered or too narrow (world %i)", (seed) => {
  const next = random(seed);
  const items = Array.from({ length: 60 }, (_, n) => {
    const start = 420 + Math.floor(next() * 60) * 10;
    return visit(n, start, start + Math.floor(next() * 8) * 10);
  });
  const room = 40 + Math.floor(next() * 300);
  for (const group of grouped(items, axis).filter((one) => isCrowded(one, room))) {
    const keep = group.cards[Math.floor(next() * group.cards.length)]?.item.id ?? null;
    const { places, more } = thinned(group, axis, room, keep);
    const drawn = new Set(places.map((place) => place.item.id));
    expect(drawn.size + more.reduce((sum, place) => sum + place.item.hidden, 0)).toBe(group.cards.length);
    expect(drawn.has(keep as string)).toBe(true);
    const listed = new Set(more.flatMap((place) => place.item.items.map((item) => item.id)));
    for (const { item } of group.cards) expect(drawn.has(item.id) || listed.has(item.id)).toBe(true);
    const all = [...places, ...more];
    for (const [i, a] of all.entries()) {
      expect(a.width * Math.max(room, 88)).toBeGreaterThanOrEqual(43.99);
      for (const b of all.slice(i + 1)) {
        const apart = a.top + a.height <= b.top + 0.01 || b.top + b.height <= a.top + 0.01;
        const beside = a.left + a.width <= b.left + 0.001 || b.left + b.width <= a.left + 0.001;
        expect(apart || beside).toBe(true);
      }
    }
  }
});
