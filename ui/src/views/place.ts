import type { Place } from "../features/shell/Rail.svelte";

/** Where a member was when the lock came. Ids and a date only: no word about anyone outlives the lock. */
export interface LeftAt {
  place: Place;
  date: string | null;
  appointment: string | null;
  patient: string | null;
}

const left = new Map<string, LeftAt>();

export function leaveAt(member: string, at: LeftAt): void {
  left.set(member, at);
}

export function cameFrom(member: string): LeftAt | undefined {
  return left.get(member);
}

export function forgetPlaces(): void {
  left.clear();
}
