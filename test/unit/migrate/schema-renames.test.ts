// Schemas that may have got another name: asked for where they are the project's own and something in them goes by the same
// name, and each new one given to one of them. And all the names that a schema holds.
import assert from "node:assert/strict";
import { answeredSchemas, schemaQuestions } from "../../../server/src/migrate/generate/schema-renames";
import { namesInSchemas } from "../../../server/src/migrate/generate/taken-names";
import type { SchemaModel } from "../../../server/src/model/schema";
import { readFiles } from "../drizzle/memory-files";

/** "app.clients app.orders": tables; "mood": an enum of that schema. */
function schema(tables: string, declared: readonly string[] = []): SchemaModel {
  const names = tables.split(" ").map((name) => name.split(".") as [string, string]);
  const schemas = [...new Set([...names.map(([name]) => name), ...declared])].filter((name) => name !== "public");
  const text = [...schemas.map((name) => `${declared.includes(name) ? "export " : ""}const ${name} = pgSchema("${name}");`), ...names.map(([of, name]) => `export const ${of}_${name} = ${of === "public" ? "pgTable" : `${of}.table`}("${name}", { id: integer("id") });`)].join("\n");
  return readFiles({ "schema.ts": `import { integer, pgSchema, pgTable } from "drizzle-orm/pg-core";\n${text}\n` }).model;
}

describe("schemas that may have got another name", () => {
  const before = schema("app.clients app.orders app.items other.clients public.clients");
  const asked = (after: SchemaModel, owned: readonly string[], answers: Readonly<Record<string, string | null>> = {}, had = before) => schemaQuestions(had, after, answers, owned).map(({ from, candidates }) => [from, ...candidates]);

  it("are asked for, the likeliest first, where something goes by the same name in both", () => {
    const after = schema("sales.clients shop.clients shop.orders none.invoices other.clients public.clients");
    assert.deepEqual(asked(after, ["app", "other"]), [["app", "shop", "sales"]]);
    assert.deepEqual(asked(after, ["other"]), []);
    assert.deepEqual([asked(after, ["app"], { app: null }), asked(after, ["app"], { other: "shop" })], [[], [["app", "sales"]]]);
  });

  it("are not those that are declared on either side", () => {
    assert.deepEqual(asked(schema("shop.clients other.clients", ["app"]), ["app"]), []);
    assert.deepEqual(asked(schema("shop.clients other.clients"), ["app"], {}, schema("app.clients other.clients", ["shop"])), []);
  });

  it("get a new name once", () => {
    const after = schema("shop.clients");
    assert.deepEqual(answeredSchemas(before, after, { app: "shop", other: "shop" }), [{ kind: "rename-schema", from: "app", to: "shop" }]);
    assert.deepEqual(answeredSchemas(before, after, { app: "public", other: "none" }), []);
  });
});

describe("the names in a schema", () => {
  it("are those of its tables, views, sequences and types, and of what goes along with them", () => {
    const { model } = readFiles({ "schema.ts": `import { index, integer, pgEnum, pgMaterializedView, pgSequence, pgTable, serial, text } from "drizzle-orm/pg-core";
export const mood = pgEnum("mood", ["fine"]);
export const counter = pgSequence("counter");
export const clients = pgTable("clients", { id: serial("id").primaryKey(), email: text("email").unique(), number: integer("number").generatedAlwaysAsIdentity() }, (t) => [index("by_number").on(t.number)]);
export const shown = pgMaterializedView("shown").as((qb) => qb.select().from(clients));
` });
    const views = model.views!.map((view) => ({ ...view, indexes: [{ name: "shown_idx", definition: "" }] }));
    assert.deepEqual(namesInSchemas({ ...model, views, domains: [{ name: { schema: "public", name: "positive" } }] as never }).map(({ owner, name, what }) => `${what} ${owner.name}.${name}`).sort(), [
      "index clients.by_number", "index clients.clients_email_unique", "index clients.clients_pkey", "index shown.shown_idx", "sequence clients.clients_id_seq", "sequence clients.clients_number_seq", "sequence counter.counter", "table clients.clients", "type mood.mood", "type positive.positive", "view shown.shown",
    ]);
  });
});
