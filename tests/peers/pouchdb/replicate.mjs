// Replicates the resources of a file from one process to another: node replicate.mjs FILE. Prints how many documents there
// were and how many seconds it took; loading the office's own database is not in it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PouchDB from "pouchdb-node";

const folder = mkdtempSync(join(tmpdir(), "pouchdb-peer-"));
const office = fork(new URL("office.mjs", import.meta.url), [process.argv[2], folder], { stdio: ["ignore", 2, 2, "ipc"] });
try {
  const [port] = await Promise.race([
    once(office, "message"),
    once(office, "exit").then(() => {
      throw new Error("the office ended before it served");
    }),
  ]);
  const desk = new PouchDB(join(folder, "desk"));
  const began = performance.now();
  await PouchDB.replicate(`http://127.0.0.1:${port}/office`, desk, { batch_size: 500 });
  const seconds = (performance.now() - began) / 1000;
  const { doc_count: documents } = await desk.info();
  console.log(JSON.stringify({ documents, seconds }));
  await desk.close();
} finally {
  office.kill();
  rmSync(folder, { recursive: true, force: true });
}
