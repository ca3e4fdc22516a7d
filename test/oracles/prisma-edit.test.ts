// Changes written into Prisma schemas: what stands there afterwards is valid for Prisma's own engine, is read back as the
// wanted model, is formatted as Prisma formats it, and touches no other line.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { inverse, type Change } from "../../server/src/model/change";
import type { Index, IndexKey, SchemaModel } from "../../server/src/model/schema";
import { prisma } from "../../server/src/sources/prisma";
import { applied, postgres, preview, readOnly, schemaPath, tableOf, workspace } from "../unit/prisma/workspace";
import { formatted, objection } from "./prisma/engine";

const key = (column: string, more: Partial<IndexKey> = {}): IndexKey => ({ column, order: "asc", ...more });
const index = (columns: readonly (string | IndexKey)[], more: Partial<Index> = {}): Index => ({
  method: "btree", unique: false, keys: columns.map((column) => (typeof column === "string" ? key(column) : column)), include: [], ...more,
});
const named = (schema: string | null, name: string) => ({ schema, name });
const add = (table: string, one: Index): Change => ({ kind: "add-index", table: named("public", table), index: one });

const shop = `${postgres}model Client {
  id     Int     @id
  email  String  @unique
  orders Order[]
}

model Order {
  id        Int       @id
  clientId  Int       @map("client_id")
  client    Client    @relation(fields: [clientId], references: [id])
  note      Json?
  createdAt DateTime  @default(now()) @map("created_at")
  deletedAt DateTime? @map("deleted_at")

  @@map("orders")
}
`;

interface Expectation {
  readonly text?: string;
  readonly changes: (model: SchemaModel) => readonly Change[];
  /** Lines that go (-) and come (+), trimmed at neither end. */
  readonly diff: readonly string[];
  readonly unformatted?: boolean;
}

