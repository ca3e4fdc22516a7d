// `npm run bench introspection`: Plumbline's reading beside the hand-tuned floor, over one link with latency, in turns. Round
// trips are counted exactly; statistics are no part of the floor, so they are told apart and have no bar.
import { build } from "esbuild";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../../server/build/bundle.mjs";
import { introspectFloor } from "./floor.mjs";
import { buildModel, toSql } from "./gen.mjs";
import { startLatencyProxy } from "./latency-proxy.mjs";

/** `report(what, measured, bar, unit, detail)` takes the figures, `median` of a list; `scratch` is a folder for the bundle. */
export async function introspection({ report, median, scratch }) {
  const outfile = path.join(scratch, "introspection.cjs");
  await build({ absWorkingDir: root, entryPoints: ["test/bench/introspection.ts"], outfile, bundle: true, platform: "node", format: "cjs", minify: true, logLevel: "error" });
  const { Client, openPostgres, settingsFromUrl, startPostgres } = createRequire(import.meta.url)(outfile);
  const server = await startPostgres();
  try {
    for (const tables of [174, 500, 2000]) {
      const connection = await server.createDatabase(`bench_${tables}`);
      await create(new Client(connection), tables);
      for (const rtt of [0, 20, 50]) {
        const proxy = await startLatencyProxy({ target: { path: path.join(connection.host, ".s.PGSQL.5432") }, rtt });
        const floor = new Client({ ...connection, host: "127.0.0.1", port: proxy.port });
        await floor.connect();
        const database = await openPostgres(settingsFromUrl(`postgresql://${connection.user}@127.0.0.1:${proxy.port}/${connection.database}`, "bench", { environment: {} }));
        const works = { floor: () => introspectFloor(floor), read: () => database.read(), facts: () => database.facts(), stamp: () => database.stamp(), both: () => database.readAll() };
        const taken = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
        const trips = {};
        // The first rounds warm up: the server's caches, and the compiler here.
        for (let round = 0; round < (tables === 2000 ? 9 : 14); round++) {
          for (const [name, work] of Object.entries(works)) {
            proxy.reset();
            const started = performance.now();
            await work();
            if (round >= 2) taken[name].push(performance.now() - started);
            trips[name] = proxy.stats().roundTrips;
          }
        }
        await database.close();
        await floor.end();
        await proxy.close();
        const time = Object.fromEntries(Object.entries(taken).map(([name, all]) => [name, median(all)]));
        const shown = (name) => `${name} ${time[name].toFixed(0)} ms`;
        report(`introspection, ${tables} tables, ${rtt} ms`, time.read / time.floor, 1.5, "x", `${["read", "floor"].map(shown).join(", ")}; apart: ${["facts", "both", "stamp"].map(shown).join(", ")}`);
        report(`round trips, ${tables} tables, ${rtt} ms`, Math.max(trips.read, trips.both, trips.facts, trips.stamp), 1, "", "of a reading, of one with statistics, of statistics and of the stamp");
      }
    }
  } finally {
    await server.stop();
  }
}

async function create(client, tables) {
  const statements = toSql(buildModel(tables)).split(/;\n/).filter((statement) => statement.trim() !== "");
  await client.connect();
  for (let at = 0; at < statements.length; at += 500) await client.query(statements.slice(at, at + 500).join(";\n"));
  await client.query("vacuum analyze");
  await client.end();
}
