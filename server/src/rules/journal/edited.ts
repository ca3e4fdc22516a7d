import type { Rule } from "../rule";
import { recordedAs } from "../migration-records";

const rule: Rule = {
  summary: "A migration was changed after it had been applied.",
  why: `What was applied stays as it was: every database that has it lacks the change, and every new one gets it, so that they drift apart. drizzle-orm records the file's hash and never compares it; Prisma
asks for a reset in development and says nothing in production. Restore the file, and put the change into a new migration.

Judged where a connected database records the hash of what it has applied (Drizzle, Prisma, plain SQL). Other line ends are no change.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id integer PRIMARY KEY);
--^^^^^^^^^^^^^ was changed after it had been applied
`,
    },
    sql: `CREATE TABLE schema_migrations (version text PRIMARY KEY, checksum text, status text);
INSERT INTO schema_migrations VALUES ('0001', 'e737d34fe07679690b530aec2993e5e48ad05e8b2aeb84e220523bd819e43be8', 'applied');
`,
  },
  good: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
    },
    sql: `CREATE TABLE schema_migrations (version text PRIMARY KEY, checksum text, status text);
INSERT INTO schema_migrations VALUES ('0001', 'e737d34fe07679690b530aec2993e5e48ad05e8b2aeb84e220523bd819e43be8', 'applied');
`,
  },
  *checkFolder(_folder, context) {
    yield* recordedAs("edited", context, ({ message }, databases) => `In ${databases}: ${message}`);
  },
};

export default rule;
