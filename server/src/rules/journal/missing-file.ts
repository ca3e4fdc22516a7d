import type { Rule } from "../rule";
import { problemsOf, recordedAs } from "../migration-records";

const rule: Rule = {
  summary: "A migration is recorded whose file is not there.",
  why: `A new database cannot be made without it, and nobody can see any more what was done to those that have it. Prisma refuses to migrate beside a folder without migration.sql (P3015), drizzle-orm fails at a
journal entry without its file, and neither says anything where the database alone remembers the migration. Restore the file from version control.

Judged by the folder itself, and by what a connected database has applied.`,
  severity: "error",
  bad: {
    migrations: {
      "prisma/migrations/20240101000000_clients/migration.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "prisma/migrations/20240102000000_email/down.sql": `ALTER TABLE clients DROP COLUMN email;
--^^^^^^^^^ has no migration.sql
`,
    },
  },
  good: {
    migrations: {
      "prisma/migrations/20240101000000_clients/migration.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "prisma/migrations/20240102000000_email/migration.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
    },
  },
  *checkFolder(folder, context) {
    yield* problemsOf(folder, "missing-file", context);
    yield* recordedAs("missing", context, ({ message }, databases) => `In ${databases}: ${message}`);
  },
};

export default rule;
