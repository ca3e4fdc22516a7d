// `npm run bench`: the figures that Plumbline promises, each beside its bar. The bars are ratios to something measured
// in the same run, so that they mean the same on any machine; nothing here is a test, and nothing fails by time.
import { build } from "esbuild";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, root, tsMorphApart } from "../../server/build/bundle.mjs";
import { packageExtension } from "../../server/build/package.mjs";
import { activationCpu } from "./activation.mjs";
import { embedded } from "./embedded.mjs";
import { faults } from "./faults.mjs";
import { buildModel, toDrizzle, toPrisma } from "./gen.mjs";
import { introspection } from "./introspection.mjs";
import { migrationProcess } from "./migration-process.mjs";
import { migrationTrips } from "./migration-trips.mjs";
import { processDatabase } from "./process-database.mjs";
import { pushProcesses } from "./push-processes.mjs";
import { startClient } from "./language-client.mjs";
import { writerStalls } from "./writer-stalls.mjs";

const require = createRequire(import.meta.url);
const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-bench-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
const dist = path.join(scratch, "dist");
const rows = [];
const asked = process.argv.slice(2);

const benches = {
  keystroke, prisma, process: wholeProcess, growth, activation, size,
  embedded: () => embedded({ report, median, runProcess, dist, root, scratch }),
  introspection: () => introspection({ report, median, scratch }),
  "process-database": () => processDatabase({ report, median, runProcess: runApart, dist, scratch }),
  "process-database/push": () => pushProcesses({ report, runProcess: runApart, dist, scratch }),
  "migrations/process": () => migrationProcess({ report, runProcess: runApart, dist, scratch }),
  "migrations/trips": () => migrationTrips({ report, runProcess: runApart, dist, scratch }),
  faults: () => faults({ report, dist, scratch }),
  "migrations/stalls": () => writerStalls({ report, median, runProcess: runApart, dist, scratch }),
};
const isAsked = (name) => asked.includes(name) || asked.includes(name.split("/")[0]);
const unknown = asked.filter((one) => !Object.keys(benches).some((name) => one === name || one === name.split("/")[0]));
if (unknown.length > 0) {
  console.error(`no benchmark called ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}
await bundle({ production: true, outdir: dist });
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !isAsked(name)) continue;
  console.error(`… ${name}`);
  await bench().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
const widths = ["what", "measured", "bar", "detail"].map((key) => Math.max(key.length, ...rows.map((row) => row[key].length)));
for (const row of [{ what: "what", measured: "measured", bar: "bar", detail: "detail", met: undefined }, ...rows]) {
  console.log(`${row.met === undefined ? " " : row.met ? "✔" : "✘"} ${row.what.padEnd(widths[0])}  ${row.measured.padStart(widths[1])}  ${row.bar.padStart(widths[2])}  ${row.detail}`);
}

/** `measured` and `bar` in the same unit; less is better. */
function report(what, measured, bar, unit, detail) {
  const shown = (value) => (unit === "x" ? `${value.toFixed(value < 1 ? 3 : 2)}x` : `${Number(value.toFixed(1))} ${unit}`);
  rows.push({ what, measured: shown(measured), bar: `≤ ${shown(bar)}`, detail, met: measured <= bar });
}

/** A folder with a generated Drizzle schema of `tables` tables in one file. */
function drizzleProject(tables) {
  const folder = path.join(scratch, `drizzle-${tables}`);
  mkdirSync(folder, { recursive: true });
  const text = toDrizzle(buildModel(tables));
  writeFileSync(path.join(folder, "schema.ts"), text);
  return { folder, file: path.join(folder, "schema.ts"), text, lines: text.split("\n").length };
}

/** 50 random edits through the language server, from didChange to diagnostics, beside a bare parse of the same file; and the server's memory. */
async function keystroke() {
  const { ts } = require("ts-morph");
  for (const [tables, bar, memoryBar] of [[174, 0.15, 300], [2000, 0.05, 700]]) {
    const { folder, file, text } = drizzleProject(tables);
    const parse = () => times(tables === 174 ? 15 : 5, (at) => ts.createSourceFile("schema.ts", `${text}\n// ${at}`, ts.ScriptTarget.Latest));
    parse();
    const random = randomNumbers(7);
    let most = 0;
    for (const pull of [false, true]) {
      // Before and after the edits: the machine may be busier at one time than at another.
      const parsed = parse();
      const client = await startClient(path.join(dist, "server.js"), folder, { pull });
      const uri = pathToFileURL(file).href;
      let { lastLine } = await client.open(uri, "typescript", text);
      const lines = text.split("\n");
      const taken = [];
      const inFull = [];
      let count = 0;
      // A few to warm up, as in an editor that has been open for a while.
      for (let version = 2; version < 62; version++) {
        // A pushing server says nothing when nothing changed: a new line moves the findings below it. Pulled, any letter will do.
        const line = Math.floor(random() * (pull ? lines.length : lastLine));
        const change = pull ? { line, text: lines[line].includes('"') ? "x" : " ", character: Math.max(lines[line].indexOf('"') + 1, 0) } : { line, text: "  // a note\n", character: 0 };
        const result = await client.change(uri, version, [{ range: { start: change, end: change }, text: change.text }]);
        if (pull) lines[line] = lines[line].slice(0, change.character) + change.text + lines[line].slice(change.character);
        else lines.splice(line, 0, "  // a note");
        ({ count, lastLine } = result);
        if (version < 12) continue;
        taken.push(result.milliseconds);
        if (result.full) inFull.push(result.milliseconds);
      }
      const { now, most: high } = client.memory();
      most = Math.max(most, now);
      await client.stop();
      const bare = median([...parsed, ...parse()]);
      report(`keystroke, ${tables} tables, ${pull ? "pulled" : "pushed"}`, median(taken) / bare, bar, "x", `median ${median(taken).toFixed(1)} ms, 90th percentile ${percentile(taken, 0.9).toFixed(1)} ms, ${inFull.length} answers in full, their median ${median(inFull).toFixed(1)} ms; ${count} findings; createSourceFile ${bare.toFixed(1)} ms; peak ${high} MB`);
    }
    report(`server memory, ${tables} tables`, most, memoryBar, "MB", "resident, after 60 edits");
  }
}

