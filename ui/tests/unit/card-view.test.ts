import { expect, test } from "vitest";
import { viewOf } from "../../src/features/schedule/card-view";
import type { AppointmentStatus, Card } from "../../src/host";
import { lookOf, markName, shaped } from "../../src/shared/status";
import { morning } from "./card";

const card: Card = { ...morning, status: "fulfilled" };
const place = (item: Card, height: number) => ({ item, top: 0, height, left: 0, width: 1 });
const named = (name: string): Card => ({ ...card, patient: { ...(card.patient as NonNullable<Card["patient"]>), name } });

test("every status but booked shows a word or a shape on every card", () => {
  const statuses: AppointmentStatus[] = ["proposed", "pending", "arrived", "checked-in", "fulfilled", "cancelled", "noshow", "entered-in-error", "waitlist"];
  for (const status of statuses) {
    for (const height of [20, 40, 80]) {
      for (const room of [104, 180, 300]) {
        const view = viewOf(place({ ...card, status }, height), room, "2026-11-23", null);
        expect(view.beside ?? view.below ?? view.mark, `${status} ${height} ${room}`).toBeTruthy();
        if (view.mark) expect(shaped.map(markName)).toContain(view.mark);
      }
    }
    expect(lookOf(status).icon).not.toBeNull();
  }
});

test("a name runs in its own direction", () => {
  expect(viewOf(place(named("דוגמה, דנה"), 40), 180, "2026-11-23", null).look).toContain("rtl");
  expect(viewOf(place(named("Échantillon, Łucja"), 40), 180, "2026-11-23", null).look).not.toContain("rtl");
});

test("lines begin where the name's line ends, once", () => {
  const wide = viewOf(place(card, 40), 300, "2026-11-23", null);
  expect([wide.beside, wide.lines]).toEqual(["Done", "Acute · 30 min"]);
  const narrow = viewOf(place({ ...card, status: "booked" }, 40), 104, "2026-11-23", null);
  expect([narrow.beside, narrow.lines]).toEqual([null, "\nAcute"]);
});

test("the colour of a type is never there without its code, and what has no room is said", () => {
  const types = new Map([["NP", { code: "NP", name: "New patient", minutes: 45, color: 1, long_wait: 20, active: true }]]);
  const shown = new Set<boolean>();
  for (const status of ["booked", "arrived", "fulfilled"] as const) {
    for (const height of [20, 40, 60, 80]) {
      for (const room of [60, 90, 104, 150, 180, 300]) {
        const view = viewOf(place({ ...card, status, visit_type: "NP" }, height), room, "2026-11-23", null, types);
        expect(view.look.includes("kind-1"), `${status} ${height} ${room}`).toBe(view.code === "NP");
        expect(view.spoken).toContain("New patient");
        shown.add(view.code !== null);
      }
    }
  }
  expect(shown).toEqual(new Set([true, false]));
  const unknown = viewOf(place({ ...card, visit_type: "XX" }, 80), 300, "2026-11-23", null, types);
  expect([unknown.code, unknown.look.includes("type-")]).toEqual(["XX", false]);
});
