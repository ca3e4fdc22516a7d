import { functionCalls, type FunctionCall } from "../../indexes/expression-text";
import type { Expression, Index } from "../../model/schema";
import type { Detection, Rule } from "../rule";
import { indexLabel, indexPlace, keyColumns } from "../indexes";

const rule: Rule = {
  summary: "An index's predicate or expression calls a function that is not immutable.",
  why: `What an index holds must not depend on when, or under which settings, it is read. So "all functions and operators used in an index definition
must be 'immutable'" ([CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html)), and PostgreSQL refuses
\`WHERE expires_at > now()\` with "functions in index predicate must be marked IMMUTABLE". Leave the moving part to the query: index \`expires_at\`
itself. \`to_tsvector\` is immutable only with the configuration as its first argument, \`to_tsvector('english', body)\`; \`concat\`, \`format\` and
\`to_char\` never are, \`||\` and \`coalesce\` always.`,
  severity: "error",
  bad: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const sessions = pgTable("sessions", {
  id: integer("id").primaryKey(),
  note: text("note"),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
}, (table) => [
  index("sessions_live_idx").on(table.expiresAt).where(sql\`\${table.expiresAt} > now()\`),
//^^^^^^^^^^^^^^^^^^^^^^^^^^ now()
  index("sessions_note_idx").using("gin", sql\`to_tsvector(\${table.note})\`),
//^^^^^^^^^^^^^^^^^^^^^^^^^^ to_tsvector()
]);
`,
    prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Session {
  id        Int      @id
  expiresAt DateTime

  @@index([expiresAt], where: raw("\\"expiresAt\\" > now()"))
//^^^^^^^^^^^^^^^^^^^^ now()
}
`,
  },
  good: {
    drizzle: `import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const sessions = pgTable("sessions", {
  id: integer("id").primaryKey(),
  note: text("note"),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
}, (table) => [
  index("sessions_expires_at_idx").on(table.expiresAt),
  index("sessions_note_idx").using("gin", sql\`to_tsvector('english', \${table.note})\`),
]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Session {
  id        Int      @id
  expiresAt DateTime

  @@index([expiresAt])
}
`,
  },
  checkTable(table, { schema }) {
    const detections: Detection[] = [];
    if (schema.dialect !== "postgresql") return detections;
    for (const index of table.indexes) {
      const inPredicate = refused(index.where);
      const call = inPredicate ?? refusedInKeys(index);
      if (!call) continue;
      detections.push({
        message: `The ${indexLabel(index)} of ${table.name.name} calls ${call.name}${bare.test(call.name) ? "" : "()"} in its ${inPredicate ? "predicate" : "expression"}, which is not immutable${call.name === "to_tsvector" ? " without a configuration" : ""}: PostgreSQL refuses such an index. ${advice(call)}`,
        at: indexPlace(index, table),
        columns: keyColumns(index),
        name: index.name,
      });
    }
    return detections;
  },
};

const bare = /^(current_\w+|localtime(stamp)?|session_user|user)$/;

function advice({ name }: FunctionCall): string {
  if (withConfiguration.has(name)) return `Name the configuration: ${name}('english', …).`;
  if (/^(concat|concat_ws|format)$/.test(name)) return "Join the text with || and coalesce().";
  return settings.has(name) ? "Index a generated or ordinary column that holds the result." : "Leave the moving part to the query.";
}

function refusedInKeys(index: Index): FunctionCall | undefined {
  for (const { expression } of index.keys) {
    const call = refused(expression);
    if (call) return call;
  }
  return undefined;
}

function refused(expression: Expression | undefined): FunctionCall | undefined {
  // A call in another schema is a function of the project's own, whatever its name.
  return expression?.complete ? functionCalls(expression.sql).find((call) => (call.schema === undefined || call.schema === "pg_catalog") && isRefused(call)) : undefined;
}

/** Function names of which every variant is STABLE or VOLATILE: pg_proc.provolatile of PostgreSQL 13 to 17, the extensions' scripts for uuid_generate_* (uuid-ossp) and unaccent. */
const moving = new Set([
  "now", "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday",
  "random", "random_normal", "setseed", "gen_random_uuid", "uuidv4", "uuidv7", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4",
  "current_user", "session_user", "current_role", "user", "current_catalog", "current_schema", "current_schemas", "current_database", "current_setting", "set_config",
  "nextval", "currval", "lastval", "setval", "txid_current", "pg_current_xact_id", "pg_backend_pid", "inet_client_addr", "pg_sleep", "version",
]);
/** STABLE, because the result depends on settings or on other functions. */
const settings = new Set(["concat", "concat_ws", "format", "to_char", "to_date", "array_to_string", "to_json", "to_jsonb", "row_to_json", "array_to_json", "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array", "unaccent"]);
/** Immutable with two arguments, the first of which names the configuration; STABLE with one. */
const withConfiguration = new Set(["to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"]);

function isRefused(call: FunctionCall): boolean {
  return moving.has(call.name) || settings.has(call.name) || (withConfiguration.has(call.name) && call.arguments === 1);
}

export default rule;
