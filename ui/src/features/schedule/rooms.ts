/** The day with a column a room: who is where, instead of with whom. */
import type { Card, Column, Day, Room } from "../../host";
import type { Slot } from "./walk";

/** Where visits stand that are in no room: at the right edge. */
export const NO_ROOM = "";

/** A card in the column of its room. */
export function inRoom(card: Card): Card {
  return { ...card, practitioner: card.room?.id ?? NO_ROOM };
}

/** A column for each room, and for one that is out of use and yet has a visit. It is open as long as anybody works. */
export function roomColumns(day: Day, rooms: readonly Room[]): Column[] {
  const hours = day.columns.flatMap((column) => column.hours);
  const open = hours.length ? [{ start_minute: Math.min(...hours.map((one) => one.start_minute)), end_minute: Math.max(...hours.map((one) => one.end_minute)) }] : [];
  const all = new Map([...rooms, ...day.appointments.flatMap((card) => card.room ?? [])].map((room) => [room.id, room.name]));
  const column = (id: string, name: string, hours: Column["hours"]): Column => {
    const held = day.appointments.filter((card) => (card.room?.id ?? NO_ROOM) === id && !["proposed", "waitlist", "cancelled", "noshow", "entered-in-error"].includes(card.status));
    return { practitioner: id, name, hours, blocks: [], booked: held.length, open: freeHalfHours(hours, held), as_of: null };
  };
  return [...[...all].map(([id, name]) => column(id, name, open)), column(NO_ROOM, "No room", [])];
}

function freeHalfHours(hours: Column["hours"], held: readonly Card[]): number {
  const taken = held.map((card) => [card.start_minute, card.end_minute] as const).sort((a, b) => a[0] - b[0]);
  let free = 0;
  for (const { start_minute, end_minute } of hours) {
    let from = start_minute;
    for (const [start, end] of taken) {
      if (start >= end_minute || end <= from) continue;
      free += Math.max(0, Math.floor((start - from) / 30));
      from = Math.max(from, end);
    }
    free += Math.max(0, Math.floor((end_minute - from) / 30));
  }
  return free;
}

/** Where a booking would stand: in the columns of rooms a place is a room's. */
export function placeOf(slot: Slot, rooms: boolean): { practitioner: string | null; room: string | null; minute: number } {
  return { practitioner: rooms ? null : slot.practitioner, room: rooms ? slot.practitioner : null, minute: slot.minute };
}
