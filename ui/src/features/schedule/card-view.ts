import type { Card, VisitType } from "../../host";
import { cardLook, isStruck, markName, type Shaped } from "../../shared/status";
import { NARROW, TIGHT, wordsOf } from "./card-words";
import type { Place } from "./geometry";

/** Pixels of a narrow letter: a name of fewer stands on one line in any case. */
const LETTER = 5;
/** A name runs in its own direction: by its card's class, as an element's own would be set again with every text. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * All that a card draws, made at once. A full day has two hundred cards: what each says is one text with line ends and
 * not an element a line, and its place is told only where it differs from the column's.
 */
export interface View {
  look: string;
  style: string;
  name: string;
  /** On the name's line, after it. */
  after: string;
  /** On the name's line, at its end: the status in a word, or the name of its shape. */
  beside: string | null;
  mark: string | null;
  /** On the next line: the status, where a column is narrow. */
  below: string | null;
  lines: string;
  /** The short code of its type; where it has no room, its colour is not there either. */
  code: string | null;
  spoken: string;
  /** Whether so little of it is drawn that the pointer is told the whole. */
  cut: boolean;
}

/** `room` is the column's width in pixels, `types` the practice's types of visit by their codes. */
export function viewOf(place: Place<Card>, room: number, date: string, now: number | null, types?: ReadonlyMap<string, VisitType>): View {
  const card = place.item;
  const look = cardLook(card);
  const rows = Math.max(1, Math.floor((place.height - 3) / 16));
  const width = room * place.width;
  const narrow = width < NARROW;
  const type = types?.get(card.visit_type ?? "");
  const words = wordsOf(card, rows, width, date, now, type);
  const { code } = words;
  const mark = narrow && !words.below && look.icon ? markName(look as Shaped) : null;
  // In a narrow column a long name takes a second line before the reason takes any.
  const wraps = narrow && rows > (words.below ? 2 : 1) && words.name.length * LETTER > width - 24;
  const lines = words.lines.join("\n");
  return {
    look: [
      `card ${look.tone}`,
      width < TIGHT && "tight",
      wraps && "wraps",
      RIGHT_TO_LEFT.test(words.name) && "rtl",
      mark && "marked",
      code && type && `kind-${type.color}`,
      code && rows === 1 && "single",
      (isStruck(card.status) || card.status === "noshow") && "struck",
    ]
      .filter(Boolean)
      .join(" "),
    style: [
      `top:${place.top + 1}px;height:${place.height - 2}px`,
      place.width < 1 && `left:calc(${place.left * 100}% + 4px);right:auto;width:calc(${place.width * 100}% - ${place.left + place.width > 0.99 ? 10 : 6}px)`,
      mark && `background-image:var(--${mark})${look.tone === "prov" ? ",var(--hatch)" : ""}`,
    ]
      .filter(Boolean)
      .join(";"),
    name: words.name,
    after: words.after ? ` ${words.after}` : "",
    beside: words.beside,
    mark,
    below: words.below,
    // What stands beside the name makes a block of that line, which ends by itself.
    lines: lines && !words.beside ? `\n${lines}` : lines,
    code,
    spoken: words.spoken,
    cut: narrow,
  };
}
