// What Plumbline writes into a folder of Drizzle 1.0, held against the snapshots that drizzle-kit 1.0.0-rc.5 makes of the
// same schemas (kept beside; drizzle/remake-v1.mjs makes them again). The kit itself is too large to be installed here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { schemaSql } from "../../server/src/dialects/dialect";
import type { Entity } from "../../server/src/migrate/folders/drizzle-entities";
import type { Footprint } from "../../server/src/migrate/folders/drizzle-footprints";
import { ownersRecord, recordedObjects, withDeclared } from "../../server/src/migrate/folders/drizzle-recorded";
import { recordedSchema } from "../../server/src/migrate/folders/drizzle-recorded-schema";
import { nextSnapshots, stateOf, type RecordVersion } from "../../server/src/migrate/folders/drizzle-snapshot-v1";
import { drizzleV1 } from "../../server/src/migrate/folders/drizzle-v1";
import { FolderError } from "../../server/src/migrate/folders/folder-format";
import { readFolder } from "../../server/src/migrate/folders/formats";
import { generate } from "../../server/src/migrate/generate/generate";
import type { SchemaModel } from "../../server/src/model/schema";
import { workspace } from "../unit/drizzle/memory-files";

const kept = (file: string): string => readFileSync(join(__dirname, "drizzle/v1", file), "utf8");
const lines = (entities: Iterable<Entity>): readonly string[] => [...entities].map((entity) => JSON.stringify(entity)).sort();
const kit = (name: string): readonly string[] => lines(JSON.parse(kept(`${name}.json`)) as Entity[]);

/** The kit lists tables and constraints in the order in which a schema's file exports and declares them, which means nothing. */
const unordered = (footprints: readonly Footprint[]): readonly string[] => footprints.map(({ statementType, statementTarget, writes, reads, sharedWrites, sqlHash }) => JSON.stringify([statementType, statementTarget, [...writes].sort(), reads && [...reads].sort(), sharedWrites && [...sharedWrites].sort(), sqlHash])).sort();
const footprintsOfKit = (name: string): readonly string[] => unordered(JSON.parse(kept(`${name}.footprints.json`)) as readonly Footprint[]);