const cases: Readonly<Record<string, Expectation>> = {
  "an index goes before @@map": { changes: () => [add("orders", index(["client_id"]))], diff: ["+  @@index([clientId])"] },
  "map: is left out where the name is Prisma's own": { changes: () => [add("orders", index(["client_id"], { name: "orders_client_id_idx" }))], diff: ["+  @@index([clientId])"] },
  "map: stands where the name is another": { changes: () => [add("orders", index(["client_id"], { name: "idx_orders_client" }))], diff: ['+  @@index([clientId], map: "idx_orders_client")'] },
  "several at once stay in order": {
    changes: () => [add("orders", index(["client_id", key("created_at", { order: "desc" })])), add("Client", index(["email", "id"])), add("orders", index(["created_at"]))],
    diff: ["+", "+  @@index([email, id])", "+  @@index([clientId, createdAt(sort: Desc)])", "+  @@index([createdAt])"],
  },
  "a model without attributes gets a blank line": { changes: () => [add("Client", index(["email"], { name: "x" }))], diff: ["+", '+  @@index([email], map: "x")'] },
  "below a comment that ends the model": {
    text: shop.replace("  orders Order[]\n", "  orders Order[]\n  // the end\n"), changes: () => [add("Client", index(["email"], { name: "x" }))], diff: ["+", '+  @@index([email], map: "x")'],
  },
  "behind the other indexes, not behind @@map": {
    text: shop.replace('  @@map("orders")', '  @@unique([clientId, note]) // why\n  @@index([createdAt])\n  // the old name\n  @@map("orders")').replace("note      Json?", "note      Int?"),
    changes: () => [add("orders", index(["client_id"]))], diff: ["+  @@index([clientId])"],
  },
  "above the comment of @@map": { text: shop.replace('  @@map("orders")', '  // the old name\n  @@map("orders")'), changes: () => [add("orders", index(["client_id"]))], diff: ["+  @@index([clientId])"] },
  "tabs": { text: shop.replaceAll(/^ {2}/gm, "\t"), changes: () => [add("Client", index(["email"], { name: "x" }))], diff: ["+", '+\t@@index([email], map: "x")'], unformatted: true },
  "CRLF": { text: shop.replaceAll("\n", "\r\n"), changes: () => [add("Client", index(["email"], { name: "x" })), add("orders", index(["client_id"]))], diff: ["+\r", '+  @@index([email], map: "x")\r', "+  @@index([clientId])\r"], unformatted: true },
  "fields: where the file writes it": { text: shop.replace('  @@map("orders")', '  @@index(fields: [createdAt])\n  @@map("orders")'), changes: () => [add("orders", index(["client_id"]))], diff: ["+  @@index(fields: [clientId])"] },
  "Gin with an operator class": { changes: () => [add("orders", index([key("note", { operatorClass: "jsonb_path_ops" })], { method: "gin" }))], diff: ["+  @@index([note(ops: JsonbPathOps)], type: Gin)"] },
  "an operator class that Prisma does not know": { changes: () => [add("Client", index([key("email", { operatorClass: "gin_trgm_ops" })], { method: "gin", name: "t" }))], diff: ["+", '+  @@index([email(ops: raw("gin_trgm_ops"))], type: Gin, map: "t")'] },
  "hash and brin": { changes: () => [add("orders", index(["client_id"], { method: "hash" })), add("orders", index([key("created_at", { operatorClass: "timestamp_bloom_ops" })], { method: "brin" }))], diff: ["+  @@index([clientId], type: Hash)", "+  @@index([createdAt(ops: TimestampBloomOps)], type: Brin)"] },
  "a partial index": {
    text: preview + shop,
    changes: () => [add("orders", index(["client_id"], { where: { sql: '"deleted_at" is null', columns: ["deleted_at"], complete: true } })), add("orders", index(["id"], { name: "p", where: { sql: '"client_id" > 3', columns: ["client_id"], complete: true } }))],
    diff: ["+  @@index([clientId], where: { deletedAt: null })", '+  @@index([id], where: raw("\\"client_id\\" > 3"), map: "p")'],
  },
  "a unique index and a unique": {
    changes: () => [add("orders", index(["client_id", "id"], { unique: true })), { kind: "add-unique", table: named("public", "Client"), unique: { columns: ["id", "email"], name: "both" } }],
    diff: ["+", '+  @@unique([id, email], map: "both")', "+  @@unique([clientId, id])"],
  },
  "an index that goes": { text: shop.replace('  @@map("orders")', '  @@index([createdAt]) // why\n  @@map("orders")'), changes: (model) => [drop(model, "orders", 0)], diff: ["-  @@index([createdAt]) // why"] },
  "the last attribute goes with its blank line": { text: shop.replace("  orders Order[]\n", "  orders Order[]\n\n  @@index([email, id])\n"), changes: (model) => [drop(model, "Client", 0)], diff: ["-", "-  @@index([email, id])"] },
  "an index gives its place to the one that replaces it": {
    text: shop.replace('  @@map("orders")', '  @@index([clientId]) // why\n  @@index([createdAt])\n  @@map("orders")'),
    changes: (model) => [drop(model, "orders", 0), add("orders", index(["client_id", "created_at"]))], diff: ["-  @@index([clientId]) // why", "+  @@index([clientId, createdAt]) // why"],
  },
  "one of two alike goes": {
    text: shop.replace('  @@map("orders")', '  @@index([createdAt])\n  @@index([createdAt], map: "again")\n  @@map("orders")'), changes: (model) => [drop(model, "orders", 1)], diff: ['-  @@index([createdAt], map: "again")'],
  },
  "a new name": { text: shop.replace('  @@map("orders")', '  @@index([createdAt], map: "a")\n  @@index([id, createdAt])\n  @@map("orders")'), changes: (model) => [rename(model, 0, "b"), rename(model, 1, "c")], diff: ['-  @@index([createdAt], map: "a")', "-  @@index([id, createdAt])", '+  @@index([createdAt], map: "b")', '+  @@index([id, createdAt], map: "c")'] },
  "a new name that is Prisma's own": { text: shop.replace('  @@map("orders")', '  @@index([createdAt], map: "a")\n  @@map("orders")'), changes: (model) => [rename(model, 0, "orders_created_at_idx")], diff: ['-  @@index([createdAt], map: "a")', "+  @@index([createdAt])"] },
  "other properties": {
    text: shop.replace('  @@map("orders")', '  @@index([note], map: "n")\n  @@map("orders")'),
    changes: (model) => { const from = indexOf(model, "orders", 0); return [{ kind: "alter-index", table: named("public", "orders"), from, to: { ...from, method: "gin" } }]; },
    diff: ['-  @@index([note], map: "n")', '+  @@index([note], type: Gin, map: "n")'],
  },
  "a unique that nothing needs": { changes: (model) => [{ kind: "drop-unique", table: named("public", "Client"), unique: tableOf({ model, problems: [], dependsOn: [] }, "Client").uniques[0]! }], diff: ["-  email  String  @unique", "+  email  String"] },
  "a foreign key between two models that are not related": {
    text: `${postgres}model Client {\n  id   Int    @id\n  name String\n}\n\nmodel Bill {\n  id       Int  @id\n  clientId Int?\n\n  @@index([clientId])\n}\n`,
    changes: () => [{ kind: "add-foreign-key", table: named("public", "Bill"), foreignKey: { columns: ["clientId"], references: { table: named("public", "Client"), columns: ["id"] }, onDelete: "cascade", onUpdate: "cascade", enforced: true } }],
    diff: ["+  bills Bill[]", "+  client Client? @relation(fields: [clientId], references: [id], onDelete: Cascade)"],
    unformatted: true,
  },
};