/**
 * Parse, model and rules of 300 Prisma models in a project just opened, beside Prisma's own lint() of the same text, in
 * turn, so that whatever else the machine does falls on both. Each run has a schema of its own, so nothing that was read
 * before can serve it. Warm, as a server is after some readings. All texts are made before the
 * first run: what making them leaves behind is for neither of the two to clear away. V8 is told what the server tells it.
 */
async function prisma() {
  const outfile = path.join(scratch, "engine.cjs");
  await build({ absWorkingDir: root, entryPoints: ["test/bench/engine.ts"], outfile, bundle: true, platform: "node", format: "cjs", minify: true, plugins: [tsMorphApart], logLevel: "warning" });
  copyFileSync(path.join(dist, "ts-morph.js"), path.join(scratch, "ts-morph.js"));
  const { openProject, mergeConfigs, makeObjectsYoung } = require(outfile);
  makeObjectsYoung();
  const wasm = require("@prisma/prisma-schema-wasm");
  const file = "/w/schema.prisma";
  let findings = 0;
  const read = (text) => {
    const files = { root: "/w", read: (one) => (one === file ? text : undefined), exists: (one) => one === file, list: (glob) => (glob.endsWith(".prisma") ? [file] : []) };
    findings = openProject(files, mergeConfigs(), { paths: [file] }).report().findings.length;
  };
  const lint = (text) => wasm.lint(JSON.stringify([["schema.prisma", text]]));
  const [own, theirs] = [[], []];
  const warmUp = 20;
  // Each in one piece in memory, as a text read from disk.
  const texts = Array.from({ length: warmUp + 60 }, (_, at) => Buffer.from(toPrisma(buildModel(300, at), true)).toString());
  for (const [at, text] of texts.entries()) {
    for (const [run, taken] of at % 2 === 0 ? [[read, own], [lint, theirs]] : [[lint, theirs], [read, own]]) {
      const [milliseconds] = times(1, () => run(text));
      if (at >= warmUp) taken.push(milliseconds);
    }
  }
  const ratio = median(own.map((milliseconds, at) => milliseconds / theirs[at]));
  report("Prisma, 300 models", ratio, 0.3, "x", `V8 set up as in the server; median of ${own.length} pairs; ${median(own).toFixed(1)} ms, at best ${Math.min(...own).toFixed(1)}, ${findings} findings; prisma-schema-wasm lint() ${median(theirs).toFixed(1)} ms, at best ${Math.min(...theirs).toFixed(1)}`);
}

