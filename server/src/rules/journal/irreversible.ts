import type { Migration } from "../../model/migration";
import type { Rule } from "../rule";
import { headOf } from "../migration-records";

const rule: Rule = {
  summary: "A new migration has no way back and does not say why, in a folder whose other migrations have one.",
  why: `Whoever has to take a release back finds out too late that this step cannot be undone. Write its down part (NNNN_name.down.sql, down.sql, or behind \`-- migrate:down\`), or say in its place why there is
none: \`-- irreversible: the old values are gone\`.

Only the folder's newest migration is judged, and only where others have a way back or a reason: projects that write none are left alone.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0001_clients.up.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "migrations/0001_clients.down.sql": `DROP TABLE clients;
`,
      "migrations/0002_email.up.sql": `ALTER TABLE clients ADD COLUMN email text;
--^^^^^^^^^^ 0002_email has no way back
`,
    },
  },
  good: {
    migrations: {
      "migrations/0001_clients.up.sql": `CREATE TABLE clients (id bigint PRIMARY KEY);
`,
      "migrations/0001_clients.down.sql": `DROP TABLE clients;
`,
      "migrations/0002_email.up.sql": `UPDATE clients SET email = lower(email);
`,
      "migrations/0002_email.down.sql": `-- irreversible: the letters as they were typed are gone
`,
    },
  },
  *checkFolder({ migrations }, { databases }) {
    const last = migrations.at(-1);
    const reversible = (migration: Migration): boolean => migration.down !== undefined || migration.irreversible !== undefined;
    if (!last || reversible(last) || !migrations.some(reversible) || isYetToBeWritten(last)) return;
    if (databases.some(({ status }) => status.some(({ id, state }) => id === last.id && state === "applied"))) return;
    yield { message: `${last.id} has no way back, as the migrations before it have. Write its down part, or say there why it has none: "-- irreversible: …".`, at: headOf(last), name: last.id };
  },
};

/** It holds comments alone, as one that was begun for hands does: nothing of it is to be taken back yet. */
const isYetToBeWritten = ({ up }: Migration): boolean => up.sql.split("\n").every((line) => /^\s*(--.*)?$/.test(line));

export default rule;
