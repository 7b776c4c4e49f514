/**
 * Every key of the program in one table: the handlers match against it and the shortcuts sheet prints it, so the two
 * cannot disagree.
 */
export interface Shortcut {
  /** As `KeyboardEvent.key` with modifiers in front: "Ctrl+K", "Shift+ArrowUp". */
  keys: readonly string[];
  /** As printed. */
  label: string;
  does: string;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

function key(label: string, does: string, ...keys: string[]): Shortcut {
  return { label, does, keys };
}

/** What a key does here and now. */
export type Deed = readonly [shortcut: Shortcut, run: () => void];

export const anywhere = {
  find: key("Ctrl K", "Find a patient, or something to do", "Ctrl+k"),
  lock: key("Ctrl L", "Lock", "Ctrl+l"),
  handOver: key("Ctrl Shift L", "Hand the desk over", "Ctrl+Shift+l"),
  glance: key("Ctrl Shift B", "Hide names, or show them", "Ctrl+Shift+b"),
  undo: key("Ctrl Z", "Take the last change back", "Ctrl+z"),
  settings: key("Ctrl ,", "Your settings", "Ctrl+,"),
  larger: key("Ctrl +", "Larger text", "Ctrl++", "Ctrl+Shift++", "Ctrl+="),
  smaller: key("Ctrl -", "Smaller text", "Ctrl+-"),
  asDrawn: key("Ctrl 0", "Text as usual", "Ctrl+0"),
  help: key("?", "Show the keys", "?"),
  day: key("1", "Day schedule", "1"),
  changes: key("2", "Changes to send", "2"),
  policy: key("3", "Security policy", "3"),
  computers: key("4", "Computers, for an admin", "4"),
  members: key("5", "Members, for an admin", "5"),
  keeping: key("6", "Backups and data, for an admin", "6"),
  lists: key("7", "Lists: waitlist, calls and recalls", "7"),
} as const;

export const schedule = {
  today: key("T", "Today", "t"),
  before: key("[", "Day or week before", "["),
  after: key("]", "Day or week after", "]"),
  pick: key("G", "Go to a date", "g"),
  week: key("W", "Week, or back to the day", "w"),
  list: key("L", "List, or back to the day", "l"),
  whose: key("S", "Choose whose week or list", "s"),
  print: key("Ctrl P", "Print the day", "Ctrl+p"),
  save: key("Ctrl Shift P", "Save the day as a PDF", "Ctrl+Shift+p"),
  book: key("B", "Book, from the selected time", "b"),
  register: key("P", "Register a patient", "p"),
  openings: key("O", "Find an opening; Alt O from the booking", "o", "Alt+o"),
  unpin: key("J", "Move the next pinned visit to this day", "j"),
  offer: key("U", "Offer freed time to the waitlist", "u"),
} as const;

const VIEW_KEYS = ["F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"];

export const views = {
  open: key("V", "Your views, and the day's columns", "v"),
  show: key("F2 to F9", "Show the view that you keep there", ...VIEW_KEYS),
  keep: key("Shift F2 to F9", "Keep what is shown there", ...VIEW_KEYS.map((name) => `Shift+${name}`)),
} as const;

export const walking = {
  up: key("↑", "Appointment before", "ArrowUp"),
  down: key("↓", "Appointment after", "ArrowDown"),
  left: key("←", "Provider to the left", "ArrowLeft"),
  right: key("→", "Provider to the right", "ArrowRight"),
  slotUp: key("Shift ↑", "Free time above", "Shift+ArrowUp"),
  slotDown: key("Shift ↓", "Free time below", "Shift+ArrowDown"),
  open: key("Enter", "Open the chart, or book a free time", "Enter"),
  leave: key("Esc", "Close what is open", "Escape"),
} as const;

export const acting = {
  confirm: key("Y", "Confirmed: the patient says that they come", "y"),
  arrive: key("A", "Arrived", "a"),
  room: key("R", "In a room", "r"),
  done: key("D", "Done", "d"),
  left: key("Q", "Left", "q"),
  noshow: key("N", "Did not come", "n"),
  move: key("M", "Move: arrows, Alt with arrows for its length, then Enter", "m"),
  change: key("E", "Change its type, its room, or what it is for", "e"),
  copy: key("K", "Copy: book the same again", "k"),
  pin: key("X", "Pin for another day, or unpin", "x"),
  recall: key("I", "Recall: due for another visit", "i"),
  history: key("H", "Its history, in sentences", "h"),
  cancel: key("C", "Cancel, with a reason", "c", "Delete"),
  rebook: key("F", "Find another time, where its own was taken", "f"),
} as const;

export const finding = {
  chart: key("Enter", "Open the chart", "Enter"),
  book: key("Alt Enter", "Book for this patient", "Alt+Enter"),
  recent: key("Alt R", "Patients you had lately", "Alt+r"),
  register: key("Alt N", "Register who was typed", "Alt+n"),
} as const;

export const charting = {
  change: key("E", "Change who the patient is, and who pays", "e"),
  recall: key("I", "Recall: due for another visit", "i"),
  merge: key("M", "Merge with another record of the same person", "m"),
  note: key("N", "Write a note, for who treats patients", "n"),
} as const;

export const noting = {
  save: key("Ctrl Enter", "Save the note", "Ctrl+Enter"),
} as const;

export const registering = {
  use: key("Alt 1 to 5", "It is this patient, who is here already", "Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5"),
} as const;

export const lists = {
  before: key("[", "List before", "["),
  after: key("]", "List after", "]"),
  add: key("A", "Add somebody", "a"),
  seek: key("Enter", "Find time that suits", "Enter"),
  leave: key("Delete", "Take off the list", "Delete"),
  chart: key("C", "Open the chart", "c"),
} as const;

export const calls = {
  confirmed: key("Y", "They come", "y"),
  spoke: key("S", "Spoke with them", "s"),
  message: key("M", "Left a message", "m"),
  noAnswer: key("N", "No answer", "n"),
  move: key("V", "They want another time: find one", "v"),
  off: key("Delete", "Cancel, or take off the list, with a reason", "Delete"),
  book: key("Enter", "Find time, or book again", "Enter"),
  done: key("D", "Recall done", "d"),
} as const;

export const groups: readonly ShortcutGroup[] = [
  { title: "Anywhere", shortcuts: Object.values(anywhere) },
  { title: "Schedule", shortcuts: [...Object.values(schedule), ...Object.values(views)] },
  { title: "Walking the day", shortcuts: Object.values(walking) },
  { title: "The selected appointment", shortcuts: Object.values(acting) },
  { title: "In patient search", shortcuts: Object.values(finding) },
  { title: "In a chart", shortcuts: Object.values(charting) },
  { title: "While writing a note", shortcuts: Object.values(noting) },
  { title: "While registering", shortcuts: Object.values(registering) },
  { title: "In the lists", shortcuts: Object.values(lists) },
  { title: "Calling", shortcuts: Object.values(calls) },
];

/** The event's key with its modifiers; Shift does not count with a plain letter or sign, which has its own way to be typed. */
export function pressed(event: KeyboardEvent): string {
  const single = event.key.length === 1;
  const name = single ? event.key.toLowerCase() : event.key;
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && (!single || ctrl || alt) ? "Shift+" : "";
  return `${ctrl}${alt}${shift}${name}`;
}

export function is(event: KeyboardEvent, shortcut: Shortcut): boolean {
  return shortcut.keys.includes(pressed(event));
}

/** Whether what is pressed belongs to a field now. A choice of a few takes arrows and no letter. */
export function isTyping(event: KeyboardEvent): boolean {
  const at = event.target;
  if (at instanceof HTMLInputElement && at.type === "radio") return false;
  return at instanceof HTMLElement && (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName));
}

/** Whether this is a plain letter, digit or sign: what people who dictate can turn off. */
export function isPlain(event: KeyboardEvent): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** Whether a dialog holds the keyboard, so that the page behind it must not act. */
export function dialogOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
