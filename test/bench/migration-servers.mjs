// What the benchmarks of migrations have in common: a PostgreSQL of their own, whose databases are reached through a link
// with latency that counts round trips, and folders of projects.
import { build } from "esbuild";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../../server/build/bundle.mjs";
import { toSql } from "./gen.mjs";
import { startLatencyProxy } from "./latency-proxy.mjs";

/**
 * Starts a server. `database(name)` makes an empty database and gives `client()` (connected, past the link), `link(rtt)` (the
 * proxy, with `url`) and the names for connecting.
 */
export async function startServer(scratch, settings = []) {
  const outfile = path.join(scratch, "servers.cjs");
  await build({ absWorkingDir: root, entryPoints: ["test/bench/introspection.ts"], outfile, bundle: true, platform: "node", format: "cjs", minify: true, logLevel: "error" });
  const { Client, startPostgres } = createRequire(import.meta.url)(outfile);
  const server = await startPostgres(undefined, settings);
  return {
    stop: () => server.stop(),
    async database(name) {
      const connection = await server.createDatabase(name);
      return {
        async client() {
          const client = new Client(connection);
          // What ends it is the server's stopping; what it was asked meanwhile is rejected anyway.
          client.on("error", () => {});
          await client.connect();
          return client;
        },
        async link(rtt) {
          const proxy = await startLatencyProxy({ target: { path: path.join(connection.host, ".s.PGSQL.5432") }, rtt });
          return { ...proxy, url: `postgresql://${connection.user}@127.0.0.1:${proxy.port}/${encodeURIComponent(connection.database)}` };
        },
      };
    },
  };
}

/** The tables of a generated model, and what autovacuum would have found out about them. */
export async function createTables(client, model) {
  const statements = toSql(model).split(/;\n/).filter((statement) => statement.trim() !== "");
  for (let at = 0; at < statements.length; at += 500) await client.query(statements.slice(at, at + 500).join(";\n"));
  await client.query("vacuum analyze");
}

/** An empty folder with the given files, and `packages` beside them: this repository's, if nothing else is said. */
export function project(scratch, name, files, packages = path.join(root, "node_modules")) {
  const folder = path.join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  symlinkSync(packages, path.join(folder, "node_modules"));
  return folder;
}
