import { expect, test } from "vitest";
import { wordsOf } from "../../src/features/schedule/card-words";
import type { Card } from "../../src/host";
import { morning } from "./card";

const card: Card = {
  ...morning,
  status: "arrived",
  note: "Interpreter: Spanish",
  arrived_at: "2026-11-23T09:38:00-06:00",
  status_since: "2026-11-23T09:38:00-06:00",
};

test("what has no room on a card is still said", () => {
  for (const rows of [1, 2, 3, 4]) {
    for (const width of [60, 105, 180, 240, 400]) {
      const { spoken } = wordsOf(card, rows, width, "2026-11-23", 599);
      for (const part of ["Sample, June", "9:30–10:00 am", "Waiting 21 min", "Acute", "Interpreter: Spanish"]) {
        expect(spoken, `${rows} rows, ${width} px`).toContain(part);
      }
    }
  }
});

test("a wait is told by its length once it is one, on its own day", () => {
  const beside = (date: string, now: number | null) => wordsOf(card, 2, 240, date, now).beside;
  expect(beside("2026-11-23", 585)).toBe("Arrived 9:38");
  expect(beside("2026-11-23", 599)).toBe("Waiting 21 min");
  expect(beside("2026-11-24", null)).toBe("Arrived 9:38");
});

test("a long wait is told in minutes where hours have no room", () => {
  expect(wordsOf(card, 2, 240, "2026-11-23", 642).beside).toBe("Waiting 1 h 4 min");
  expect(wordsOf(card, 2, 100, "2026-11-23", 642).below).toBe("Waiting 64 min");
});

test("what the host has not taken says so in words, whatever its status", () => {
  const offline: Card = { ...card, status: "booked", arrived_at: null, provisional: true };
  expect(wordsOf(offline, 2, 240, "2026-11-23", 599).beside).toBe("Not confirmed yet");
  expect(wordsOf(offline, 2, 100, "2026-11-23", 599).below).toBe("Unconfirmed");
});
