// Serves a database that holds a document for each line of a file: node office.mjs FILE FOLDER. Told to its parent is the
// port, when all is there.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import express from "express";
import expressPouchdb from "express-pouchdb";
import PouchDB from "pouchdb-node";

const [file, folder] = process.argv.slice(2);
const Here = PouchDB.defaults({ prefix: `${folder}/` });
const db = new Here("office");

let waiting = [];
const put = async () => {
  const answers = await db.bulkDocs(waiting);
  const refused = answers.find((answer) => answer.error);
  if (refused) throw new Error(`a document was refused: ${refused.message}`);
  waiting = [];
};
for await (const line of createInterface({ input: createReadStream(file) })) {
  const resource = JSON.parse(line);
  // FHIR has names that begin with an underscore, which are PouchDB's own at the top of a document.
  waiting.push({ _id: `${resource.resourceType}/${resource.id}`, resource });
  if (waiting.length === 1000) await put();
}
if (waiting.length > 0) await put();

const app = express();
app.use("/", expressPouchdb(Here, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: `${folder}/log` }));
const server = app.listen(0, "127.0.0.1", () => process.send(server.address().port));
