// Prisma's own engine as judge of the record: what Plumbline has applied it takes as applied, and the other way round; edited,
// failed and resolved migrations mean the same to both.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Client } from "pg";
import { openSession } from "../../../server/src/databases/postgres/session";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { header, prismaProject, type PrismaTestProject } from "./project";

const init = "20240101000000_init", second = "20240102000000_more";
const files = {
  "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
  [`prisma/migrations/${init}/migration.sql`]: 'CREATE TABLE "A" ("id" INTEGER NOT NULL, CONSTRAINT "A_pkey" PRIMARY KEY ("id"));\n',
  [`prisma/migrations/${init}/down.sql`]: 'DROP TABLE "A";\n',
  [`prisma/migrations/${second}/migration.sql`]: 'ALTER TABLE "A" ADD COLUMN "b" TEXT;\nCREATE INDEX "A_b_idx" ON "A"("b");\n',
  [`prisma/migrations/${second}/down.sql`]: 'ALTER TABLE "A" DROP COLUMN "b";\n',
};
const model = "model A {\n  id Int     @id\n  b  String?\n\n  @@index([b])\n}\n";
const both = [`${init} applied`, `${second} applied`];

describe("Prisma's journal", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  async function begun(name: string, options?: Parameters<typeof prismaProject>[3]): Promise<PrismaTestProject> {
    const project = await prismaProject(server, name, header + model, options);
    project.write(files);
    return project;
  }

  async function rows({ connection }: PrismaTestProject, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new Client(connection);
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql).finally(() => client.end())).rows;
  }

  const up = (project: PrismaTestProject, count?: number) => project.operations.up({ target: project.target, lossesConfirmed: true, ...(count !== undefined && { count }) });
  const down = (project: PrismaTestProject) => project.operations.down({ target: project.target, lossesConfirmed: true });

  for (const scripts of ["whole", "split"] as const) {
    it(`after Plumbline, Prisma applies nothing and finds nothing to do; taken back, it applies it again (scripts ${scripts})`, async () => {
      const project = await begun(`ours_${scripts}`);
      await up(project);
      assert.deepEqual(await project.engine(scripts).deploy(), []);
      assert.deepEqual(await project.engine(scripts).dev(), { nothingToDo: true });
      assert.deepEqual(await project.engine(scripts).status(), { edited: [], failed: [], history: null });
      await down(project);
      assert.deepEqual(await project.states(), [`${init} applied`, `${second} pending`]);
      assert.deepEqual(await project.engine(scripts).deploy(), [second]);
      assert.deepEqual(await project.states(), both);
    });
  }

  it("after Prisma, Plumbline applies nothing; both go on where the other stopped", async () => {
    const project = await begun("theirs");
    await up(project, 1);
    assert.deepEqual(await project.engine().deploy(), [second]);
    assert.deepEqual(await project.states(), both);
    assert.deepEqual((await up(project)).done, []);
    await down(project);
    assert.deepEqual((await up(project)).done.map(({ migration }) => migration.id), [second]);
    assert.deepEqual(await project.engine().deploy(), []);
  });

  it("makes the same table, and records the same values but for the times", async () => {
    const ours = await begun("rows_ours"), theirs = await begun("rows_theirs");
    await up(ours);
    await theirs.engine().deploy();
    const columns = "SELECT column_name, data_type, character_maximum_length, is_nullable, column_default FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position";
    assert.deepEqual(await rows(ours, columns), await rows(theirs, columns));
    const values = `SELECT checksum, migration_name, logs, rolled_back_at, applied_steps_count, finished_at >= started_at AS finished, id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' AS uuid FROM _prisma_migrations ORDER BY started_at`;
    assert.deepEqual(await rows(ours, values), await rows(theirs, values));
    assert.equal((await rows(ours, values)).length, 2);
  });

  it("an edited file is edited to both, other line ends to neither", async () => {
    const project = await begun("edited");
    await project.engine().deploy();
    project.write({ [`prisma/migrations/${init}/migration.sql`]: files[`prisma/migrations/${init}/migration.sql`]!.replaceAll("\n", "\r\n") });
    assert.deepEqual([await project.states(), (await project.engine().status()).edited], [both, []]);
    project.write({ [`prisma/migrations/${init}/migration.sql`]: "-- changed\n" });
    assert.deepEqual([await project.states(), (await project.engine().status()).edited], [[`${init} edited`, `${second} applied`], [init]]);
    await assert.rejects(up(project), /init\/migration\.sql was changed after it had been applied: the database records SHA-256 [0-9a-f]{64}/);
  });

  it("a migration that fails in Prisma's hands is half-applied; resolved as rolled back it is pending, as applied it is applied", async () => {
    const project = await begun("failed");
    project.write({ [`prisma/migrations/${second}/migration.sql`]: 'ALTER TABLE "A" ADD COLUMN "b" TEXT;\nSELECT 1 / 0;\n' });
    await assert.rejects(project.engine().deploy());
    assert.deepEqual((await project.engine().status()).failed, [second]);
    assert.deepEqual(await project.states(), [`${init} applied`, `${second} half-applied`]);
    const [, line] = (await project.operations.status(project.target)).migrations;
    assert.match(line!.message!, /was begun and not finished.*division by zero/s);
    await project.engine().resolve("rolled-back", second);
    assert.deepEqual(await project.states(), [`${init} applied`, `${second} pending`]);
    project.write(files);
    await up(project);
    assert.deepEqual([await project.states(), await project.engine().deploy(), (await project.engine().status()).failed], [both, [], []]);
    assert.deepEqual((await rows(project, "SELECT rolled_back_at IS NOT NULL AS back FROM _prisma_migrations ORDER BY started_at")).map(({ back }) => back), [false, true, false]);

    const other = await begun("resolved");
    await other.engine().resolve("applied", init);
    assert.deepEqual(await other.states(), [`${init} applied`, `${second} pending`]);
  });

  describe("repair, of what failed in Prisma's hands", () => {
    const more = `prisma/migrations/${second}/migration.sql`;
    const table = 'CREATE TABLE "B" ("id" INTEGER PRIMARY KEY);\n';
    let made = 0;
    /** Its second migration is `tried` by Prisma, which fails; then the file says `written`, and somebody runs `byHand`. */
    async function failed(tried: string, written: string, byHand = "", searched?: string): Promise<PrismaTestProject> {
      const project = await begun(`repaired_${++made}`, { from: "folder", ...(searched !== undefined && { searched }) });
      project.write({ [more]: tried });
      await assert.rejects(project.engine("split").deploy());
      project.write({ [more]: written });
      if (byHand !== "") await rows(project, `${searched === undefined ? "" : `SET search_path = "${searched}"; `}${byHand}`);
      assert.deepEqual(await project.states(), [`${init} applied`, `${second} half-applied`]);
      return project;
    }
    const repair = (project: PrismaTestProject, resolved?: "applied" | "rolled back") => project.operations.repair({ target: project.target, lossesConfirmed: true, ...(resolved && { resolved }) });
    const record = (project: PrismaTestProject, schema = "public") => rows(project, `SELECT finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS back, applied_steps_count AS steps FROM "${schema}"._prisma_migrations ORDER BY started_at`);

    it("runs it where nothing of it is there", async () => {
      const project = await failed("SELECT 1 / 0;\n", `${table}INSERT INTO "B" VALUES (1);\n`);
      await repair(project);
      assert.deepEqual([await project.states(), await project.engine().deploy(), (await project.engine().status()).failed], [both, [], []]);
      assert.deepEqual(await rows(project, 'SELECT * FROM "B"'), [{ id: 1 }]);
      assert.deepEqual((await record(project)).slice(1), [{ finished: false, back: true, steps: 0 }, { finished: true, back: false, steps: 1 }]);
    });

    it("records it as applied where all of it is there, in another schema than public too", async () => {
      const written = `${table}INSERT INTO "B" VALUES (1);\nALTER TABLE "B" ADD COLUMN "a" "State";\n`, state = `CREATE TYPE "State" AS ENUM ('on');\n`;
      const project = await failed(`${state}${written}SELECT 1 / 0;\n`, state + written, "", "sales");
      await repair(project);
      assert.deepEqual([await project.states(), await project.engine().deploy(), (await project.engine().status()).failed], [both, [], []]);
      assert.deepEqual((await record(project, "sales")).slice(1), [{ finished: false, back: true, steps: 0 }, { finished: true, back: false, steps: 0 }]);
    });

    it("says what is there and what is not, and records what it is told", async () => {
      const written = `${table}CREATE TABLE "C" ("id" INTEGER PRIMARY KEY);\n`;
      const project = await failed(`${table}SELECT 1 / 0;\n`, written);
      const before = await record(project);
      await assert.rejects(repair(project), /Nothing was run\..*was begun by another tool\. Of what it makes, this is there: .*public\."B".*; and this is not: .*public\."C".*repair --applied/s);
      assert.deepEqual(await record(project), before);
      await rows(project, 'DROP TABLE "B"');
      await repair(project, "rolled back");
      assert.deepEqual([await project.states(), (await project.engine().status()).failed], [[`${init} applied`, `${second} pending`], []]);
      assert.deepEqual(await project.engine().deploy(), [second]);
    });

    it("does not guess whether rows were changed", async () => {
      const project = await failed("SELECT 1 / 0;\n", 'UPDATE "A" SET "id" = "id" + 1;\n' + table);
      await assert.rejects(repair(project), /leave nothing in the catalogue/);
      await rows(project, table);
      await repair(project, "applied");
      assert.deepEqual([await project.states(), await project.engine().deploy(), (await project.engine().status()).failed], [both, [], []]);
    });
  });

  describe("an index that Prisma began to build concurrently, and did not finish", () => {
    const file = `prisma/migrations/${second}/migration.sql`, sql = 'CREATE INDEX CONCURRENTLY "A_b_idx" ON "A"("b");\n', build = sql.replace("CONCURRENTLY ", "");
    const invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"A_b_idx\"'::regclass";
    const left: Readonly<Record<string, readonly [byHand: string, told: RegExp]>> = {
      "is not there": ["SELECT 1", /^$/],
      "is INVALID": [`${build}${invalid}`, /The INVALID index public\."A_b_idx", which an interrupted build had left, was dropped; it is built again\./],
      "is there": [build, /The index public\."A_b_idx" is there already, valid and of the same definition\./],
    };
    let made = 0;
    async function half(byHand: string): Promise<PrismaTestProject> {
      const project = await begun(`concurrent_${++made}`);
      project.write({ [`prisma/migrations/${init}/migration.sql`]: 'CREATE TABLE "A" ("id" INTEGER PRIMARY KEY, "b" TEXT);\n', [file]: sql });
      await up(project, 1);
      await rows(project, `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES (gen_random_uuid(), '${createHash("sha256").update(sql).digest("hex")}', '${second}'); ${byHand}`);
      assert.deepEqual(await project.states(), [`${init} applied`, `${second} half-applied`]);
      return project;
    }

    for (const [what, [byHand, told]] of Object.entries(left)) {
      it(`${what}: the plan says so, and "up" brings it to its end`, async () => {
        const project = await half(byHand);
        const plan = await project.operations.plan({ target: project.target, direction: "up" });
        assert.deepEqual([plan.obstacles, plan.migrations.map(({ begun }) => begun)], [[], ["It was begun and not finished. What is there is looked at first: an INVALID index is dropped and built again, a valid one is recorded."]]);
        const recovered: string[] = [];
        await project.operations.up({ target: project.target, lossesConfirmed: true, onEvent: (event) => void (event.kind === "recovered" && recovered.push(event.message)) });
        assert.match(recovered.join(), told);
        assert.deepEqual([await project.states(), await rows(project, `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = '"A_b_idx"'::regclass`)], [both, [{ valid: true }]]);
        assert.deepEqual([await project.engine().deploy(), (await project.engine().status()).failed], [[], []]);
      });
    }

    it("is another one of that name: said, and left as it is", async () => {
      const project = await half('CREATE INDEX "A_b_idx" ON "A"("id")');
      await assert.rejects(up(project), /There is public\."A_b_idx" already, and it is another one: CREATE INDEX "A_b_idx" ON public\."A" USING btree \(id\)\..*Rename or drop it/);
      assert.deepEqual(await project.states(), [`${init} applied`, `${second} half-applied`]);
    });

    it("where nothing tells how far another migration came, the plan stops as the run does", async () => {
      const project = await half("SELECT 1");
      project.write({ [file]: "ALTER TABLE \"A\" ADD COLUMN c TEXT;\n" });
      await rows(project, `UPDATE _prisma_migrations SET checksum = '${createHash("sha256").update("ALTER TABLE \"A\" ADD COLUMN c TEXT;\n").digest("hex")}' WHERE finished_at IS NULL`);
      const [obstacle] = (await project.operations.plan({ target: project.target, direction: "up" })).obstacles;
      assert.match(obstacle ?? "", new RegExp(`^${second} was begun by another tool\\. Run "plumbline migrate repair"`));
      await assert.rejects(up(project), { message: `Nothing was run. ${obstacle}` });
    });
  });

  it("a migration that fails in Plumbline's hands is neither applied nor failed to Prisma", async () => {
    const project = await begun("rolled_back");
    project.write({ [`prisma/migrations/${second}/migration.sql`]: 'ALTER TABLE "A" ADD COLUMN "b" TEXT;\nSELECT 1 / 0;\n' });
    await assert.rejects(up(project), /division by zero/);
    assert.deepEqual(await project.states(), [`${init} applied`, `${second} pending`]);
    assert.deepEqual((await project.engine().status()).failed, []);
    project.write(files);
    assert.deepEqual(await project.engine().deploy(), [second]);
  });

  it("waits for Prisma's advisory lock, and says who holds it", async () => {
    const project = await begun("locked");
    const prisma = await openSession(settingsOf(project.connection));
    await prisma.run("SELECT pg_advisory_lock(72707369)");
    const events: string[] = [];
    const running = project.operations.up({ target: project.target, lossesConfirmed: true, onEvent: (event) => {
      events.push(event.kind === "waiting for the runner's lock" ? `waits for ${event.holder?.split(",")[0]}` : event.kind);
      if (event.kind === "waiting for the runner's lock") void prisma.close();
    } });
    assert.equal((await running).done.length, 2);
    assert.equal(events[0], `waits for process ${prisma.backend}`);
    assert.deepEqual(await project.states(), both);
  });

  it("lies in the schema that the URL names, where the tables are as well", async () => {
    const project = await begun("searched", { searched: 'The "sales"' });
    await up(project, 1);
    assert.deepEqual(await rows(project, "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT LIKE 'pg\\_%' AND table_schema <> 'information_schema' ORDER BY 2"), [{ table_schema: 'The "sales"', table_name: "A" }, { table_schema: 'The "sales"', table_name: "_prisma_migrations" }]);
    assert.deepEqual(await project.states(), [`${init} applied`, `${second} pending`]);
    await down(project);
    await up(project);
    assert.deepEqual(await rows(project, "SELECT schemaname FROM pg_indexes WHERE indexname = 'A_b_idx'"), [{ schemaname: 'The "sales"' }]);
  });

  it("is shared with Prisma in another schema than public", async () => {
    const project = await begun("sales", { searched: "sales" });
    await up(project, 1);
    assert.deepEqual(await project.engine().deploy(), [second]);
    assert.deepEqual(await project.states(), both);
    assert.deepEqual(await project.engine().dev(), { nothingToDo: true });
    project.schema(header + model.replace("@@index([b])", "@@index([b])\n  @@index([b, id])"));
    const { written } = await project.generate("pair");
    assert.match(written.find(({ file }) => file.endsWith("migration.sql"))!.text, /^-- CreateIndex\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "A_b_id_idx" ON "A" \("b", "id"\);\n$/);
    await up(project);
    assert.deepEqual([await project.engine().deploy(), await project.engine().dev()], [[], { nothingToDo: true }]);
    assert.equal((await project.generate("nothing")).written.length, 0);
  });

  it("records the baseline as `prisma migrate resolve --applied` does", async () => {
    const project = await begun("baseline");
    await rows(project, Object.entries(files).filter(([name]) => name.endsWith("migration.sql")).map(([, sql]) => sql).join(""));
    await project.operations.baseline({ target: project.target, lossesConfirmed: true });
    assert.deepEqual([await project.states(), await project.engine().deploy(), (await project.engine().status()).history], [both, [], null]);
    assert.deepEqual(await rows(project, "SELECT applied_steps_count AS steps, finished_at IS NOT NULL AS done FROM _prisma_migrations"), [{ steps: 0, done: true }, { steps: 0, done: true }]);
  });
});
