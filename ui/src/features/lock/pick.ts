import type { MemberTile } from "../../host";

/** Members whose name, initials or address begins with what is typed; a name by any of its words. */
export function found(members: readonly MemberTile[], typed: string): MemberTile[] {
  const wish = typed.trim().toLowerCase();
  const begins = (text: string) => text.toLowerCase().startsWith(wish);
  return members.filter(({ name, initials, email }) => [name, ...name.split(/\s+/), initials, email].some(begins));
}

/** The address typed, when it is one and nobody who has signed in here has it. */
export function newAddress(members: readonly MemberTile[], typed: string): string | null {
  const address = typed.trim();
  const known = members.some(({ email }) => email.toLowerCase() === address.toLowerCase());
  return /^\S+@\S+$/.test(address) && !known ? address : null;
}
