import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { defaultName, defaultPrimaryKeyName } from "../../../server/src/sources/prisma";

// The long names are those that Prisma's schema engine 8.1 gives (test/oracles/prisma/postgresql.sql has more of them).
describe("Prisma's own names", () => {
  it("of short tables", () => {
    assert.equal(defaultName("index", "orders", ["client_id", "id"], "postgresql"), "orders_client_id_id_idx");
    assert.equal(defaultName("unique", "orders", ["id"], "mysql"), "orders_id_key");
    assert.equal(defaultName("foreign key", "orders", ["client_id"], "sqlite"), "orders_client_id_fkey");
    assert.equal(defaultPrimaryKeyName("orders", "postgresql"), "orders_pkey");
  });

  it("are cut before their ending", () => {
    const long = ["veryLongFieldNameNumberTwoOfThisTableForACut", "veryLongFieldNameNumberOneOfThisTableForACut"];
    assert.equal(defaultName("unique", "SetDefaults", long, "postgresql"), "SetDefaults_veryLongFieldNameNumberTwoOfThisTableForACut_ve_key");
    assert.equal(Buffer.byteLength(defaultName("index", "é".repeat(40), ["x"], "postgresql")), 62);
    assert.equal(defaultPrimaryKeyName("x".repeat(70), "mysql").length, 64);
  });
});
