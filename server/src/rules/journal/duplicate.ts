import type { Rule } from "../rule";
import { problemsOf } from "../migration-records";

const rule: Rule = {
  summary: "Two migrations have the same version.",
  why: `Two branches that each add the next number, merged, leave two migrations of one version: which of them comes first depends on the tool, and tools that record the version alone take the second for applied.
Give the one that is applied nowhere yet the next number.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "migrations/0002_email.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
      "migrations/0002_phone.sql": `ALTER TABLE clients ADD COLUMN phone text;
--^^^^^^^^^ have the same version 0002
`,
    },
  },
  good: {
    migrations: {
      "migrations/0001_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "migrations/0002_email.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
      "migrations/0003_phone.sql": `ALTER TABLE clients ADD COLUMN phone text;
`,
    },
  },
  *checkFolder(folder, context) {
    yield* problemsOf(folder, "duplicate", context);
  },
};

export default rule;
