// The schema held against drizzle-kit's snapshot of the newest migration: what is told, and where it is silent because it
// cannot be known.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { defaults } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import { memoryFiles, root } from "../../rules/cases";

const column = (name: string, type: string, more: object = {}): object => ({ name, type, primaryKey: name === "id", notNull: true, ...more });
const table = (name: string, columns: object, more: object = {}): object => ({ name, schema: "", columns, indexes: {}, foreignKeys: {}, compositePrimaryKeys: {}, uniqueConstraints: {}, policies: {}, checkConstraints: {}, isRLSEnabled: false, ...more });
const snapshot = {
  id: "6f7a6d3c-0000-4000-8000-000000000000", prevId: "00000000-0000-0000-0000-000000000000", version: "7", dialect: "postgresql", enums: {}, schemas: {}, sequences: {}, roles: {}, policies: {}, views: {},
  tables: {
    "public.clients": table("clients", { id: column("id", "integer"), name: column("name", "text", { default: "'nobody'" }) }),
    "public.orders": table("orders", { id: column("id", "integer"), client_id: column("client_id", "integer") }, {
      indexes: { orders_client_id_idx: { name: "orders_client_id_idx", columns: [{ expression: "client_id", isExpression: false, asc: true, nulls: "last" }], isUnique: false, concurrently: false, method: "btree", with: {} } },
      foreignKeys: { orders_client_id_clients_id_fk: { name: "orders_client_id_clients_id_fk", tableFrom: "orders", tableTo: "clients", columnsFrom: ["client_id"], columnsTo: ["id"], onDelete: "no action", onUpdate: "no action" } },
    }),
  },
};
const schema = `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
export const clients = pgTable("clients", { id: integer("id").primaryKey(), name: text("name").notNull().default("nobody") });
export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id),
}, (table) => [index("orders_client_id_idx").on(table.clientId)]);
`;
const texts = {
  "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" };`,
  "drizzle/0000_init.sql": "SELECT 1;",
  "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1_767_225_600_000, tag: "0000_init", breakpoints: true }] }),
  "drizzle/meta/0000_snapshot.json": JSON.stringify(snapshot),
  "schema.ts": schema,
};

function opened(changed: Readonly<Record<string, string>> = {}) {
  const files = new Map(Object.entries({ ...texts, ...changed }).map(([path, text]) => [`${root}/${path}`, text]));
  const project = openProject(memoryFiles(files), defaults);
  const messages = (): readonly string[] => project.report().findings.filter(({ rule }) => rule === "drift/not-generated").map(({ message }) => message);
  return { messages, save(path: string, text: string) { files.set(`${root}/${path}`, text); project.changed(`${root}/${path}`); } };
}

describe("changes that no migration makes", () => {
  it("are none where schema and snapshot agree", () => assert.deepEqual(opened().messages(), []));

  it("are told by table: what is new, what differs, what is gone", () => {
    const changed = schema.replace(`default("nobody")`, `default("somebody")`).replace(`index("orders_client_id_idx").on(table.clientId)`, `index("orders_id_client_idx").on(table.id, table.clientId)`)
      + `export const items = pgTable("items", { id: integer("id").primaryKey() });\n`;
    assert.deepEqual(opened({ "schema.ts": changed }).messages(), [
      "clients has a change that no migration makes: column name differs. Generate one.",
      "orders has 2 changes that no migration makes: index orders_id_client_idx, index orders_client_id_idx is gone. Generate one.",
      "No migration makes the table items. Generate one.",
    ]);
    assert.deepEqual(opened({ "schema.ts": schema.slice(0, schema.indexOf("export const orders")) }).messages(), ["The table orders is gone from the schema, and no migration drops it. Generate one."]);
  });

  it("come and go with each edit, and with the migration", () => {
    const { messages, save } = opened();
    save("schema.ts", schema.replace(`name: text("name").notNull().default("nobody")`, `name: text("name").notNull().default("nobody"), fax: text("fax")`));
    assert.deepEqual(messages(), ["clients has a change that no migration makes: column fax. Generate one."]);
    const next = structuredClone(snapshot) as { tables: Record<string, { columns: Record<string, object> }> };
    next.tables["public.clients"]!.columns["fax"] = column("fax", "text", { notNull: false });
    save("drizzle/meta/0001_snapshot.json", JSON.stringify(next));
    save("drizzle/0001_fax.sql", `ALTER TABLE "clients" ADD COLUMN "fax" text;`);
    save("drizzle/meta/_journal.json", texts["drizzle/meta/_journal.json"].replace("]}", `,{"idx":1,"version":"7","when":1767225700000,"tag":"0001_fax","breakpoints":true}]}`));
    assert.deepEqual(messages(), []);
  });

  it("are not guessed where the snapshot is missing, broken or of an older version", () => {
    const changed = { "schema.ts": schema.replace("integer(\"client_id\")", "text(\"client_id\")") };
    assert.equal(opened(changed).messages().length, 1);
    for (const text of ["", "{", JSON.stringify({ ...snapshot, version: "5" })]) assert.deepEqual(opened({ ...changed, "drizzle/meta/0000_snapshot.json": text }).messages(), []);
  });

  it("are not guessed where the config cannot be read, or a table only in part", () => {
    const casing = `import { casing } from "@elsewhere/settings"; export default { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle", casing };`;
    const unnamed = schema.replace(`integer("client_id")`, "integer()");
    assert.equal(opened({ "schema.ts": unnamed }).messages().length, 1);
    assert.deepEqual(opened({ "schema.ts": unnamed, "drizzle.config.ts": casing }).messages(), []);
    assert.deepEqual(opened({ "schema.ts": schema.replace("id: integer(\"id\").primaryKey(),\n", "id: integer(\"id\").primaryKey(), ...elsewhere(),\n") }).messages(), []);
  });

  describe("where only some files of the config's schema are named", () => {
    const parts = {
      "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/*.ts", out: "./drizzle" };`,
      "src/clients.ts": schema.slice(0, schema.indexOf("export const orders")),
      "src/orders.ts": `import { clients } from "./clients";\n${schema.replace(/export const clients.*\n/, "")}`,
      "schema.prisma": `datasource db {\n  provider = "postgresql"\n}\nmodel clients {\n  id   Int    @id\n  name String @default("nobody")\n}\nmodel invoices {\n  id Int @id\n}\n`,
    };
    const found = (named: readonly string[], changed: Readonly<Record<string, string>> = {}): readonly string[] => {
      const files = new Map(Object.entries({ ...texts, ...parts, ...changed }).filter(([path]) => path !== "schema.ts").map(([path, text]) => [`${root}/${path}`, text]));
      const config = { ...defaults, pairs: [["drizzle.config.ts", "schema.prisma"]] as const };
      return openProject(memoryFiles(files), config, { paths: named.map((path) => `${root}/${path}`) }).report().findings.filter(({ rule }) => rule.startsWith("drift/")).map(({ message }) => message);
    };

    it("nothing is gone that may stand in the others, and what differs in them is told", () => {
      assert.deepEqual(found(["src/clients.ts"]), []);
      assert.deepEqual(found(["src/clients.ts"], { "src/clients.ts": parts["src/clients.ts"].replace("nobody", "somebody") }), ["clients has a change that no migration makes: column name differs. Generate one."]);
    });

    it("nothing that another schema has is missing in them", () => {
      assert.deepEqual(found(["src/clients.ts", "schema.prisma"]), []);
      assert.match(found(["src/clients.ts", "src/orders.ts", "schema.prisma"]).join("\n"), /The table invoices stands here and not in /);
    });
  });
});
