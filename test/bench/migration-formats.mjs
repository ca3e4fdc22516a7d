// Migration folders of each format, written by hand as their owners would write them: `{ time, name, sql }` each, `time` as
// 14 digits.

/** Milliseconds of 14 digits, as UTC. */
const milliseconds = (time) => Date.UTC(+time.slice(0, 4), time.slice(4, 6) - 1, +time.slice(6, 8), +time.slice(8, 10), +time.slice(10, 12), +time.slice(12));

/** By format: the folder, its files, and how many rows of the owner's table stand for an applied migration. */
export const formats = {
  "Drizzle": {
    folder: "drizzle",
    files: (migrations) => ({
      "meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: migrations.map(({ time, name }, idx) => ({ idx, version: "7", when: milliseconds(time), tag: `${time}_${name}`, breakpoints: true })) }),
      ...Object.fromEntries(migrations.map(({ time, name, sql }) => [`${time}_${name}.sql`, drizzleText(sql)])),
    }),
    applied: "select count(*)::int as n from drizzle.__drizzle_migrations",
  },
  "Drizzle 1.0": {
    folder: "drizzle",
    files: (migrations) => Object.fromEntries(migrations.flatMap(({ time, name, sql }) => [[`${time}_${name}/migration.sql`, drizzleText(sql)], [`${time}_${name}/snapshot.json`, JSON.stringify({ version: "8", dialect: "postgres", id: name, prevIds: [], ddl: [], renames: [] })]])),
    applied: "select count(*)::int as n from drizzle.__drizzle_migrations",
  },
  "Prisma": {
    folder: "prisma/migrations",
    files: (migrations) => ({ "migration_lock.toml": 'provider = "postgresql"\n', ...Object.fromEntries(migrations.map(({ time, name, sql }) => [`${time}_${name}/migration.sql`, sql.map((one) => `${one};\n`).join("")])) }),
    applied: "select count(*) filter (where finished_at is not null and rolled_back_at is null)::int as n from _prisma_migrations",
  },
  "plain SQL": {
    folder: "migrations",
    files: (migrations) => Object.fromEntries(migrations.map(({ time, name, sql }) => [`${time}_${name}.up.sql`, sql.map((one) => `${one};\n`).join("")])),
    applied: "select count(*) filter (where status = 'applied')::int as n from schema_migrations",
  },
};

/** Drizzle's own migrators fail on CONCURRENTLY, so there a comment asks for it. */
function drizzleText(sql) {
  return sql.map((one) => `${one.replace(/^create (unique )?index concurrently/, "-- plumbline: concurrently\ncreate $1index")};\n`).join("--> statement-breakpoint\n");
}