describe("changes in a Prisma schema", () => {
  for (const [name, { text = shop, changes, diff, unformatted }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(objection({ [schemaPath]: text }), undefined);
      const space = workspace({ "schema.prisma": text });
      const before = readOnly(space).model;
      const wanted = changes(before);
      const edits = prisma.edit(wanted, before, space.files);
      assert.ok(edits, "refused");
      const after = applied(text, edits);
      assert.deepEqual(difference(text, after), diff);
      assert.equal(objection({ [schemaPath]: after }), undefined);
      if (!unformatted) assert.equal(formatted(after), after);
      const model = readOnly(workspace({ "schema.prisma": after })).model;
      for (const change of wanted) assertDone(change, model);
    });
  }

  it("what comes goes again", () => {
    const space = workspace({ "schema.prisma": shop });
    const changes = [add("orders", index(["client_id"], { name: "a" })), add("Client", index(["email"], { name: "b" }))];
    const after = applied(shop, prisma.edit(changes, readOnly(space).model, space.files)!);
    const next = workspace({ "schema.prisma": after });
    assert.equal(applied(after, prisma.edit(changes.map(inverse), readOnly(next).model, next.files)!), shop);
  });

  it("in a folder of files, each change in its own", () => {
    const [head, order] = [shop.slice(0, shop.indexOf("model Order")), shop.slice(shop.indexOf("model Order"))];
    const space = workspace({ "prisma/schema.prisma": head, "prisma/order.prisma": order });
    const edits = prisma.edit([add("orders", index(["client_id"])), add("Client", index(["email"], { name: "x" }))], readOnly(space).model, space.files)!;
    assert.deepEqual(edits.map((edit) => [edit.file, edit.text]), [["/workspace/prisma/order.prisma", "  @@index([clientId])\n"], ["/workspace/prisma/schema.prisma", '\n\n  @@index([email], map: "x")']]);
  });

  it("in a half-typed model", () => {
    const text = shop.replace("  note      Json?\n", "  note      Json?\n  unfinished String @default(\n");
    const space = workspace({ "schema.prisma": text });
    const after = applied(text, prisma.edit([add("orders", index(["client_id"]))], readOnly(space).model, space.files)!);
    assert.deepEqual(difference(text, after), ["+  @@index([clientId])"]);
  });
});

