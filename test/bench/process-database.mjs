// `npm run bench process-database`: `plumbline diff code db` as a process that finds nothing to do, over a link with latency,
// beside two processes that it cannot do without: the hand-tuned floor's reading, and a bare parse of the schema's file. In
// turns, so that whatever else the machine does falls on all; nothing is cached.
import { build } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root, tsMorphApart } from "../../server/build/bundle.mjs";
import { buildModel, toDrizzle, toSql } from "./gen.mjs";
import { startLatencyProxy } from "./latency-proxy.mjs";

const rtt = 50;
const floorScript = `import { Client } from "pg"; import { introspectFloor } from ${JSON.stringify(path.join(root, "test/bench/floor.mjs"))};
const client = new Client({ connectionString: process.argv[2] }); client.connect().then(() => introspectFloor(client)).then(() => client.end());`;
const bareScript = `import { ts } from "ts-morph"; import { readFileSync } from "node:fs"; const file = process.argv[2]; ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);`;

/** `report(what, measured, bar, unit, detail)` takes the figures, `runProcess(args, exitCodes)` gives wall and CPU milliseconds, asynchronously, since the proxy runs in this process; `dist` holds the bundles. */
export async function processDatabase({ report, median, runProcess, dist, scratch }) {
  const bundled = async (name, contents) => {
    const outfile = path.join(dist, `${name}.js`);
    await build({ absWorkingDir: root, stdin: { contents, resolveDir: root }, outfile, bundle: true, platform: "node", format: "cjs", minify: true, plugins: [tsMorphApart], logLevel: "error" });
    return outfile;
  };
  const [floor, bare] = [await bundled("floor", floorScript), await bundled("bare-parse", bareScript)];
  const outfile = path.join(scratch, "servers.cjs");
  await build({ absWorkingDir: root, entryPoints: ["test/bench/introspection.ts"], outfile, bundle: true, platform: "node", format: "cjs", minify: true, logLevel: "error" });
  const { Client, startPostgres } = createRequire(import.meta.url)(outfile);
  const server = await startPostgres();
  const cpu = {};
  try {
    for (const tables of [174, 2000]) {
      const model = buildModel(tables);
      const folder = path.join(scratch, `database-${tables}`);
      const file = path.join(folder, "schema.ts");
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, toDrizzle(model));
      const connection = await server.createDatabase(`process_${tables}`);
      await create(new Client(connection), model);
      const proxy = await startLatencyProxy({ target: { path: path.join(connection.host, ".s.PGSQL.5432") }, rtt });
      const url = `postgresql://${connection.user}@127.0.0.1:${proxy.port}/${connection.database}`;
      const works = {
        diff: [path.join(dist, "cli.js"), "diff", `drizzle:${file}`, "db", "--cwd", folder, "--database", url],
        floor: [floor, url],
        parse: [bare, file],
      };
      const taken = { diff: [], floor: [], parse: [] };
      for (let round = 0; round < (tables === 174 ? 12 : 6); round++) {
        for (const [name, args] of Object.entries(works)) {
          const run = await runProcess(args, [0]);
          // The first round warms up the caches of disk and server.
          if (round > 0) taken[name].push(run);
        }
      }
      await proxy.close();
      const middle = (name, key) => median(taken[name].map((run) => run[key]));
      cpu[tables] = middle("diff", "cpu");
      const shown = (key) => Object.keys(works).map((name) => `${name} ${middle(name, key).toFixed(0)} ms`).join(", ");
      const ratio = (key) => median(taken.diff.map((run, at) => run[key] / (taken.floor[at][key] + taken.parse[at][key])));
      if (tables === 174) for (const key of ["wall", "cpu"]) report(`diff code db as a process, 174 tables, ${rtt} ms, ${key}`, ratio(key), 1.5, "x", shown(key));
      else report("CPU of diff code db, 2,000 over 174 tables", cpu[2000] / cpu[174], 2000 / 174, "x", `${shown("cpu")}; bar: the ratio of tables`);
    }
  } finally {
    await server.stop();
  }
}

async function create(client, model) {
  const statements = toSql(model).split(/;\n/).filter((statement) => statement.trim() !== "");
  await client.connect();
  for (let at = 0; at < statements.length; at += 500) await client.query(statements.slice(at, at + 500).join(";\n"));
  await client.query("vacuum analyze");
  await client.end();
}
