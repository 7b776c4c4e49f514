import type { Account, MemberAct, Role } from "../../host";
import type { IconName } from "../../shared/icons";
import { dateOf, moment, nearDate } from "../../shared/time";
import { roleWords } from "../../shared/words";

/** What can be asked for, without what it needs to know. */
export type ActName = "role" | "link" | "factor" | "out" | "stop" | "start";

/** One line of what can be done to a member. */
export interface Act {
  name: ActName;
  title: string;
  what: string;
  button: string;
  /** Why it can't be done; null when it can. */
  not: string | null;
  /** Whether it takes something away. */
  warns: boolean;
}

/** A shape and a word, and more where that is known. */
export interface Shown {
  icon: IconName;
  tone: string;
  word: string;
  more: string | null;
}

export const onlyAdminWords = "The practice’s only admin. Make somebody else admin first.";

/** Whether nobody else could do an admin's work; the host refuses what would leave the practice without one. */
export function isOnlyAdmin(account: Account, all: readonly Account[]): boolean {
  const works = (one: Account) => one.role === "admin" && !one.stopped;
  return works(account) && !all.some((one) => one.tile.id !== account.tile.id && works(one) && one.has_password);
}

export function acts(account: Account, all: readonly Account[]): Act[] {
  const only = isOnlyAdmin(account, all) ? onlyAdminWords : null;
  const stopped = account.stopped ? "Stopped. Let them work again first." : null;
  return [
    { name: "role", title: "Role", what: "What they see and may do, at every computer.", button: "Change…", not: only, warns: false },
    account.has_password
      ? { name: "link", title: "Password", what: "A link by mail with which they choose a new one. The old one works until then.", button: "Mail a link…", not: stopped, warns: false }
      : { name: "link", title: "Invitation", what: "The mail with the link again. It is good for three days.", button: "Invite again…", not: stopped, warns: false },
    {
      name: "factor",
      title: "Second factor",
      what: "For a lost telephone. They sign in with the password alone until they set one up again.",
      button: "Take away…",
      not: account.second_factor ? null : "They have none.",
      warns: true,
    },
    { name: "out", title: "Signed in", what: "Ends what they may ask the host for, at every computer. Computers that are open lock by themselves as usual.", button: "Sign out everywhere…", not: account.has_password ? null : "They have not signed in yet.", warns: true },
    account.stopped
      ? { name: "start", title: "Stopped", what: "They may sign in again with the password that they had.", button: "Let them work again…", not: null, warns: false }
      : { name: "stop", title: "Stop", what: "For whoever leaves. Nothing that they wrote goes away.", button: "Stop…", not: only, warns: true },
  ];
}

/** What is asked before it is done: a title, what it means, the button. */
export function question(name: ActName, { tile, has_password }: Account): { title: string; says: string; go: string } {
  const who = tile.name;
  switch (name) {
    case "role":
      return { title: `Another role for ${who}?`, says: "In force at the next sync of each computer. What they wrote stays theirs.", go: "Change the role" };
    case "link":
      return has_password
        ? { title: `A new password for ${who}?`, says: `A mail goes to ${tile.email}. Its link works once and for 30 minutes. Choosing the password ends all that they are signed in to.`, go: "Mail the link" }
        : { title: `Invite ${who} again?`, says: `A mail goes to ${tile.email}. Its link works once, and the one before no more.`, go: "Mail the invitation" };
    case "factor":
      return { title: `Take away the second factor of ${who}?`, says: "Be sure that it is they who ask: from now on the password alone signs them in, unless the policy wants a second factor of their role. Then they set up another one at the next sign-in.", go: "Take it away" };
    case "out":
      return { title: `Sign ${who} out everywhere?`, says: "What they may ask the host for in person ends at once. A computer that they have open goes on until it locks; stop them to lock it.", go: "Sign out everywhere" };
    case "stop":
      return { title: `Stop ${who}?`, says: "They are signed out at once, and each computer that they have open locks when it next reaches the host. What they wrote and had not sent is kept for an admin to look after.", go: "Stop them" };
    case "start":
      return { title: `Let ${who} work again?`, says: "They may sign in at once, with the password and the role that they had.", go: "Let them work" };
  }
}

export function wish(name: ActName, role: Role): MemberAct {
  switch (name) {
    case "role":
      return { role };
    case "link":
      return "mail_link";
    case "factor":
      return "reset_second_factor";
    case "out":
      return "sign_out";
    case "stop":
    case "start":
      return name;
  }
}

/** What was done, in a sentence. */
export function done({ tile, role, has_password }: Account, act: MemberAct): string {
  switch (act) {
    case "stop":
      return `${tile.name} is stopped.`;
    case "start":
      return `${tile.name} may work again.`;
    case "reset_second_factor":
      return `The second factor of ${tile.name} is taken away.`;
    case "mail_link":
      return has_password ? `${tile.name} has mail with a link for a new password.` : `${tile.name} is invited again.`;
    case "sign_out":
      return `${tile.name} is signed out everywhere.`;
    default:
      return `${tile.name} is now: ${roleWords[role]}.`;
  }
}

export function standing(account: Account, today: string): Shown {
  const until = account.link_until && moment(account.link_until, today);
  if (account.stopped) return { icon: "lock", tone: "prov", word: "Stopped", more: "may not sign in" };
  if (account.has_password) return { icon: "check", tone: "arrived", word: "Works", more: until && `link for a new password until ${until}` };
  if (until) return { icon: "clock", tone: "booked", word: "Invited", more: `link good until ${until}` };
  return { icon: "alert", tone: "late", word: "Invited", more: "the link has run out" };
}

export function factor(account: Account, wanted: readonly Role[], today: string): Shown {
  if (account.second_factor) return { icon: "shield", tone: "arrived", word: "Yes", more: `since ${nearDate(dateOf(account.second_factor), today)}` };
  if (wanted.includes(account.role) && account.has_password && !account.stopped) return { icon: "alert", tone: "late", word: "Missing", more: "set up at the next sign-in" };
  return { icon: "close", tone: "done", word: "No", more: null };
}
