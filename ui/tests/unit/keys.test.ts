import { expect, test } from "vitest";
import { anywhere, charting, groups, is, pressed } from "../../src/shared/keys";

const event = (key: string, more: Partial<KeyboardEvent> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more }) as KeyboardEvent;

test("no two acts of a group, nor of the schedule and anywhere, share a key", () => {
  const taken = new Map<string, string>();
  for (const { shortcuts } of groups.slice(0, 4)) {
    for (const { keys, does } of shortcuts) {
      for (const key of keys) {
        expect(taken.get(key), `${key} does two things`).toBeUndefined();
        taken.set(key, does);
      }
    }
  }
});

test("no act of a chart shares a key with another, or with what is done anywhere", () => {
  const keys = [...Object.values(anywhere), ...Object.values(charting)].flatMap((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test("letters count without regard to case, named keys with their Shift", () => {
  expect(pressed(event("B", { shiftKey: true }))).toBe("b");
  expect(pressed(event("ArrowDown", { shiftKey: true }))).toBe("Shift+ArrowDown");
  expect(pressed(event("k", { ctrlKey: true }))).toBe("Ctrl+k");
  expect(pressed(event("Enter", { altKey: true }))).toBe("Alt+Enter");
  expect(pressed(event("?", { shiftKey: true }))).toBe("?");
});

test("a lock with Shift is a hand-over, whatever Caps Lock does to the letter", () => {
  for (const letter of ["l", "L"]) {
    expect(is(event(letter, { ctrlKey: true }), anywhere.lock)).toBe(true);
    expect(is(event(letter, { ctrlKey: true, shiftKey: true }), anywhere.lock)).toBe(false);
    expect(is(event(letter, { ctrlKey: true, shiftKey: true }), anywhere.handOver)).toBe(true);
  }
});

test("every shortcut says what it does", () => {
  for (const { label, does, keys } of groups.flatMap((g) => g.shortcuts)) {
    expect(label && does && keys.length).toBeTruthy();
  }
});
