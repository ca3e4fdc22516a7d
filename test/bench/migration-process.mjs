// `npm run bench migrations/process`: one new index in a schema of 174 tables, over a link with latency. Plumbline's process
// (the migration is generated from the difference of code and database, then its plan is made) beside that of drizzle-kit's
// push, which makes the same index. What it takes without its proof on the embedded database is told apart.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "../../server/build/bundle.mjs";
import { buildModel, plusOne, toDrizzle } from "./gen.mjs";
import { createTables, project, startServer } from "./migration-servers.mjs";

const rtt = 50;

/** `report(what, measured, bar, unit, detail)` takes the figures, `runProcess(args, exitCodes, folder)` gives wall and CPU milliseconds, asynchronously; `dist` holds the bundles. */
export async function migrationProcess({ report, runProcess, dist, scratch }) {
  const model = buildModel(174);
  const wanted = plusOne(model);
  const index = /INDEX "([^"]+)"/.exec(wanted.sql)[1];
  const server = await startServer(scratch);
  try {
    const database = await server.database("generate");
    const client = await database.client();
    await createTables(client, model);
    const link = await database.link(rtt);
    const config = { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle", dbCredentials: { url: link.url } };
    const folder = project(scratch, "generate", { "schema.ts": toDrizzle(wanted.model), "drizzle.config.json": JSON.stringify(config) });
    const cli = path.join(dist, "cli.js");
    const taken = { new: [], proved: [], push: [] };
    const trips = {};
    const run = async (name, args) => {
      link.reset();
      taken[name].push(await runProcess(args, [0], folder));
      trips[name] = link.stats().roundTrips;
    };
    const plumbline = async (name, ...more) => {
      rmSync(path.join(folder, "drizzle"), { recursive: true, force: true });
      await run(name, [cli, "migrate", "new", "plus one", "--plan", "--cwd", folder, "--database", link.url, ...more]);
      const written = readdirSync(path.join(folder, "drizzle")).filter((file) => /^\d+_.*(?<!\.down)\.sql$/.test(file));
      const text = written.map((file) => readFileSync(path.join(folder, "drizzle", file), "utf8")).join("");
      if (!text.includes(index)) throw new Error(`the migration does not make ${index}: ${text}`);
    };
    const both = async () => {
      await plumbline("proved");
      await plumbline("new", "--no-proof");
    };
    // Disk and server are warm for all.
    await both();
    for (const runs of [taken.new, taken.proved]) runs.length = 0;
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 4; at++) await both();
      await run("push", [path.join(root, "node_modules/drizzle-kit/bin.cjs"), "push", "--force"]);
      if ((await client.query("select from pg_class where relname = $1", [index])).rowCount !== 1) throw new Error("drizzle-kit push did not make the index");
      await client.query(`drop index "${index}"`);
      for (let at = 0; at < 4; at++) await both();
    }
    await client.end();
    await link.close();
    const least = (name, key) => Math.min(...taken[name].map((one) => one[key]));
    const shown = (name) => `${name} ${least(name, "wall").toFixed(0)} ms (CPU ${least(name, "cpu").toFixed(0)}, ${trips[name]} round trips)`;
    report(`generate, prove and plan an index, 174 tables, ${rtt} ms`, least("proved", "wall") / least("push", "wall"), 1 / 50, "x", `the least of each: ${["proved", "push"].map(shown).join(", ")}`);
    report("generate and plan it without the proof", least("new", "wall") / least("push", "wall"), 1 / 50, "x", shown("new"));
  } finally {
    await server.stop();
  }
}
