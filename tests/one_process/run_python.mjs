// Runs a Python file in Pyodide: node run_python.mjs FILE BYTECODE NAME=FOLDER…
// Each folder of this machine is in the tab's as /NAME. What the file leaves as `answer` is printed
// as the last line.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [file, bytecode, core, ...folders] = process.argv.slice(2);
const { loadPyodide } = createRequire(import.meta.url)(`${core}/pyodide.js`);
const python = await loadPyodide();
for (const folder of [`bytecode=${bytecode}`, ...folders]) {
  const [name, there] = folder.split("=");
  python.FS.mkdirTree(`/${name}`);
  python.mountNodeFS(`/${name}`, there);
}
const answer = python.runPython(`${readFileSync(file, "utf8")}\nanswer`);
console.log(`\n${answer}`);
process.exit(0);
