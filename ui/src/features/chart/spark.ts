import type { Point } from "../../host";

/** A polyline through the values, oldest first, inside a box; null when fewer than two can be drawn. */
export function sparkline(points: readonly Point[], width: number, height: number): { path: string; end: [number, number] } | null {
  const values = points.map((p) => p.value).filter((v): v is number => v !== null && Number.isFinite(v));
  if (values.length < 2) return null;
  const oldest = values.toReversed();
  const low = Math.min(...oldest);
  const range = Math.max(...oldest) - low || 1;
  const inset = 3;
  const at = oldest.map((v, i): [number, number] => [
    inset + (i / (oldest.length - 1)) * (width - 2 * inset),
    inset + (1 - (v - low) / range) * (height - 2 * inset),
  ]);
  return { path: at.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "), end: at.at(-1) as [number, number] };
}
