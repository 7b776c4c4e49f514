import type { NameFormat } from "../../host";

/** Each format by its example, the strictest first. */
export const formatWords: Record<NameFormat, string> = {
  initials: "Initials: A. R.",
  first_and_letter: "First name: Ana R.",
  full: "In full: Ray, Ana",
};
