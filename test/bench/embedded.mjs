// The embedded database: what a first start costs, and what is left of it in a second one. CPU is that of both processes,
// Node's own start included.
import { build } from "esbuild";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildModel, toSql } from "./gen.mjs";

/** `report`, `median` and `runProcess` are the benchmark's own; `dist` holds the production build. */
export async function embedded({ report, median, runProcess, dist, root, scratch }) {
  const script = path.join(dist, "embedded-bench.js");
  await build({ absWorkingDir: root, entryPoints: ["test/bench/embedded.ts"], outfile: script, bundle: true, platform: "node", format: "cjs", minify: true, logLevel: "warning" });
  const file = path.join(scratch, "0001_first.sql");
  writeFileSync(file, toSql(buildModel(174)));
  const cache = path.join(scratch, "embedded-cache");
  const run = (what, ...more) => runProcess([script, what, cache, ...more], [0]);
  const runs = { empty: [], first: [], second: [], reading: [] };
  for (let at = 0; at < 5; at++) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache);
    runs.empty.push(run("ask"));
    runs.first.push(run("ask", file));
    runs.second.push(run("ask", file));
    runs.reading.push(run("read", file));
  }
  const of = (name, key) => median(runs[name].map((one) => one[key]));
  report("embedded, an empty one, CPU", of("empty", "cpu"), 1500, "ms", `${of("empty", "wall").toFixed(0)} ms wall`);
  for (const key of ["cpu", "wall"]) {
    const [first, second, reading] = ["first", "second", "reading"].map((name) => of(name, key));
    report(`embedded, second start over first, 174 tables, ${key}`, second / first, 1 / 3, "x", `${second.toFixed(0)} ms over ${first.toFixed(0)} ms, to the first row`);
    report(`embedded, second reading over first start, 174 tables, ${key}`, reading / first, 1 / 3, "x", `${reading.toFixed(0)} ms, no process is started`);
  }
  report("embedded, prepared folder", statSync(path.join(dist, "pglite/prepared.snapshot")).size / 1e6, 4, "MB", "compressed");
}
