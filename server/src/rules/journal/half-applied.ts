import type { Rule } from "../rule";
import { recordedAs } from "../migration-records";

const rule: Rule = {
  summary: "A migration was begun on a connected database and came to no end.",
  why: `Some of its statements may have run. Prisma refuses to go on beside such a migration (P3009), and drizzle-kit knows nothing of it. \`plumbline migrate repair\` looks at what is there, builds an INVALID index
again, and brings the migration to its end. What another tool has begun is looked for; where nothing tells how far it came, say it with \`--applied\` or \`--rolled-back\`.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
--^^^^^^^^^^ was begun and not finished
`,
    },
    sql: `CREATE TABLE schema_migrations (version text PRIMARY KEY, checksum text, status text);
INSERT INTO schema_migrations VALUES ('0001', 'e737d34fe07679690b530aec2993e5e48ad05e8b2aeb84e220523bd819e43be8', 'failed');
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
    yield* recordedAs("half-applied", context, ({ message }, databases) => `In ${databases}: ${message}`);
  },
};

export default rule;
