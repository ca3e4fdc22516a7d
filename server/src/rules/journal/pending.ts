import type { Rule } from "../rule";
import { recordedAs } from "../migration-records";

const rule: Rule = {
  summary: "A migration has not been applied to a connected database.",
  why: `The code may already use what it makes. "Plumbline: Migrate up", or \`plumbline migrate up\`, shows what it would run and applies it. Nothing is wrong with a migration that was just written, so this is an
information, and only where a connected database records others of the folder as applied.`,
  severity: "information",
  bad: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "migrations/0002_email.sql": `ALTER TABLE clients ADD COLUMN email text;
--^^^^^^^^^^ 0002_email is not applied to
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
      "migrations/0002_email.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
    },
    sql: `CREATE TABLE schema_migrations (version text PRIMARY KEY, checksum text, status text);
INSERT INTO schema_migrations VALUES ('0001', 'e737d34fe07679690b530aec2993e5e48ad05e8b2aeb84e220523bd819e43be8', 'applied');
INSERT INTO schema_migrations VALUES ('0002', '5eea334a6e2704b0665e4a9489742b4b44e8ff3e039fc546fa9b3533f5136b9f', 'applied');
`,
  },
  *checkFolder(_folder, context) {
    const databases = context.databases.filter(({ status }) => status.some(({ applied }) => applied));
    yield* recordedAs("pending", { ...context, databases }, ({ id }, names) => `${id} is not applied to ${names} yet. "plumbline migrate plan" shows what it would run there.`);
  },
};

export default rule;
