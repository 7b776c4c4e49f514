import type { PatientRow } from "../host";
import { plainDate } from "./time";

const genders: Record<string, string> = { male: "M", female: "F", other: "Other", unknown: "Unknown" };

/** "14 Mar 1961 · 65 y". */
export function bornWord(patient: PatientRow): string {
  if (!patient.birth_date) return "Birth date not known";
  const born = plainDate(patient.birth_date);
  return patient.age ? `${born} · ${patient.age}` : born;
}

/** "No. 004 218". */
export function numberWord(patient: PatientRow): string {
  return patient.record_number ? `No. ${patient.record_number}` : "No record number";
}

export function genderWord(patient: PatientRow): string | null {
  return patient.gender ? (genders[patient.gender] ?? patient.gender) : null;
}
