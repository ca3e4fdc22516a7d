import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { prismaName } from "../../../server/src/indexes/name-length";

// The long names are those that Prisma's schema engine 8.1 gives (test/oracles/prisma/postgresql.sql has more of them).
describe("Prisma's own names", () => {
  it("of short tables", () => {
    assert.equal(prismaName("index", "orders", ["client_id", "id"], "postgresql"), "orders_client_id_id_idx");
    assert.equal(prismaName("unique", "orders", ["id"], "mysql"), "orders_id_key");
    assert.equal(prismaName("foreign key", "orders", ["client_id"], "sqlite"), "orders_client_id_fkey");
    assert.equal(prismaName("primary key", "orders", [], "postgresql"), "orders_pkey");
  });

  it("are cut before their ending", () => {
    const long = ["veryLongFieldNameNumberTwoOfThisTableForACut", "veryLongFieldNameNumberOneOfThisTableForACut"];
    assert.equal(prismaName("unique", "SetDefaults", long, "postgresql"), "SetDefaults_veryLongFieldNameNumberTwoOfThisTableForACut_ve_key");
    assert.equal(Buffer.byteLength(prismaName("index", "é".repeat(40), ["x"], "postgresql")), 62);
    assert.equal(prismaName("primary key", "x".repeat(70), [], "mysql").length, 64);
  });
});