function read(name: string): SchemaModel {
  const { session } = workspace({ "schema.ts": kept(`${name}.ts.txt`), "package.json": JSON.stringify({ dependencies: { "drizzle-orm": "1.0.0-rc.5" } }), "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts" };` });
  const { model, problems } = session.read(session.discover()[0]!);
  assert.deepEqual(problems, []);
  return model;
}

describe("snapshots of Drizzle 1.0", () => {
  const [first, second] = [read("first"), read("second")];
  const none = { ...first, schemas: [], tables: [], enums: [] };
  const now = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
  const start = { folder: "/p/drizzle", format: "drizzle v1", dialect: "postgresql", migrations: [], journal: { schema: "drizzle", name: "__drizzle_migrations" }, problems: [] } as const;
  const begun = drizzleV1.write(start, [{ name: "First one", up: schemaSql(first)!, down: "the first" }], workspace({}).files, { now, before: none, after: [first] });

  it("the first holds the whole schema, as drizzle-kit has it", () => {
    assert.deepEqual(begun.map(({ file }) => file), ["migration.sql", "down.sql", "snapshot.json"].map((name) => `/p/drizzle/20260102030405_first_one/${name}`));
    const snapshot = JSON.parse(begun[2]!.text) as { readonly ddl: Entity[]; readonly type: string; readonly prevIds: readonly string[] };
    assert.deepEqual([snapshot.type, snapshot.prevIds], ["base", ["00000000-0000-0000-0000-000000000000"]]);
    assert.deepEqual(lines(snapshot.ddl), kit("first"));
  });

  it("later ones hold what changes, and come to what drizzle-kit has of the schema then", () => {
    const files = workspace(Object.fromEntries(begun.map(({ file, text }) => [file, text]))).files;
    const folder = readFolder("/p/drizzle", files)!;
    const { migrations, refused } = generate({ name: "second", format: "drizzle v1", before: first, wanted: second });
    assert.deepEqual([refused, migrations.length], [[], 5]);
    const written = drizzleV1.write(folder, migrations, files, { now, before: first, after: migrations.map(({ after }) => after) });
    const snapshots = [...begun, ...written].filter(({ file }) => file.endsWith("snapshot.json"));
    const footprints = snapshots.slice(1).map(({ text }) => (JSON.parse(text) as { readonly footprints: readonly Footprint[] }).footprints);
    assert.deepEqual(unordered(footprints.flat()), footprintsOfKit("second"));
    assert.ok(footprints.filter((one) => one.length > 0).length > 1);
    assert.ok(snapshots.slice(1).every(({ text }) => (JSON.parse(text) as { readonly type: string }).type === "diff"));
    const state = stateOf(snapshots);
    assert.deepEqual(lines(state.entities.values()), kit("second"));
    assert.equal(state.ids.length, 1);
    const after = readFolder("/p/drizzle", workspace(Object.fromEntries([...begun, ...written].map(({ file, text }) => [file, text]))).files)!;
    assert.deepEqual(after.problems, []);
    assert.deepEqual(after.migrations.map(({ version }) => version), ["20260102030405", "20260102030406", "20260102030407", "20260102030408", "20260102030409", "20260102030410"]);
  });

  const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = { third: { named: "pairs", "app.links.parent": "above" }, seventh: { state: "app.status", "app.level": "level", "app.numbers": "other.counts", "app.links": "other.edges", pairs: "app.pairs", tickets: "other.tickets" }, eighth: { other: "shop" } };
  const values: typeof renamed = { fifth: { "state.closed": "shut" } };
  let standing: SchemaModel = none;
  let state = stateOf([]);
  for (const name of ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"])
    it(`the migrations to the ${name} schema, however many, have the footprints of drizzle-kit's one`, () => {
      const { migrations, refused, questions } = generate({ name, format: "drizzle v1", before: standing, wanted: read(name), renames: { ...renamed[name], ...values[name] }, record: { sequences: standing.sequences?.map((sequence) => sequence.name) ?? [] } });
      assert.deepEqual([refused, questions], [[], []]);
      // By the name that drizzle-kit has recorded and would drop it by.
      if (name === "fifth") assert.ok(migrations.some(({ up }) => up.some((sql) => sql.includes('ADD CONSTRAINT "pairs_b_unique" UNIQUE USING INDEX'))));
      const made = nextSnapshots(state, standing, migrations, read(name));
      assert.deepEqual(unordered(made.snapshots.flatMap(({ footprints }) => footprints as readonly Footprint[])), footprintsOfKit(name));
      [standing, state] = [migrations.at(-1)!.after, made.state];
      // What is renamed keeps the constraints' names that were made up for it; the schema alone has others.
      if (!renamed[name]) assert.deepEqual(lines(state.entities.values()), kit(name));
    });

  type Kept = readonly (readonly [name: string, answers: Readonly<Record<string, string | null>>])[];
  const chains: Readonly<Record<string, Kept>> = {
    "row level security and its policies": [["secured", {}], ["resecured", { "clients.old name": "new name", "clients.gone": null, past: null }]],
    "views": [["viewed", {}], ["reviewed", { "app.idle": "app.quiet", moved: "app.moved", past: null, "clients.note": null }]],
    "names that the code gives, though drizzle-kit would make up the same,": [["unnamed", {}], ["named", {}], ["renamed", {}]],
    "schemas of the database and roles": [["peopled", {}], ["repeopled", { writer: "author", gone: null }]],
  };
  for (const [what, steps] of Object.entries(chains))
    it(`${what} are recorded as drizzle-kit has them, with its footprints`, () => {
      let [before, kept] = [{ ...read(steps[0]![0]), schemas: [], roles: [], tables: [], enums: [], views: [] } as SchemaModel, stateOf([])];
      for (const [name, answers] of steps) {
        const views = before.views?.map((view) => view.name) ?? [];
        const constraints = [...kept.entities.values()].filter(({ entityType }) => ["pks", "uniques", "fks"].includes(entityType)).map((one) => ({ table: { schema: String(one["schema"]), name: String(one["table"]) }, name: String(one["name"]) }));
        const { migrations, refused, questions } = generate({ name, format: "drizzle v1", before, wanted: read(name), renames: answers, record: { views, constraints } });
        assert.deepEqual([refused, questions], [[], []]);
        const made = nextSnapshots(kept, before, migrations, read(name));
        assert.deepEqual(unordered(made.snapshots.flatMap(({ footprints }) => footprints as readonly Footprint[])), footprintsOfKit(name));
        [before, kept] = [migrations.at(-1)!.after, made.state];
        assert.deepEqual(lines(kept.entities.values()), kit(name));
      }
    });

  for (const name of ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "secured", "resecured", "viewed", "reviewed"])
    it(`what drizzle-kit has recorded of the ${name} schema is that schema`, () => {
      const base = { type: "base", version: "9", id: "a", prevIds: [], ddl: JSON.parse(kept(`${name}.json`)) as Entity[] };
      const { files } = workspace({ "drizzle/20260101000000_a/migration.sql": "", "drizzle/20260101000000_a/snapshot.json": JSON.stringify(base) });
      const folder = readFolder("/w/drizzle", files)!, code = read(name), recorded = recordedObjects(folder, files);
      const { migrations, refused, questions } = generate({ name: "none", format: "drizzle v1", before: withDeclared(recordedSchema(folder, files, code)!, recorded), wanted: code, record: ownersRecord(recorded) });
      assert.deepEqual([migrations.flatMap(({ up }) => up), refused, questions], [[], [], []]);
    });

  it("the same change on two branches is two migrations", () => {
    const ids = ["20260101000000_ours", "20260101000001_theirs"].map((name) => nextSnapshots(stateOf([]), none, [{ name, after: first, up: [] }]).snapshots[0]!["id"]);
    assert.notEqual(ids[0], ids[1]);
  });

  it("carries policies, roles, views and sequences through, and reads the kit's own renames", () => {
    const others: readonly Entity[] = [{ schema: "public", table: "clients", name: "pol", as: "PERMISSIVE", entityType: "policies" }, { name: "role1", entityType: "roles" }, { schema: "public", name: "v", definition: "select 1", entityType: "views" }, { schema: "public", name: "counter", entityType: "sequences" }];
    const ddl = [...(JSON.parse(kept("first.json")) as Entity[]), ...others];
    const base = { file: "/p/drizzle/1_a/snapshot.json", text: JSON.stringify({ type: "base", version: "9", id: "a", prevIds: [], ddl }) };
    const { snapshots: [snapshot] } = nextSnapshots(stateOf([base]), first, [{ name: "second", after: second, up: [] }]);
    const state = stateOf([base, { file: "/p/drizzle/2_b/snapshot.json", text: JSON.stringify(snapshot) }]);
    for (const one of others) assert.ok([...state.entities.values()].some((entity) => JSON.stringify(entity) === JSON.stringify(one)), one.entityType);
    const rename = { file: "/p/drizzle/2_c/snapshot.json", text: JSON.stringify({ type: "diff", version: "9", id: "c", prevIds: ["a"], deltas: [{ op: "rename", key: 'tables\0["public","clients"]', set: { name: "customers" } }] }) };
    const named = [...stateOf([base, rename]).entities.values()];
    assert.ok(named.every((entity) => entity["table"] !== "clients" && entity["tableTo"] !== "clients"));
    assert.ok(named.some((entity) => entity["table"] === "customers" && entity.entityType === "columns"));
  });

  it("before 1.0.0-rc.5 each holds the whole schema and names the renames, in a folder of such and in the first one of such a kit", () => {
    const kits: readonly (readonly [RecordVersion, string, string?])[] = [["8", "1.0.0-beta.21"], ["8", "^1.0.0-rc.4"], ["8", "1.0.0-rc.5-ab785fc"], ["9", "1.0.0-rc.5"], ["9", "^1.0.0"], ["9", "1.0.0-rc.10"], ["9", "^1.0.0-beta.21", "1.0.0-rc.5"], ["8", "catalog:", "1.0.0-rc.3"]];
    for (const [version, asked, installed] of kits) {
      const { files } = workspace({ "/p/package.json": JSON.stringify({ devDependencies: { "drizzle-kit": asked } }), ...(installed && { "/p/node_modules/drizzle-kit/package.json": JSON.stringify({ version: installed }) }) });
      const made = drizzleV1.write(start, [{ name: "First one", up: schemaSql(first)!, down: "the first" }], files, { now, before: none, after: [first], code: first });
      const snapshot = JSON.parse(made.find(({ file }) => file.endsWith("snapshot.json"))!.text) as Record<string, unknown>;
      assert.deepEqual(Object.keys(snapshot), version === "8" ? ["version", "dialect", "id", "prevIds", "ddl", "renames"] : ["type", "version", "dialect", "id", "prevIds", "footprints", "ddl"], asked);
      assert.equal(snapshot["version"], version);
    }
    const old = (id: string, prevIds: readonly string[], name = "first") => ({ file: `/p/drizzle/${id}/snapshot.json`, text: JSON.stringify({ version: "8", dialect: "postgres", id, prevIds, ddl: JSON.parse(kept(`${name}.json`)) as Entity[], renames: [] }) });
    let [before, state] = [first, stateOf([old("1_a", [])])];
    for (const name of ["second", "third", "fourth"]) {
      const code = read(name);
      const { migrations } = generate({ name, format: "drizzle v1", before, wanted: code, renames: renamed[name] ?? {} });
      const { snapshots, state: next } = nextSnapshots(state, before, migrations, code);
      assert.deepEqual(snapshots.map(({ version, footprints, deltas, type }) => [version, footprints, deltas, type]), migrations.map(() => ["8", undefined, undefined, undefined]));
      assert.deepEqual(snapshots.flatMap((one) => one["renames"]), name === "third" ? ["public.named->public.pairs", "app.links.parent->app.links.above"] : []);
      const chain = [{ file: "/p/drizzle/1_a/snapshot.json", text: JSON.stringify({ version: "8", id: state.ids[0], prevIds: [], ddl: [...state.entities.values()] }) }, ...snapshots.map((one, at) => ({ file: `/p/drizzle/${at + 2}_b/snapshot.json`, text: JSON.stringify(one) }))];
      assert.deepEqual(lines(stateOf(chain).entities.values()), lines(next.entities.values()));
      if (name === "second") assert.deepEqual(lines(next.entities.values()), kit(name));
      [before, state] = [migrations.at(-1)!.after, next];
    }
    assert.throws(() => stateOf([old("1_a", []), old("2_b", ["1_a"]), old("3_c", ["1_a"])]), (error) => error instanceof FolderError && /2_b.* and .*3_c.*two branches/.test(error.message));
  });

  it("refuses a folder of an older format or of two, and says what to do", () => {
    const [older, newer] = [{ file: "/p/drizzle/1_a/snapshot.json", text: '{"version":"8","id":"a","prevIds":[],"ddl":[]}' }, { file: "/p/drizzle/2_b/snapshot.json", text: '{"version":"9","type":"base","id":"b","prevIds":["a"],"ddl":[]}' }];
    for (const found of [[older, newer], [{ ...older, text: older.text.replace("8", "7") }], [older, { ...newer, text: "{" }]]) assert.throws(() => stateOf(found), (error) => error instanceof FolderError && /drizzle-kit up/.test(error.message));
  });
});
