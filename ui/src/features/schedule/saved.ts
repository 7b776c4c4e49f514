/** Views that a member keeps on function keys. */
import type { Column, SavedView } from "../../host";
import type { View } from "./view";

/** F2 to F9: F1 is everyone's help, and F10 on belong to menus and to the web view. */
export const VIEW_KEYS = [2, 3, 4, 5, 6, 7, 8, 9] as const;

/** What a view is called until its member says otherwise. */
export function nameOf(view: View, providers: readonly Column[]): string {
  const name = (id: string | undefined) => providers.find((column) => column.practitioner === id)?.name ?? "one provider";
  const { columns } = view;
  if (view.shape === "day" && view.rooms) return "Day, rooms";
  if (view.shape === "day") return `Day, ${columns.length > 1 ? `${columns.length} providers` : columns.length ? name(columns[0]) : "all"}`;
  const what = view.shape === "week" ? "Week" : view.wide ? "List of a week" : "List of a day";
  return `${what}, ${view.whose === null ? "all" : name(view.whose)}`.slice(0, 40);
}

/** With `view` on its key, whatever was there before; in the order of the keys. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [...views.filter((one) => one.key !== view.key), view].sort((a, b) => a.key - b.key);
}

/** The first key that has nothing, else the last. */
export function freeKey(views: readonly SavedView[]): number {
  return VIEW_KEYS.find((key) => views.every((view) => view.key !== key)) ?? 9;
}

/** The columns with this provider's shown or not. None is the same as all, so the last one stays. */
export function toggled(shown: readonly string[], id: string, everybody: readonly string[]): string[] {
  const next = shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id];
  if (!next.length) return [...shown];
  return next.join() === everybody.join() ? [] : next;
}

/** The columns with this provider's one place to the left or to the right. */
export function shifted(shown: readonly string[], id: string, step: 1 | -1, everybody: readonly string[]): string[] {
  const at = shown.indexOf(id);
  const other = shown[at + step];
  if (other === undefined) return [...shown];
  const next = [...shown];
  next[at] = other;
  next[at + step] = id;
  return next.join() === everybody.join() ? [] : next;
}
