import type { Rule } from "../rule";
import { problemsOf, recordedAs } from "../migration-records";

const rule: Rule = {
  summary: "A migration that is not applied comes before one that is.",
  why: `Merging two branches does this: the other branch's migration was applied first. drizzle-orm up to 0.45 looks at the newest entry alone, skips the older one for ever, and prints success; databases that are
made anew get both, in another order. Give the late one a number, time or journal entry that comes last.

Judged by the folder itself where Drizzle's journal contradicts its own times, and by what a connected database has applied.`,
  severity: "error",
  bad: {
    migrations: {
      "drizzle/meta/_journal.json": `{
  "version": "7",
  "dialect": "postgresql",
  "entries": [
    { "idx": 0, "version": "7", "when": 1700000000002, "tag": "0000_clients", "breakpoints": true },
    { "idx": 1, "version": "7", "when": 1700000000001, "tag": "0001_email", "breakpoints": true }
//  ^^^^^^^^^^ drizzle-orm skips it for ever
  ]
}
`,
      "drizzle/0000_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "drizzle/0001_email.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
    },
  },
  good: {
    migrations: {
      "drizzle/0000_clients.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "drizzle/0001_email.sql": `ALTER TABLE clients ADD COLUMN email text;
`,
    },
  },
  *checkFolder(folder, context) {
    yield* problemsOf(folder, "out-of-order", context);
    yield* recordedAs("out-of-order", context, ({ message }, databases) => `In ${databases}: ${message}`);
  },
};

export default rule;