describe("what Prisma cannot say is not written", () => {
  const refused: Readonly<Record<string, Change>> = {
    "an expression": add("orders", index([{ expression: { sql: "lower(x)", columns: [], complete: true }, order: "asc" }])),
    "INCLUDE": add("orders", index(["client_id"], { include: ["id"] })),
    "NULLS FIRST": add("orders", index([key("client_id", { nulls: "first" })])),
    "a collation": add("orders", index([key("client_id", { collation: "C" })])),
    "NULLS NOT DISTINCT": add("orders", index(["client_id"], { unique: true, nullsNotDistinct: true })),
    "a method that Prisma lacks": add("orders", index(["note"], { method: "hnsw" })),
    "a partial index without its preview feature": add("orders", index(["client_id"], { where: { sql: "true", columns: [], complete: true } })),
    "a column that is not there": add("orders", index(["nothing"])),
    "a table that is not there": add("nothing", index(["id"])),
    "an index that is not there": { kind: "drop-index", table: named("public", "orders"), index: index(["client_id"]) },
    "a unique under a foreign key": { kind: "drop-unique", table: named("public", "Parent"), unique: { columns: ["code"] } },
    "the unique of a one-to-one relation": { kind: "drop-unique", table: named("public", "Child"), unique: { columns: ["parentId"] } },
    "a second relation between two models": { kind: "add-foreign-key", table: named("public", "orders"), foreignKey: { columns: ["id"], references: { table: named("public", "Client"), columns: ["id"] }, onDelete: "cascade", onUpdate: "cascade", enforced: true } },
    "a new table": { kind: "drop-table", table: readOnly(workspace({ "schema.prisma": shop })).model.tables[0]! },
  };
  const parents = "model Parent {\n  id Int @id\n  code String @unique\n  other Int @unique\n  one Child?\n  many Child[] @relation(\"m\")\n}\n\nmodel Child {\n  id Int @id\n  parentId Int @unique\n  code String\n  parent Parent @relation(fields: [parentId], references: [id])\n  byCode Parent @relation(\"m\", fields: [code], references: [code])\n  u Int @unique\n}\n";
  for (const [name, change] of Object.entries(refused)) {
    it(name, () => {
      const space = workspace({ "schema.prisma": shop + parents });
      assert.equal(prisma.edit([change], readOnly(space).model, space.files), undefined);
    });
  }
});

function drop(model: SchemaModel, table: string, at: number): Change {
  return { kind: "drop-index", table: named("public", table), index: indexOf(model, table, at) };
}

function rename(model: SchemaModel, at: number, to: string): Change {
  return { kind: "rename-index", table: named("public", "orders"), index: indexOf(model, "orders", at), to };
}

function indexOf(model: SchemaModel, table: string, at: number): Index {
  return tableOf({ model, problems: [], dependsOn: [] }, table).indexes[at]!;
}

/** The change stands in the model. */
function assertDone(change: Change, model: SchemaModel): void {
  assert.ok("table" in change && "name" in change.table && typeof change.table.name === "string");
  const table = tableOf({ model, problems: [], dependsOn: [] }, change.table.name);
  const alike = (one: Index): readonly Index[] => table.indexes.filter((other) => other.method === one.method && JSON.stringify(other.keys) === JSON.stringify(one.keys) && Boolean(other.where) === Boolean(one.where));
  switch (change.kind) {
    case "add-index": {
      const columns = change.index.keys.map((one) => one.column);
      if (change.index.unique) assert.ok(table.uniques.some((unique) => unique.columns.join() === columns.join()));
      else assert.equal(alike(change.index).length, 1);
      break;
    }
    case "add-unique": assert.ok(table.uniques.some((unique) => unique.columns.join() === change.unique.columns.join() && unique.name === change.unique.name)); break;
    case "drop-index": assert.ok(alike(change.index).every((one) => one.name !== change.index.name)); break;
    case "drop-unique": assert.ok(table.uniques.every((unique) => unique.columns.join() !== change.unique.columns.join())); break;
    case "rename-index": assert.ok(alike(change.index).some((one) => (one.name ?? change.to) === change.to)); break;
    case "alter-index": assert.equal(alike(change.to).length, 1); break;
    case "add-foreign-key": assert.ok(table.foreignKeys.some((one) => one.columns.join() === change.foreignKey.columns.join() && one.onDelete === change.foreignKey.onDelete && one.references.table.name === change.foreignKey.references.table.name)); break;
    default: assert.fail(`${change.kind} has no check`);
  }
}

/** Lines that went and came, in the order of the file for each. */
function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  const gone: string[] = [];
  const come: string[] = [];
  let at = 0;
  // Longest common subsequence by lines; the schemas are small.
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) for (let j = now.length - 1; j >= 0; j--) table[i]![j] = old[i] === now[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  while (start < old.length || at < now.length) {
    if (start < old.length && at < now.length && old[start] === now[at]) { start++; at++; }
    else if (at >= now.length || (start < old.length && table[start + 1]![at]! >= table[start]![at + 1]!)) gone.push(`-${old[start++]}`);
    else come.push(`+${now[at++]}`);
  }
  return [...gone, ...come];
}
