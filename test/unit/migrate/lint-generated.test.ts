// What Plumbline generates has no finding of the rules about migrations, but for those that say what a person has to know.
import assert from "node:assert/strict";
import { defaults } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import { formats } from "../../../server/src/migrate/folders/formats";
import { generate } from "../../../server/src/migrate/generate/generate";
import type { MigrationFormat } from "../../../server/src/model/migration";
import type { SchemaModel } from "../../../server/src/model/schema";
import { loadSqlParser } from "../../../server/src/sql/load";
import { memoryFiles, root } from "../../rules/cases";

const before = `import { integer, pgEnum, pgTable, text, timestamp, uuid, varchar, index, uniqueIndex, check } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
export const status = pgEnum("status", ["open", "paid"]);
export const clients = pgTable("clients", { id: integer("id").primaryKey(), email: varchar("email", { length: 200 }).notNull().unique(), passwordHash: text("password_hash") });
export const orders = pgTable("orders", {
  id: integer("id").primaryKey(), clientId: integer("client_id").notNull(), status: status("status").notNull().default("open"), amount: integer("amount").notNull().default(0), deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, (t) => [index("orders_client_id_idx").on(t.clientId), uniqueIndex("orders_amount_key").on(t.amount, t.clientId), check("orders_amount_check", sql\`amount >= 0\`)]);
`;

/** A replacement in the schema, and the rules that may speak of it, with the reason. */
const changes: readonly { readonly title: string; readonly from: string; readonly to: string; readonly says?: readonly string[] }[] = [
  { title: "a table", from: "", to: `export const audits = pgTable("audits", { id: integer("id").primaryKey(), orderId: integer("order_id").references(() => orders.id) });\n` },
  { title: "a column", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash"), note: text("note")` },
  { title: "a required column", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash"), note: text("note").notNull()` },
  { title: "a column with a default", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash"), note: text("note").notNull().default("x")` },
  { title: "a column with a volatile default", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash"), token: uuid("token").notNull().defaultRandom()` },
  // Values that go are for a person to confirm.
  { title: "a column less", from: `, passwordHash: text("password_hash")`, to: "", says: ["migration/drop-column"] },
  // There is no way to another type in one migration that keeps the column's name: the plan says what it costs.
  { title: "another type", from: `amount: integer("amount").notNull().default(0)`, to: `amount: bigint("amount", { mode: "number" }).notNull().default(0)`, says: ["migration/type-change"] },
  { title: "a longer varchar", from: "length: 200", to: "length: 300" },
  { title: "NOT NULL", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash").notNull()` },
  { title: "NULL", from: `.notNull().unique()`, to: ".unique()" },
  { title: "another default", from: ".default(0)", to: ".default(5)" },
  { title: "a value of an enum", from: `["open", "paid"]`, to: `["open", "paid", "sent"]` },
  { title: "an index", from: `index("orders_client_id_idx").on(t.clientId)`, to: `index("orders_client_id_idx").on(t.clientId), index("orders_amount_idx").on(t.amount)` },
  { title: "an index less", from: `index("orders_client_id_idx").on(t.clientId), `, to: "" },
  { title: "another index of the same name", from: `index("orders_client_id_idx").on(t.clientId)`, to: `index("orders_client_id_idx").on(t.clientId, t.status)` },
  { title: "a unique index", from: `check("orders_amount_check"`, to: `uniqueIndex("orders_status_key").on(t.status, t.clientId), check("orders_amount_check"` },
  { title: "a unique constraint", from: `passwordHash: text("password_hash")`, to: `passwordHash: text("password_hash").unique()` },
  { title: "a check", from: `check("orders_amount_check"`, to: `check("positive", sql\`client_id > 0\`), check("orders_amount_check"` },
  { title: "a check less", from: `, check("orders_amount_check", sql\`amount >= 0\`)`, to: "" },
  { title: "a foreign key", from: `clientId: integer("client_id").notNull()`, to: `clientId: integer("client_id").notNull().references(() => clients.id)` },
  // Rows that go are for a person to confirm.
  { title: "a table less", from: before.slice(before.indexOf("export const orders")), to: "", says: ["migration/drop-table"] },
];

describe("generated migrations have no finding", () => {
  for (const format of ["drizzle v0", "prisma", "sql"] satisfies readonly MigrationFormat[])
    for (const { title, from, to, says = [] } of changes)
      it(`${format}: ${title}`, async () => {
        const [old, wanted] = [modelOf(before), modelOf(to.startsWith("export") ? before + to : before.replace("integer, pgEnum", "bigint, integer, pgEnum").replace(from, to))];
        const { migrations, refused } = generate({ name: "change", format, before: old, wanted });
        assert.deepEqual(refused, []);
        assert.ok(migrations.length > 0);
        const folder = `${root}/migrations`;
        const context = { now: new Date("2026-01-01T00:00:00Z"), before: old, after: migrations.map(({ after }) => after) };
        const beside = { [`${root}/schema.ts`]: format.startsWith("drizzle") ? before : "", [`${root}/prisma/schema.prisma`]: format === "prisma" ? `datasource db {\n  provider = "postgresql"\n}\nmodel Unrelated {\n  id Int @id\n}\n` : "" };
        const texts = new Map(Object.entries(beside).filter(([, text]) => text !== ""));
        for (const { file, text } of formats[format].write({ folder, format, dialect: "postgresql", migrations: [], journal: { schema: null, name: "journal" }, problems: [] }, migrations, memoryFiles(texts), context)) texts.set(file, text);
        // From 7.4 on Prisma runs each statement by itself, in the session of the migrations behind it.
        const bounds = [...texts.values()].map((text) => (text.match(/^(SET LOCAL|SET|RESET)(?= lock_timeout)/gm) ?? []).join());
        if (format === "prisma") assert.deepEqual(bounds.filter((words) => words !== "" && words !== "SET,RESET"), []);
        const project = openProject(memoryFiles(texts), { ...defaults, migrations: { folder } });
        project.parseSqlWith(await loadSqlParser());
        const { findings, folders, failures } = project.report();
        assert.deepEqual([failures, folders.map((one) => one.migrations.length)], [[], [migrations.length]]);
        assert.deepEqual([...new Set(findings.filter(({ rule }) => rule.startsWith("migration/") || rule === "source/unreadable").map(({ rule }) => rule))].sort(), [...says],
          findings.map(({ rule, message, at }) => `${at?.file} ${rule}: ${message}\n${texts.get(at?.file ?? "")}`).filter((line) => line.includes(" migration/")).join("\n"));
      });
});

function modelOf(schema: string): SchemaModel {
  return openProject(memoryFiles(new Map([[`${root}/schema.ts`, schema]])), defaults).report().schemas[0]!.model;
}
