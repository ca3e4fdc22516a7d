// What older snapshots of drizzle-kit 0.31 leave out, and what JSON rounds, when they are read as a schema.
import assert from "node:assert/strict";
import { schemaOfSnapshot } from "../../../server/src/migrate/folders/drizzle-schema-v0";

describe("a snapshot of drizzle-kit as a schema", () => {
  const column = (name: string, type: string, more: object = {}): object => ({ name, type, primaryKey: false, notNull: true, ...more });
  const identity = { type: "always", name: "clients_id_seq", increment: 1, minValue: 1, maxValue: Number("9223372036854775807"), startWith: 1, cache: 1, cycle: false };
  const { tables } = schemaOfSnapshot({
    enums: { "app.state": { name: "state", schema: "app", values: ["open"] } },
    tables: {
      "app.clients": { name: "clients", schema: "app", columns: { id: column("id", "bigint", { primaryKey: true, identity }), state: column("state", "state[]") } },
      "app.orders": { name: "orders", schema: "app", columns: { client: column("client", "bigint") }, foreignKeys: { fk: { name: "fk", tableTo: "clients", columnsFrom: ["client"], columnsTo: ["id"], onDelete: "cascade", onUpdate: "no action" } } },
    },
  });

  it("takes the bound of bigint, which JSON rounds, for the default", () => {
    assert.equal(tables[0]!.columns[0]!.sequenceOptions, undefined);
  });

  it("finds the schema of a type where it is left out", () => {
    assert.deepEqual([tables[0]!.columns[1]!.type.name, tables[0]!.columns[1]!.type.enum], ["app.state[]", { schema: "app", name: "state" }]);
  });

  it("finds the schema of a key's target where it is left out", () => {
    assert.deepEqual(tables[1]!.foreignKeys[0]!.references.table, { schema: "app", name: "clients" });
  });
});
