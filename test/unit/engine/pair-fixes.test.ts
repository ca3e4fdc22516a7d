import assert from "node:assert/strict";
import { defaults, type Config } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import { applyEdits, memoryFiles, root } from "../../rules/cases";

const drizzle = `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer().primaryKey() });

export const orders = pgTable("orders", {
  id: integer().primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id),
  agentId: integer("agent_id").notNull(),
}, (t) => [index("by_agent").on(t.agentId), index("by_agent_again").on(t.agentId)]);
`;

const prisma = `datasource db {
  provider = "postgresql"
}

model Client {
  id     Int     @id
  orders Order[]

  @@map("clients")
}

model Order {
  id       Int    @id
  clientId Int    @map("client_id")
  agentId  Int    @map("agent_id")
  client   Client @relation(fields: [clientId], references: [id], onDelete: NoAction, onUpdate: NoAction)

  @@index([agentId], map: "by_agent")
  @@index([agentId], map: "by_agent_again")
  @@map("orders")
}
`;

const files = () => new Map([[`${root}/schema.ts`, drizzle], [`${root}/schema.prisma`, prisma]]);

/** The texts after the preferred fixes of `rule` in files that end in `ending`. */
function fixed(rule: string, ending: string, config: Partial<Config> = {}): { readonly texts: ReadonlyMap<string, string>; readonly left: readonly string[] } {
  const texts = files();
  const settings = { ...defaults, ...config };
  const project = openProject(memoryFiles(texts), settings);
  const wanted = project.report().findings.filter((finding) => finding.rule === rule && finding.at?.file.endsWith(ending));
  assert.ok(wanted.length > 0, `no finding of ${rule}`);
  const written = project.write(wanted.map((finding) => ({ finding, fix: finding.fixes[0]! })));
  assert.deepEqual(written.refused, []);
  const edited = applyEdits(texts, written.edits);
  const left = openProject(memoryFiles(edited), settings).report().findings.filter((finding) => finding.rule === rule || finding.rule.startsWith("drift/"));
  return { texts: edited, left: left.map(({ rule: id, message }) => `${id} ${message}`) };
}

describe("a fix in a pair of schemas", () => {
  for (const ending of [".ts", ".prisma"])
    it(`of the one in ${ending} writes the index into both, under one name`, () => {
      const { texts, left } = fixed("fk/unindexed", ending);
      assert.deepEqual(left, []);
      const name = /index\("([^"]+)"\)\.on\(t\.clientId\)/.exec(texts.get(`${root}/schema.ts`)!)?.[1];
      assert.ok(name);
      const line = texts.get(`${root}/schema.prisma`)!.split("\n").find((one) => one.includes("@@index([clientId]"));
      // Prisma's own name for it needs no map.
      assert.equal(line?.trim(), name === "orders_client_id_idx" ? "@@index([clientId])" : `@@index([clientId], map: "${name}")`);
    });

  it("of both at once writes each once", () => {
    const { texts, left } = fixed("fk/unindexed", "");
    assert.deepEqual(left, []);
    assert.equal(texts.get(`${root}/schema.ts`)!.split("t.clientId)").length, 2);
    assert.equal(texts.get(`${root}/schema.prisma`)!.split("[clientId]").length, 3);
  });

  it("takes the configured name in both", () => {
    const { texts } = fixed("fk/unindexed", ".prisma", { indexName: "ix_{table}_{columns}" });
    assert.ok(texts.get(`${root}/schema.ts`)!.includes('index("ix_orders_client_id").on(t.clientId)'));
    assert.ok(texts.get(`${root}/schema.prisma`)!.includes('@@index([clientId], map: "ix_orders_client_id")'));
  });

  it("drops a duplicate in both", () => {
    const { texts, left } = fixed("index/duplicate", ".ts");
    assert.deepEqual(left, []);
    for (const text of texts.values()) assert.equal(text.split("by_agent").length, 2, text);
  });

  it("stays in its own file where no pairs are wanted", () => {
    const { texts } = fixed("fk/unindexed", ".ts", { pairs: [] });
    assert.equal(texts.get(`${root}/schema.prisma`), prisma);
  });
});
