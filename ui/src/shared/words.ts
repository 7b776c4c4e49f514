import type { ComputerState, LockReason, Role, Zone } from "../host";

/** What the practice's roles and zones are called on screen. */
export const roleWords: Record<Role, string> = {
  front_desk: "Front desk",
  clinical: "Clinical staff",
  provider: "Provider",
  admin: "Practice admin",
};

export const zoneWords: Record<Zone, string> = {
  front_counter: "Front counter",
  back_office: "Back office",
  exam_room: "Exam room",
  take_home: "Take-home",
};

export const zoneHints: Record<Zone, string> = {
  front_counter: "patients walk by",
  back_office: "staff only",
  exam_room: "patients wait alone",
  take_home: "leaves the office",
};

export const roles: readonly Role[] = ["front_desk", "clinical", "provider", "admin"];
export const zones: readonly Zone[] = ["front_counter", "back_office", "exam_room", "take_home"];

export const lockWords: Record<LockReason, string> = {
  idle: "Locked because nobody touched this computer for a while.",
  asked: "Locked on request.",
  handed_over: "Handed over. What was begun here waits for its author.",
  system: "Locked because the computer slept or was locked.",
  lease_ended: "Locked because the host was not reached for too long. Connect to the network, then sign in.",
  member_stopped: "Your sign-in was stopped by your practice’s admin.",
  workstation_stopped: "This computer was stopped by your practice’s admin.",
  policy_gone: "Locked because the practice’s security policy could not be read. Connect to the host to fetch it again.",
};

export const computerWords: Record<ComputerState, string> = {
  works: "Works",
  stopped: "Stopped",
  forgetting: "Told to forget",
  forgotten: "Forgotten",
};

/** Two letters of "Family, Given", the given name's first; of a name that has no letters nothing. */
export function initialsOf(name: string): string {
  const [family = "", given = ""] = name.split(",").map((part) => /\p{L}\p{M}*/u.exec(part)?.[0] ?? "");
  return (given + family).toUpperCase();
}
