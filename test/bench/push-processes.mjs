// `npm run bench process-database/push`: `plumbline diff code db` that finds nothing to do, beside drizzle-kit's push that
// finds nothing to do in the same database over the same link: 0.31, which this repository has, and 1.0's release candidate,
// which is too large to be installed for every run and is fetched here. The least of each, so that a busy machine favours none.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../server/build/bundle.mjs";
import { buildModel, toDrizzle } from "./gen.mjs";
import { createTables, project, startServer } from "./migration-servers.mjs";

const rtt = 50;
const candidate = "1.0.0-rc.5";

/** `report(what, measured, bar, unit, detail)` takes the figures, `runProcess(args, exitCodes, folder)` gives wall and CPU milliseconds, asynchronously, since the link runs in this process; `dist` holds the bundles. */
export async function pushProcesses({ report, runProcess, dist, scratch }) {
  const model = buildModel(174);
  const kits = [
    { version: "0.31", packages: path.join(root, "node_modules"), schema: toDrizzle(model), bar: 1 / 50, rounds: 1 },
    { version: "1.0", packages: fetched(scratch), schema: toDrizzle(model, "v1"), bar: 1 / 5, rounds: 3 },
  ];
  const server = await startServer(scratch);
  try {
    for (const { version, packages, schema, bar, rounds } of kits) {
      const database = await server.database(`push ${version}`);
      const client = await database.client();
      await createTables(client, model);
      const [direct, link] = [await database.link(0), await database.link(rtt)];
      const folderOf = (name, { url }) => project(scratch, `push ${version} ${name}`, { "schema.ts": schema, "drizzle.config.ts": `export default ${JSON.stringify({ dialect: "postgresql", schema: "./schema.ts", dbCredentials: { url } })};\n` }, packages);
      const push = [path.join(packages, "drizzle-kit/bin.cjs"), "push", "--force"];
      // What it wants otherwise than the generator's SQL says is done before.
      await runProcess(push, [0], folderOf("before", direct));
      await direct.close();
      const folder = folderOf("measured", link);
      const works = { diff: [path.join(dist, "cli.js"), "diff", "code", "db", "--cwd", folder, "--database", link.url], push };
      const taken = { diff: [], push: [] };
      const trips = {};
      const run = async (name) => {
        link.reset();
        taken[name].push(await runProcess(works[name], [0], folder));
        const { roundTrips, statements } = link.stats();
        trips[name] = roundTrips;
        const changed = statements.filter((statement) => /^\s*(create|alter|drop)\b/i.test(statement) && !/if not exists/i.test(statement));
        if (changed.length > 0) throw new Error(`${name} ${version} found something to do: ${changed[0]}`);
      };
      for (let round = 0; round < rounds; round++) {
        for (let at = 0; at < 8; at++) await run("diff");
        await run("push");
      }
      await client.end();
      await link.close();
      const least = (name, key) => Math.min(...taken[name].map((one) => one[key]));
      const shown = (name) => `${name} ${least(name, "wall").toFixed(0)} ms (CPU ${least(name, "cpu").toFixed(0)}, ${trips[name]} round trips)`;
      report(`diff code db over drizzle-kit push ${version}, nothing to do, 174 tables, ${rtt} ms`, least("diff", "wall") / least("push", "wall"), bar, "x", `the least of each: ${shown("diff")}, ${shown("push")}`);
    }
  } finally {
    await server.stop();
  }
}

/** The packages of the release candidate, in a folder of their own. */
function fetched(scratch) {
  const folder = path.join(scratch, "drizzle-v1");
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, dependencies: { "drizzle-kit": candidate, "drizzle-orm": candidate, pg: "8.23.1" } }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return path.join(folder, "node_modules");
}
