// `npm run bench migrations/process`: one new index in a schema of 174 tables, over a link with latency. Plumbline's two
// processes (the migration is generated from the difference of code and database, then its plan is made) beside the one of
// drizzle-kit's push that makes the same index.
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
    const taken = { new: [], plan: [], push: [] };
    const trips = {};
    const run = async (name, args) => {
      link.reset();
      taken[name].push(await runProcess(args, [0], folder));
      trips[name] = link.stats().roundTrips;
    };
    const plumbline = async () => {
      rmSync(path.join(folder, "drizzle"), { recursive: true, force: true });
      await run("new", [cli, "migrate", "new", "plus one", "--cwd", folder, "--database", link.url]);
      const written = readdirSync(path.join(folder, "drizzle")).filter((file) => /^\d+_.*(?<!\.down)\.sql$/.test(file));
      const text = written.map((file) => readFileSync(path.join(folder, "drizzle", file), "utf8")).join("");
      if (!text.includes(index)) throw new Error(`the migration does not make ${index}: ${text}`);
      await run("plan", [cli, "migrate", "plan", "--cwd", folder, "--database", link.url]);
    };
    // Disk and server are warm for both.
    await plumbline();
    taken.new.length = taken.plan.length = 0;
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 3; at++) await plumbline();
      await run("push", [path.join(root, "node_modules/drizzle-kit/bin.cjs"), "push", "--force"]);
      if ((await client.query("select from pg_class where relname = $1", [index])).rowCount !== 1) throw new Error("drizzle-kit push did not make the index");
      await client.query(`drop index "${index}"`);
      for (let at = 0; at < 3; at++) await plumbline();
    }
    await client.end();
    await link.close();
    const least = (name, key) => Math.min(...taken[name].map((one) => one[key]));
    const shown = (name) => `${name} ${least(name, "wall").toFixed(0)} ms (CPU ${least(name, "cpu").toFixed(0)}, ${trips[name]} round trips)`;
    report(`generate and plan an index, 174 tables, ${rtt} ms`, (least("new", "wall") + least("plan", "wall")) / least("push", "wall"), 1 / 50, "x", `the least of each: ${["new", "plan", "push"].map(shown).join(", ")}`);
  } finally {
    await server.stop();
  }
}
