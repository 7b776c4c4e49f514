import type { BackupLine, CertificateLine, CertificatePlace, KeepingPage } from "../../host";

/** "0.4 s", "38 s", "4 min 12 s": how long something took. */
export function took(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest ? `${Math.floor(seconds / 60)} min ${rest} s` : `${seconds / 60} min`;
}

/** "812 KB", "1.3 MB", "2.1 GB". */
export function size(kilobytes: number): string {
  if (kilobytes < 1000) return `${kilobytes} KB`;
  const megabytes = kilobytes / 1024;
  return megabytes < 1000 ? `${megabytes.toFixed(1)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** "48,210 records". */
export function records(count: number): string {
  return count === 1 ? "1 record" : `${count.toLocaleString("en-US")} records`;
}

export const certificateWords: Record<CertificatePlace, string> = {
  host: "The host’s",
  between: "One between the two",
  authority: "Your practice’s authority’s",
};

/** "28 days left". */
export function left({ days_left }: CertificateLine): string {
  if (days_left === 0) return "ends today, or has ended";
  return days_left === 1 ? "1 day left" : `${days_left} days left`;
}

/** What a run was, and where. */
export function what(run: BackupLine): string {
  if (run.kind === "drill") return "Restore drill";
  return run.elsewhere ? "Backup elsewhere" : "Backup";
}

/** How long backups are kept, as far as the host says. */
export function kept({ hourly, keeps }: KeepingPage): string {
  const rule = keeps ? ` It keeps the last one of each of ${keeps.hourly} hours, ${keeps.daily} days and ${keeps.monthly} months.` : "";
  return hourly ? `The host makes an encrypted backup each hour.${rule}` : `This host makes no backups by itself; whoever runs it does.${rule}`;
}
