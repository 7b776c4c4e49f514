import type { Finding } from "../../host";

/** Whether it is nothing wrong yet: a day that an admin should know. */
export const toCome = (finding: Finding): boolean => finding.code === "certificate_ends";
