import { isMetadataOnly } from "../../migrate/generate/types";
import { as, typeSpelling, typeText, type TypeName } from "../../sql/tree";
import type { Detection, MigrationScript, Rule } from "../rule";
import { alterationsOfRows, placeIn, shownName, type Alteration } from "../migration-statement";

const rule: Rule = {
  summary: "A column's type changes in a way that rewrites the table while readers and writers wait.",
  why: `Most changes of a type rewrite the table and its indexes under an ACCESS EXCLUSIVE lock (measured: 4.3 seconds for int to bigint on 2 million rows, in which nobody reads or writes)
([ALTER TABLE, notes](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES)). The way without: add a column of the new type, let a trigger or the code write both, fill the old rows in
batches, then let the code use the new one and drop the old one later.

Not reported, because the catalogue alone changes: a longer varchar or none, varchar to text, a wider numeric of the same scale, a finer timestamp, cidr to inet; a timestamp to one with time zone behind
\`SET timezone = 'UTC'\`; text to citext where no index holds the column; and a table that the same migration makes or has truncated. What the type was is read from a connected database, else from the folder's earlier migrations; where neither tells, only a type that no
other becomes without a rewrite is reported.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0001_orders.sql": `CREATE TABLE orders (id integer PRIMARY KEY, note varchar(100));
`,
      "migrations/0002_bigint.sql": `ALTER TABLE orders ALTER COLUMN id TYPE bigint;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^ rewritten
`,
    },
  },
  good: {
    migrations: {
      "migrations/0001_orders.sql": `CREATE TABLE orders (id integer PRIMARY KEY, note varchar(100));
`,
      "migrations/0002_longer.sql": `ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);
ALTER TABLE orders ALTER COLUMN note TYPE text;
`,
    },
  },
  checkMigration(script, context) {
    return alterationsOfRows(script, context).flatMap((alteration): readonly Detection[] => {
      const { statement, table, command, piece } = alteration;
      const changed = command.subtype === "AT_AlterColumnType" ? as(command.def, "ColumnDef") : undefined;
      if (!changed || command.name === undefined) return [];
      const from = typeBefore(script, alteration) ?? context.table(table)?.column(command.name)?.type;
      const to = typeSpelling(changed.typeName);
      const caseAlone = from !== undefined && isCaseAlone(from, to);
      const kept = from === undefined ? statement.effect.work !== "rewrites the table" || !commandRewrites(changed.typeName) : isMetadataOnly({ name: from }, { name: to }) || isSameInstant(script, alteration, from, to) || (caseAlone && !context.isIndexed(table, command.name));
      if (kept) return [];
      const work = caseAlone ? `The indexes of ${shownName(table)}.${command.name} are built again while readers and writers of ${shownName(table)} wait` : `${shownName(table)} is rewritten, and its indexes are built again, while its readers and writers wait`;
      return [{
        message: `${work}: ${command.name} becomes ${to}${from === undefined ? "" : ` from ${from}`}. Add a column of the new type instead, fill it in batches, and change over to it.`,
        at: placeIn(script, statement, piece), table, columns: [command.name], name: command.name,
      }];
    });
  },
};

export default rule;

/** Whether upper and lower case count is all that differs: the rows stay as they are, and indexes are in another order. */
function isCaseAlone(from: string, to: string): boolean {
  return (from === "citext" && /^(text|varchar)$/.test(to)) || (to === "citext" && /^(text|varchar(\(\d+\))?)$/.test(from));
}

/** What an earlier statement of the same script has made of the column. */
function typeBefore({ statements }: MigrationScript, { statement, table, command }: Alteration): string | undefined {
  let found: string | undefined;
  for (const { node, start } of statements) {
    if (start >= statement.start) break;
    const alter = as(node, "AlterTableStmt");
    if (alter?.relation?.relname !== table.name) continue;
    for (const one of alter.cmds ?? []) {
      const before = as(one, "AlterTableCmd");
      const column = as(before?.def, "ColumnDef");
      if (before?.subtype === "AT_AddColumn" && column?.colname === command.name) found = typeSpelling(column?.typeName);
      if (before?.subtype === "AT_AlterColumnType" && before.name === command.name) found = typeSpelling(column?.typeName);
    }
  }
  return found;
}

/** Of a type that is not known before: one that no other becomes without a rewrite, itself apart. */
function commandRewrites(type: TypeName | undefined): boolean {
  return /^(int2|int8|float4|float8|bool|date|uuid|jsonb|bytea)$/.test(typeText(type).name);
}

/** PostgreSQL rewrites nothing where the session's time zone is UTC. */
function isSameInstant({ statements }: MigrationScript, { statement }: Alteration, from: string, to: string): boolean {
  const isTimestamp = (type: string): boolean => /^timestamp/.test(type);
  return isTimestamp(from) && isTimestamp(to) && statements.some(({ node, sql, start }) => start < statement.start && "VariableSetStmt" in node && /time\s*zone\b.*\b(utc|gmt)\b/i.test(sql));
}
