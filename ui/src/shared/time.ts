/**
 * Words for times. The program hands over ISO strings that already stand in the practice's zone, so their first sixteen
 * characters are the wall clock; nothing here converts between zones. `Date.UTC` serves as a calendar only.
 */

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

function parts(date: string): { year: number; month: number; day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** The date of an ISO instant. */
export function dateOf(iso: string): string {
  return iso.slice(0, 10);
}

/** Wall-clock minutes after midnight of an ISO instant. */
export function minuteOf(iso: string): number {
  return Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16));
}

/** `2026-11-23` plus a number of days. */
export function addDays(date: string, days: number): string {
  const { year, month, day } = parts(date);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekday(date: string): number {
  const { year, month, day } = parts(date);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

export function isDate(text: string): boolean {
  const { month, day } = parts(text);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && month >= 1 && month <= 12 && day >= 1 && addDays(text, 0) === text;
}

/** "Monday 23 November". */
export function longDate(date: string): string {
  const { month, day } = parts(date);
  return `${WEEKDAYS[weekday(date)]} ${day} ${MONTHS[month - 1]}`;
}

/** "Mon 23 Nov". */
export function mediumDate(date: string): string {
  const { month, day } = parts(date);
  return `${WEEKDAYS[weekday(date)]?.slice(0, 3)} ${day} ${MONTHS[month - 1]?.slice(0, 3)}`;
}

/** "November 2026". */
export function monthName(date: string): string {
  const { year, month } = parts(date);
  return `${MONTHS[month - 1]} ${year}`;
}

/** "14 Mar 1961", "Mar 1961" or "1961": as precise as the date is. */
export function plainDate(date: string): string {
  const { year, month, day } = parts(date);
  const name = MONTHS[month - 1]?.slice(0, 3);
  if (!name) return String(date.slice(0, 4));
  return day ? `${day} ${name} ${year}` : `${name} ${year}`;
}

/** "2 Nov" within a year of `today`, else "2 Nov 2019". */
export function nearDate(date: string, today: string): string {
  const full = plainDate(date);
  return date.slice(0, 4) === today.slice(0, 4) ? full.replace(/ \d{4}$/, "") : full;
}

/** "9:45" for 585. */
export function clock(minute: number): string {
  const inDay = ((minute % 1440) + 1440) % 1440;
  return `${((Math.floor(inDay / 60) + 11) % 12) + 1}:${two(inDay % 60)}`;
}

function half(minute: number): string {
  return ((minute % 1440) + 1440) % 1440 < 720 ? "am" : "pm";
}

/** "9:45 am". */
export function clockHalf(minute: number): string {
  return `${clock(minute)} ${half(minute)}`;
}

/** "8 am", "4:30 pm": on the hour without its zeros. */
export function clockPlain(minute: number): string {
  return clockHalf(minute).replace(":00", "");
}

/** "9:45–10:15 am". */
export function clockRange(from: number, to: number): string {
  return half(from) === half(to) ? `${clock(from)}–${clockHalf(to)}` : `${clockHalf(from)}–${clockHalf(to)}`;
}

/** "8 am", "9", "12 pm": the axis says the half of the day only where it changes. */
export function hourLabel(hour: number, first: boolean): string {
  const name = String(((hour + 11) % 12) + 1);
  return first || hour % 12 === 0 ? `${name} ${hour % 24 < 12 ? "am" : "pm"}` : name;
}

/** Time today, date otherwise: "9:52" or "20 Nov". */
export function whenShort(iso: string, today: string): string {
  return dateOf(iso) === today ? clock(minuteOf(iso)) : nearDate(dateOf(iso), today);
}

/** "9:52 am" today, else "20 Nov, 4:40 pm". */
export function moment(iso: string, today: string): string {
  const at = clockHalf(minuteOf(iso));
  return dateOf(iso) === today ? at : `${nearDate(dateOf(iso), today)}, ${at}`;
}

/** As it stands in a sentence: "at 9:52 am" today, else "on 20 Nov at 4:40 pm". */
export function momentInWords(iso: string, today: string): string {
  const at = `at ${clockHalf(minuteOf(iso))}`;
  return dateOf(iso) === today ? at : `on ${nearDate(dateOf(iso), today)} ${at}`;
}

/** "Today", "Tomorrow", "Yesterday", or "Mon 23 Nov". */
export function dayWord(date: string, today: string): string {
  if (date === today) return "Today";
  if (date === addDays(today, 1)) return "Tomorrow";
  if (date === addDays(today, -1)) return "Yesterday";
  return mediumDate(date);
}

/** `2026-11-23T09:45`, the program's wall clock, from a date and minutes after its midnight. */
export function wallClock(date: string, minute: number): string {
  const days = Math.floor(minute / 1440);
  const inDay = minute - days * 1440;
  return `${addDays(date, days)}T${two(Math.floor(inDay / 60))}:${two(inDay % 60)}`;
}

/** "21 min", "1 h 5 min". */
export function span(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
}

/** "5 min", "90 s", "1 h": how a time-out is said. */
export function spanSeconds(seconds: number): string {
  return seconds % 60 ? `${seconds} s` : span(seconds / 60);
}

/**
 * Minutes after midnight from what a person types: `945`, `9:45`, `1:30p`, `13.30`, `2 pm`. Between one and six without a
 * half of the day means the afternoon, as on any office's telephone.
 */
export function readClock(text: string): number | null {
  const match = /^\s*(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(a|p|am|pm)?\.?\s*$/i.exec(text);
  if (!match) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  const said = match[3]?.[0]?.toLowerCase();
  if (hour > 23 || minute > 59 || (said && (hour > 12 || hour === 0))) return null;
  if (said === "p" && hour < 12) hour += 12;
  if (said === "a" && hour === 12) hour = 0;
  if (!said && hour >= 1 && hour <= 6 && !text.trim().startsWith("0")) hour += 12;
  return hour * 60 + minute;
}

/**
 * A date from what a person types: `2026-12-03`, `3 dec`, `dec 3`, `12/3`, `12/3/27`, `today`, `tomorrow`, `fri`, `+7`. Without a year
 * the next such date is meant.
 */
export function readDate(text: string, today: string): string | null {
  const typed = text.trim().toLowerCase().replace(/,/g, " ");
  if (isDate(typed)) return typed;
  const plus = /^\+(\d{1,3})$/.exec(typed);
  if (plus) return addDays(today, Number(plus[1]));
  if (typed === "today") return today;
  if (typed === "tomorrow") return addDays(today, 1);
  const words = typed.split(/[\s/.-]+/).filter((word) => !WEEKDAYS.some((name) => name.slice(0, 3).toLowerCase() === word.slice(0, 3) && /^[a-z]/.test(word)));
  if (!words.length) return nextWeekday(typed, today);
  const named = words.find((word) => /^[a-z]{3,}$/.test(word));
  const month = named ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(named)) + 1 : Number(words[0]);
  const numbers = words.filter((word) => word !== named).map(Number);
  const [day = NaN, year] = named ? numbers : numbers.slice(1);
  if (!month || Number.isNaN(month + day)) return null;
  return year === undefined ? nextSuchDate(month, day, today) : dated(year < 100 ? 2000 + year : year, month, day);
}

function dated(year: number, month: number, day: number): string | null {
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return isDate(date) ? date : null;
}

function nextSuchDate(month: number, day: number, today: string): string | null {
  const { year } = parts(today);
  const here = dated(year, month, day);
  return here && here >= today ? here : (dated(year + 1, month, day) ?? here);
}

function nextWeekday(typed: string, today: string): string | null {
  const wanted = WEEKDAYS.findIndex((name) => typed.length >= 3 && name.toLowerCase().startsWith(typed));
  return wanted < 0 ? null : addDays(today, (wanted - weekday(today) + 6) % 7 + 1);
}
