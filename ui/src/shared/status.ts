import type { AppointmentStatus, Card, MarkedStep } from "../host";
import type { IconName } from "./icons";

/** How a status looks: a word, a hue (a class of shared/theme/status.css) and a shape, since colour never speaks alone. */
export interface StatusLook {
  word: string;
  tone: "booked" | "arrived" | "roomed" | "done" | "late" | "prov";
  icon: IconName | null;
}

const looks: Record<AppointmentStatus, StatusLook> = {
  proposed: { word: "Proposed", tone: "prov", icon: "clock" },
  pending: { word: "Not confirmed yet", tone: "prov", icon: "clock" },
  booked: { word: "Booked", tone: "booked", icon: null },
  arrived: { word: "Arrived", tone: "arrived", icon: "arrived" },
  "checked-in": { word: "In room", tone: "roomed", icon: "room" },
  fulfilled: { word: "Done", tone: "done", icon: "check" },
  cancelled: { word: "Cancelled", tone: "done", icon: "cross" },
  noshow: { word: "No-show", tone: "late", icon: "cross" },
  "entered-in-error": { word: "Entered in error", tone: "done", icon: "cross" },
  waitlist: { word: "Waitlist", tone: "prov", icon: "clock" },
};

export function lookOf(status: AppointmentStatus): StatusLook {
  return looks[status];
}

/** Steps that are no status of their own. */
const confirmed: StatusLook = { word: "Confirmed", tone: "booked", icon: "confirmed" };
const left: StatusLook = { word: "Left", tone: "done", icon: "gone" };
const lost: StatusLook = { word: "Time taken", tone: "late", icon: "alert" };

/** A look with a shape. */
export type Shaped = StatusLook & { icon: IconName };

export const shaped: readonly Shaped[] = [...Object.values(looks), confirmed, left, lost].filter((look): look is Shaped => look.icon !== null);

/** The name of the shape in its colour. */
export function markName(look: Shaped): string {
  return `mark-${look.icon}-${look.tone}`;
}

/**
 * A card that the host has not accepted looks so, whatever its status, unless the patient is already here; one whose time
 * went to another looks so before anything else.
 */
export function cardLook(card: Card): StatusLook {
  if (card.lost_time !== null) return lost;
  const plain = looks[card.status];
  if (card.provisional && plain.tone === "booked") return looks.pending;
  if (card.confirmed && card.status === "booked") return confirmed;
  return card.left && card.status === "fulfilled" ? left : plain;
}

/** The rule of the practice crate (`next_statuses`), so that nothing is offered which the program would refuse. */
const next: Record<AppointmentStatus, readonly AppointmentStatus[]> = {
  proposed: ["booked", "waitlist", "cancelled", "entered-in-error"],
  pending: ["booked", "arrived", "checked-in", "fulfilled", "noshow", "cancelled", "entered-in-error"],
  waitlist: ["booked", "cancelled", "entered-in-error"],
  booked: ["arrived", "checked-in", "fulfilled", "noshow", "cancelled", "entered-in-error"],
  arrived: ["checked-in", "fulfilled", "booked", "noshow", "cancelled", "entered-in-error"],
  "checked-in": ["fulfilled", "arrived", "cancelled", "entered-in-error"],
  fulfilled: ["checked-in", "entered-in-error"],
  noshow: ["arrived", "booked", "cancelled", "entered-in-error"],
  cancelled: ["booked", "entered-in-error"],
  "entered-in-error": [],
};

export function canBecome(from: AppointmentStatus, to: AppointmentStatus): boolean {
  return next[from].includes(to);
}

/** Whether the patient comes to the desk with this change. */
export function comes(from: AppointmentStatus, to: AppointmentStatus): boolean {
  return ["arrived", "checked-in"].includes(to) && !["arrived", "checked-in", "fulfilled"].includes(from);
}

/** As `may_mark` there. */
export function mayMark(status: AppointmentStatus, step: MarkedStep): boolean {
  return step === "confirmed" ? ["proposed", "pending", "booked"].includes(status) : ["checked-in", "fulfilled"].includes(status);
}

export function canMark(card: Card, step: MarkedStep): boolean {
  return mayMark(card.status, step) && !(step === "confirmed" ? card.confirmed : card.left);
}

/** As `may_move` there. */
export function canMove(status: AppointmentStatus): boolean {
  return ["proposed", "pending", "booked", "arrived", "waitlist"].includes(status);
}

/** As `may_change` there. */
export function canChange(status: AppointmentStatus): boolean {
  return ["proposed", "pending", "booked", "arrived", "checked-in"].includes(status);
}

/** Cards that are over and hold no time: kept off the grid until asked for. */
export function isStruck(status: AppointmentStatus): boolean {
  return status === "cancelled" || status === "entered-in-error";
}