/** `plumbline check` as a process, beside a bundled script that loads ts-morph and parses the same file. */
async function wholeProcess() {
  const { folder, file } = drizzleProject(174);
  const script = path.join(scratch, "bare.ts");
  writeFileSync(script, `import { ts } from "ts-morph"; import { readFileSync } from "node:fs"; const file = process.argv[2]; ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);`);
  await build({ entryPoints: [script], outfile: path.join(dist, "bare.js"), bundle: true, platform: "node", format: "cjs", minify: true, plugins: [tsMorphApart], logLevel: "warning" });
  const own = [];
  const bare = [];
  for (let at = 0; at < 9; at++) {
    own.push(runProcess([path.join(dist, "cli.js"), "check", "--cwd", folder, "--format", "json", file], [0, 1]));
    bare.push(runProcess([path.join(dist, "bare.js"), file], [0]));
  }
  for (const key of ["wall", "cpu"]) {
    const [a, b] = [own, bare].map((runs) => median(runs.slice(1).map((run) => run[key])));
    report(`check as a process, 174 tables, ${key}`, a / b, 1.5, "x", `${a.toFixed(0)} ms; bare parse ${b.toFixed(0)} ms`);
  }
}

/** CPU of `check` must grow no faster than the file. */
async function growth() {
  const [small, large] = [drizzleProject(174), drizzleProject(2000)];
  const cpu = ({ folder, file }) => median(Array.from({ length: 5 }, () => runProcess([path.join(dist, "cli.js"), "check", "--cwd", folder, "--format", "json", file], [0, 1]).cpu));
  const [a, b] = [cpu(small), cpu(large)];
  report("CPU of check, 2,000 over 174 tables", b / a, large.lines / small.lines, "x", `${b.toFixed(0)} ms over ${a.toFixed(0)} ms; bar: the ratio of lines`);
}

async function activation() {
  const { cpu, wall } = await activationCpu();
  report("activation of the extension", cpu, 100, "ms", `CPU of the extension host's process; ${wall.toFixed(0)} ms wall`);
}

async function size() {
  report("VSIX", statSync(packageExtension()).size / 1e6, 20, "MB", "");
}

/** Wall and CPU milliseconds of one run of Node; other exit codes than the allowed are an error. */
function runProcess(args, allowed) {
  const started = performance.now();
  const { status, stderr } = spawnSync("/bin/sh", ["-c", '"$0" "$@" >/dev/null; code=$?; times >&2; exit $code', process.execPath, ...args], { encoding: "utf8" });
  const wall = performance.now() - started;
  if (!allowed.includes(status)) throw new Error(`${args.join(" ")}: exit ${status}\n${stderr}`);
  return { wall, cpu: childrenCpu(stderr) };
}

/** The same without blocking this process; in a folder of its own where one is given. */
function runApart(args, allowed, cwd) {
  const started = performance.now();
  const child = spawn("/bin/sh", ["-c", '"$0" "$@" >/dev/null; code=$?; times >&2; exit $code', process.execPath, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve, reject) => child.once("close", (status) => {
    const wall = performance.now() - started;
    if (allowed.includes(status)) resolve({ wall, cpu: childrenCpu(stderr) });
    else reject(new Error(`${args.join(" ")}: exit ${status}\n${stderr}`));
  }));
}

/** The last line of the shell's `times`: user and system time of its children, in milliseconds. */
function childrenCpu(stderr) {
  return stderr.trim().split("\n").at(-1).split(" ").map((text) => /(\d+)m([\d.]+)s/.exec(text)).reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0);
}

function times(count, run) {
  return Array.from({ length: count }, (_, at) => {
    const started = performance.now();
    run(at);
    return performance.now() - started;
  });
}

function median(values) {
  return percentile(values, 0.5);
}

function percentile(values, part) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)];
}

/** Numbers in [0, 1), the same for the same seed. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
