import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { schemaOfConfig } from "../../../server/src/sources/prisma/config";
import { postgres, root, workspace } from "./workspace";

const model = (name: string): string => `model ${name} {\n  id Int @id\n}\n`;
const whole = postgres + model("A");

/** Id, config and files of each schema, relative to the root. */
function found(contents: Readonly<Record<string, string>>): readonly (readonly [id: string, config: string | undefined, files: readonly string[]])[] {
  const relative = (path: string): string => path.slice(root.length + 1);
  return workspace(contents).session.discover().map((entry) => [entry.id, entry.config && relative(entry.config), entry.files.map(relative)] as const);
}

describe("finding Prisma's schemas", () => {
  it("a file by itself", () => {
    assert.deepEqual(found({ "prisma/schema.prisma": whole, "src/x.ts": "" }), [["prisma/schema.prisma", undefined, ["prisma/schema.prisma"]]]);
  });

  it("none", () => {
    assert.deepEqual(found({ "src/x.ts": "", "package.json": "{}" }), []);
  });

  it("a folder, its files below a datasource's own", () => {
    assert.deepEqual(found({ "prisma/schema.prisma": postgres, "prisma/models/user.prisma": model("User"), "prisma/post.prisma": model("Post") }), [
      ["prisma", undefined, ["prisma/models/user.prisma", "prisma/post.prisma", "prisma/schema.prisma"]],
    ]);
  });

  it("a folder whose datasource stands in a folder beside the models", () => {
    assert.deepEqual(found({ "package.json": "{}", "schema/base/main.prisma": postgres, "schema/models/user.prisma": model("User") }), [
      ["schema", undefined, ["schema/base/main.prisma", "schema/models/user.prisma"]],
    ]);
  });

  it("a stray file in the package's folder is no part of prisma/schema.prisma", () => {
    for (const extra of [{}, { "package.json": "{}" }] as Readonly<Record<string, string>>[])
      assert.deepEqual(found({ "old.prisma": model("Old"), "prisma/schema.prisma": whole, "prisma/more.prisma": model("More"), ...extra }).map(([id]) => id), ["old.prisma", "prisma"]);
    assert.deepEqual(found({ "package.json": "{}", "models/user.prisma": model("User"), "db/schema.prisma": whole }).map(([id]) => id), ["db/schema.prisma", "models/user.prisma"]);
  });

  it("says of a file that cannot be read where it stands in the project, wherever that is", () => {
    const { session, files } = workspace({ "prisma/schema.prisma": whole });
    const [entry] = session.discover();
    const { problems } = session.read({ ...entry!, files: [...entry!.files, `${files.root}/prisma/gone.prisma`] });
    assert.deepEqual(problems.map(({ message }) => message), ["prisma/gone.prisma cannot be read"]);
  });

  it("two datasources side by side are two schemas", () => {
    const ids = found({ "prisma/mysql.prisma": whole.replace("postgresql", "mysql"), "prisma/postgres.prisma": whole }).map(([id]) => id);
    assert.deepEqual(ids, ["prisma/mysql.prisma", "prisma/postgres.prisma"]);
  });

  it("packages of one repository keep their own", () => {
    const ids = found({ "packages/a/package.json": "{}", "packages/a/prisma/schema.prisma": whole, "packages/b/package.json": "{}", "packages/b/part.prisma": model("B") }).map(([id]) => id);
    assert.deepEqual(ids, ["packages/a/prisma/schema.prisma", "packages/b/part.prisma"]);
  });

  it("the copy that a generator wrote is none", () => {
    const generator = 'generator client {\n  provider = "prisma-client-js"\n  output = "../src/generated"\n}\n';
    assert.deepEqual(found({ "prisma/schema.prisma": generator + whole, "src/generated/schema.prisma": generator + whole }).map(([id]) => id), ["prisma/schema.prisma"]);
  });

  it("as package.json says", () => {
    assert.deepEqual(found({ "package.json": '{ "prisma": { "schema": "./db/main.prisma" } }', "db/main.prisma": whole, "db/unused.prisma": model("B") }), [["db/main.prisma", "package.json", ["db/main.prisma"]]]);
    assert.deepEqual(found({ "package.json": '{ "prisma": { "schema": "db" } }', "db/main.prisma": postgres, "db/a/b.prisma": model("B") }), [["db", "package.json", ["db/a/b.prisma", "db/main.prisma"]]]);
  });

  it("as prisma.config.ts says", () => {
    const config = 'import { defineConfig } from "prisma/config";\nexport default defineConfig({ schema: "db", migrations: { path: "x" } });\n';
    assert.deepEqual(found({ "prisma.config.ts": config, "db/main.prisma": postgres, "db/b.prisma": model("B") }), [["db", "prisma.config.ts", ["db/b.prisma", "db/main.prisma"]]]);
    assert.deepEqual(found({ ".config/prisma.ts": config.replace('"db"', '"../db"'), "db/main.prisma": whole }), [["db", ".config/prisma.ts", ["db/main.prisma"]]]);
  });

  it("by content where a config computes the path, which is reported", () => {
    const config = "export default { schema: process.env.SCHEMA };\n";
    const space = workspace({ "prisma.config.ts": config, "prisma/schema.prisma": whole });
    const [entry] = space.session.discover();
    assert.equal(entry!.config, `${root}/prisma.config.ts`);
    const [problem] = space.session.read(entry!).problems;
    assert.deepEqual([problem!.kind, problem!.at!.file, config.slice(problem!.at!.start, problem!.at!.end).trim()], ["unreadable", `${root}/prisma.config.ts`, "process.env.SCHEMA"]);
  });

  it("the named paths", () => {
    const { session } = workspace({ "prisma/schema.prisma": postgres, "prisma/user.prisma": model("User"), "other/mysql.prisma": whole, "other/postgres.prisma": whole });
    const ids = (...paths: readonly string[]): readonly string[] => session.entriesFor!(paths.map((path) => `${root}/${path}`)).map((entry) => `${entry.id}: ${entry.files.length}`);
    assert.deepEqual(ids("prisma"), ["prisma: 2"]);
    assert.deepEqual(ids("prisma/schema.prisma", "prisma/user.prisma"), ["prisma: 2"]);
    assert.deepEqual(ids("prisma/*.prisma"), ["prisma: 2"]);
    assert.deepEqual(ids("prisma/user.prisma"), ["prisma: 2"], "a part is read with the rest of its schema");
    assert.deepEqual(ids("other"), ["other/mysql.prisma: 1", "other/postgres.prisma: 1"]);
    assert.deepEqual(ids("src/schema.ts"), []);
    assert.deepEqual(session.entryFor([`${root}/other/mysql.prisma`])?.id, "other/mysql.prisma");
  });

  it("a reading says what it depends on", () => {
    const space = workspace({ "package.json": '{ "dependencies": { "@prisma/client": "6.0.0" } }', "prisma.config.ts": 'export default { schema: "prisma/schema.prisma" }', "prisma/schema.prisma": whole });
    const [entry] = space.session.discover();
    assert.deepEqual([...space.session.read(entry!).dependsOn].sort(), [`${root}/package.json`, `${root}/prisma.config.ts`, `${root}/prisma/schema.prisma`]);
  });
});

