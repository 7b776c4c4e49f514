/** UCUM codes as people write them; what is not listed is shown as it came. */
const plain: Record<string, string> = {
  Cel: "°C",
  "[degF]": "°F",
  "kg/m2": "kg/m²",
  "mm[Hg]": "mmHg",
  "{score}": "",
  "1": "",
  "/min": "/min",
  "mL/min/1.73m2": "mL/min",
  "mL/min/{1.73_m2}": "mL/min",
  "10*3/uL": "10³/µL",
  "10*6/uL": "10⁶/µL",
};

export function unitWord(unit: string | null): string {
  if (!unit) return "";
  return plain[unit] ?? unit.replace(/\{.*?\}/g, "").replace(/[[\]]/g, "");
}
