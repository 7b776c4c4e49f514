import type { VisitType } from "../../host";

/** The types that what is typed may stand for: that code first, then codes and words that begin so; all for nothing. */
export function typesFor(types: readonly VisitType[], typed: string): VisitType[] {
  const words = typed.trim().toLowerCase();
  const rank = ({ code, name }: VisitType): number => {
    if (code.toLowerCase() === words) return 0;
    if (code.toLowerCase().startsWith(words)) return 1;
    const lower = name.toLowerCase();
    return lower.startsWith(words) || lower.split(/[\s-]+/).some((word) => word.startsWith(words)) ? 2 : 3;
  };
  return words ? types.filter((type) => rank(type) < 3).sort((a, b) => rank(a) - rank(b)) : [...types];
}