describe("the schema's path in prisma.config", () => {
  const path = (text: string): string | undefined => {
    const said = schemaOfConfig("/w/app/prisma.config.ts", text);
    return said.kind === "path" ? said.path : said.kind;
  };
  const paths: Readonly<Record<string, string>> = {
    'export default defineConfig({ schema: "prisma/schema.prisma" })': "/w/app/prisma/schema.prisma",
    "export default defineConfig({\n  // schema: 'old',\n  earlyAccess: true,\n  schema: './a', // here\n})": "/w/app/a",
    'import path from "node:path";\nexport default { schema: path.join("prisma", "schema") } satisfies PrismaConfig': "/w/app/prisma/schema",
    'export default { schema: path.join(__dirname, "..", "db", "schema.prisma") }': "/w/db/schema.prisma",
    'export default { schema: resolve(import.meta.dirname, "db") }': "/w/app/db",
    'const schema = `db/x.prisma`;\nexport default defineConfig({ schema })': "/w/app/db/x.prisma",
    'const where = "db";\nexport default defineConfig<unknown>({ "schema": where + "/x.prisma" })': "/w/app/db/x.prisma",
    'const config: PrismaConfig = { migrations: { schema: "no" }, schema: "yes" };\nexport default config;': "/w/app/yes",
    'module.exports = { schema: "/absolute/schema.prisma" }': "/absolute/schema.prisma",
    "export default defineConfig({ datasource: { url: env('X') } })": "none",
    "export default defineConfig({ schema: process.env.X ?? 'a' })": "unreadable",
    "export default defineConfig({ schema: `${dir}/a` })": "unreadable",
    "": "none",
  };
  for (const [text, expected] of Object.entries(paths)) it(JSON.stringify(text).slice(1, -1), () => assert.equal(path(text), expected));
});
