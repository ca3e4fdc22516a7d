// `npm run bench migrations/trips`: 400 pending migrations of one statement each, the first two by themselves and then the
// others by one process, in each format; and the round trips that each of those costs, counted where they pass.
import path from "node:path";
import { project, startServer } from "./migration-servers.mjs";

const count = 400;

/** One statement each. Indexes on tables that stand are built concurrently, outside a transaction. */
const kinds = {
  "in transactions": (at) => (at % 2 === 0 ? `create table bench_${at} (id int primary key, client int)` : `alter table bench_${at - 1} add column note_${at} text`),
  "data": (at) => `update bench_data set n = n + ${at} where id = 1`,
  "indexes built concurrently": (at) => `create index concurrently bench_data_${at} on bench_data (n)`,
};

const time = (at) => new Date(Date.UTC(2024, 0, 1) + at * 60_000);
const stamp = (at) => time(at).toISOString().replace(/\D/g, "").slice(0, 14);
const all = (of) => Array.from({ length: count }, (_, at) => of(at));

/** Files of a folder of each format; a Drizzle file asks for CONCURRENTLY by a comment. */
const formats = {
  "Drizzle": (sql) => {
    const entries = all((at) => ({ idx: at, version: "7", when: time(at).getTime(), tag: `${String(at).padStart(4, "0")}_bench`, breakpoints: true }));
    const text = (at) => sql(at).replace(/^create index concurrently/, "-- plumbline: concurrently\ncreate index");
    return { "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries }), ...Object.fromEntries(all((at) => [`drizzle/${entries[at].tag}.sql`, `${text(at)};\n`])) };
  },
  "Prisma": (sql) => ({ "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n', ...Object.fromEntries(all((at) => [`prisma/migrations/${stamp(at)}_bench/migration.sql`, `${sql(at)};\n`])) }),
  "plain SQL": (sql) => Object.fromEntries(all((at) => [`migrations/${String(at).padStart(4, "0")}_bench.up.sql`, `${sql(at)};\n`])),
};

/** `report(what, measured, bar, unit, detail)` takes the figures, `runProcess(args, exitCodes)` gives wall and CPU milliseconds, asynchronously; `dist` holds the bundles. */
export async function migrationTrips({ report, runProcess, dist, scratch }) {
  const server = await startServer(scratch);
  try {
    for (const [kind, sql] of Object.entries(kinds)) {
      for (const [format, files] of Object.entries(formats)) {
        const database = await server.database(`${format} ${kind}`);
        const client = await database.client();
        await client.query("create table bench_data (id int primary key, n bigint); insert into bench_data values (1, 0)");
        const link = await database.link(0);
        const written = files(sql);
        const folder = project(scratch, "trips", written);
        const migrations = path.join(folder, path.dirname(Object.keys(written)[0]).replace(/\/(meta|\d+_bench)$/, ""));
        const up = (...count) => runProcess([path.join(dist, "cli.js"), "migrate", "up", ...count, "--yes", "--cwd", folder, "--folder", migrations, "--database", link.url], [0]);
        // The first one makes the journal; what a run costs anyway, the second tells.
        await up("1");
        const one = await counted(link, () => up("1"));
        const rest = await counted(link, up);
        const nothing = await counted(link, up);
        await link.close();
        const { rows } = await client.query("select (select n from bench_data) as sum, (select count(*)::int from pg_class where relname ~ '^bench_\\d+$') as tables, (select count(*)::int from pg_attribute where attname ~ '^note_') as columns, (select count(*)::int from pg_index where indrelid = 'bench_data'::regclass and indisvalid and not indisprimary) as indexes");
        const { sum, tables, columns, indexes } = rows[0];
        await client.end();
        const seen = { "in transactions": tables === count / 2 && columns === count / 2, data: Number(sum) === (count * (count - 1)) / 2, "indexes built concurrently": indexes === count };
        if (!seen[kind]) throw new Error(`${format}, ${kind}: not all was applied: ${JSON.stringify(rows[0])}`);
        report(`round trips a migration, ${format}, ${kind}`, (rest.roundTrips - one.roundTrips) / (count - 3), 3, "", `${rest.roundTrips} for ${count - 2} migrations, ${one.roundTrips} for one, ${nothing.roundTrips} where nothing is pending; CPU ${rest.cpu.toFixed(0)} ms`);
      }
    }
  } finally {
    await server.stop();
  }
}

/** What the process took, and the round trips of its connections. */
async function counted(link, run) {
  link.reset();
  const { cpu } = await run();
  return { cpu, roundTrips: link.stats().roundTrips };
}
