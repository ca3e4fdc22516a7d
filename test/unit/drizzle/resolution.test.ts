// Where imports lead, and which files a config names.
import assert from "node:assert/strict";
import { keysOf, readFiles, tableOf, workspace } from "./memory-files";

const users = `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const users = pgTable("users", { id: uuid().primaryKey() });`;
const posts = (specifier: string): string => `import { pgTable, uuid } from "drizzle-orm/pg-core"; import { users } from "${specifier}"; export const posts = pgTable("posts", { u: uuid().references(() => users.id) });`;

function resolves(specifier: string, others: Readonly<Record<string, string>>): void {
  const reading = readFiles({ "app/src/posts.ts": posts(specifier), ...others }, "app/src/posts.ts");
  assert.deepEqual([keysOf(tableOf(reading, "posts")), reading.problems], [["u -> users(id)"], []]);
}

describe("Drizzle: imports", () => {
  it("follows relative paths, whatever extension they name", () => {
    resolves("./users", { "app/src/users.ts": users });
    resolves("./users.js", { "app/src/users.ts": users });
    resolves("../db", { "app/db/index.ts": `export * from "./all";`, "app/db/all.mts": `export { users } from "./u.mjs";`, "app/db/u.mts": users });
    resolves("./ns", { "app/src/ns.ts": `import * as a from "./users"; const { users } = a; export { users };`, "app/src/users.tsx": users });
  });
  it("follows tsconfig paths, baseUrl, extends with comments, and references", () => {
    resolves("@/db/users", { "app/tsconfig.json": `{ // aliases\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, }, }`, "app/src/db/users.ts": users });
    resolves("db/users", { "app/tsconfig.json": `{ "extends": "../tsconfig.base.json" }`, "tsconfig.base.json": `{ "compilerOptions": { "baseUrl": "./app/src" } }`, "app/src/db/users.ts": users });
    resolves("~users", { "tsconfig.json": `{ "extends": ["./a.json"] }`, "a.json": `{ "compilerOptions": { "baseUrl": ".", "paths": { "~users": ["app/lib/u.ts"] } } }`, "app/lib/u.ts": users });
    resolves("@/u", { "app/tsconfig.json": `{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }`, "app/tsconfig.app.json": `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`, "app/src/u.ts": users });
    resolves("@/u", { "app/tsconfig.json": `{ "extends": "@acme/ts/base.json", "compilerOptions": { "baseUrl": "." } }`, "package.json": `{ "workspaces": ["tools/*"] }`, "tools/ts/package.json": `{ "name": "@acme/ts" }`, "tools/ts/base.json": `{ "compilerOptions": { "paths": { "@/*": ["../../app/src/*"] } } }`, "app/src/u.ts": users });
  });
  it("finds packages of the workspace in their source, also where they name built files", () => {
    const npm = { "package.json": `{ "workspaces": { "packages": ["packages/*", "app"] } }` };
    resolves("@acme/db", { ...npm, "packages/db/package.json": `{ "name": "@acme/db", "main": "dist/index.js" }`, "packages/db/src/index.ts": users });
    resolves("@acme/db/users", { ...npm, "packages/db/package.json": `{ "name": "@acme/db", "exports": { "./*": { "types": "./dist/*.d.ts", "import": "./dist/*.js" } } }`, "packages/db/src/users.ts": users });
    resolves("@acme/db/schema", { "pnpm-workspace.yaml": `packages:\n  - "app" # here\n  - 'packages/**'\n\ncatalog:\n  x: 1\n`, "packages/deep/db/package.json": `{ "name": "@acme/db", "exports": { ".": "./index.ts", "./schema": "./schema/users.ts" } }`, "packages/deep/db/schema/users.ts": users });
    resolves("#db/users", { "app/package.json": `{ "imports": { "#db/*": "./src/*.ts" } }`, "app/src/users.ts": users });
    resolves("self/users", { "app/package.json": `{ "name": "self", "exports": { "./users": "./src/users.ts" } }`, "app/src/users.ts": users });
  });
  it("does not read a package of the same name outside the workspace, nor node_modules", () => {
    const reading = readFiles({
      "package.json": `{ "workspaces": ["packages/*"] }`, "app/src/posts.ts": posts("db"),
      "packages/db/package.json": `{ "name": "db" }`, "packages/db/index.ts": users,
      "templates/db/package.json": `{ "name": "db" }`, "templates/db/index.ts": users.replace("users\"", "stub\""),
      "node_modules/db/index.ts": users.replace("users\"", "installed\""),
    }, "app/src/posts.ts");
    assert.deepEqual(keysOf(tableOf(reading, "posts")), ["u -> users(id)"]);
  });
  it("reports a target that is not part of the project", () => {
    const reading = readFiles({ "posts.ts": posts("published") }, "posts.ts");
    assert.equal(tableOf(reading, "posts").complete, false);
    assert.match(reading.problems[0]!.message, /"u" references cannot be read.*published/);
  });
});

describe("Drizzle: the version", () => {
  const version = (asked: string, installed?: string, source = users): number =>
    tableOf(readFiles({ "app/schema.ts": source, "app/package.json": JSON.stringify({ dependencies: { "drizzle-orm": asked } }), ...(installed && { "node_modules/drizzle-orm/package.json": JSON.stringify({ version: installed }) }) }, "app/schema.ts"), "users").ormVersion ?? 0;

  it("is what package.json asks for, else what is installed", () => {
    assert.deepEqual([version("^0.45.4"), version("^1.0.0-rc.5"), version("npm:drizzle-orm@1.0.0"), version("beta"), version("^0.45.4", "1.0.0")], [0, 1, 1, 1, 0]);
    assert.deepEqual([version("catalog:", "1.0.0-rc.5"), version("catalog:", "0.45.4"), version("workspace:*", "1.2.0"), version("latest")], [1, 0, 1, 0]);
  });
  it("says whether a config's casing counts: until 1.0.0-beta.21, by what is installed before what is asked for", () => {
    const named = (asked: string, installed?: string, casing = `"snake_case"`): string => {
      const reading = readFiles({
        "drizzle.config.ts": `import { unreadable } from "elsewhere"; export default { dialect: "postgresql", schema: "./schema.ts", casing: ${casing} };`,
        "schema.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const users = pgTable("users", { userId: uuid() });`,
        "package.json": JSON.stringify({ dependencies: { "drizzle-orm": asked } }), ...(installed && { "node_modules/drizzle-orm/package.json": JSON.stringify({ version: installed }) }),
      });
      return [...tableOf(reading, "users").columns.map(({ name }) => name), ...reading.problems.map(() => "a problem")].join();
    };
    assert.deepEqual([named("^0.45.4"), named("1.0.0-beta.15-859cf75"), named("1.0.0-beta.21"), named("beta", "1.0.0-beta.2")], ["user_id", "user_id", "user_id", "user_id"]);
    assert.deepEqual([named("1.0.0-beta.22-325d54d"), named("^1.0.0-rc.5"), named("1.0.0"), named("rc"), named("^1.0.0-beta.15", "1.0.0-rc.5"), named("catalog:", "1.1.0")], ["userId", "userId", "userId", "userId", "userId", "userId"]);
    // Hoisted, and another project's.
    assert.deepEqual([named("^1.0.0-rc.5", "0.45.4"), named("^0.45.4", "1.0.0-rc.5")], ["userId", "user_id"]);
    assert.deepEqual([named("^1.0.0-rc.5", undefined, "unreadable"), named("^0.45.4", undefined, "unreadable")], ["userId", "userId,a problem"]);
  });
  it("is 1 where a table is declared as only 1.0 can", () => {
    assert.equal(version("latest", undefined, `import { snakeCase, uuid } from "drizzle-orm/pg-core"; export const users = snakeCase.table("users", { id: uuid().primaryKey() });`), 1);
  });
});

describe("Drizzle: configs", () => {
  const entries = (config: string, path = "drizzle.config.ts", others: Readonly<Record<string, string>> = {}) =>
    workspace({ [path]: config, "src/schema/users.ts": users, "src/schema/posts.ts": posts("./users"), "src/schema/deep/x.ts": users, "src/schema/a.test.ts": users, ...others }).session.discover();
  const filesOf = (config: string, path?: string): readonly string[] => entries(config, path)[0]?.files.map((file) => file.replace("/w/src/schema/", "")) ?? [];

  it("reads a folder as its direct files, globs with extglob, lists and single files", () => {
    assert.deepEqual(filesOf(`export default { schema: "./src/schema" };`), ["a.test.ts", "posts.ts", "users.ts"]);
    assert.deepEqual(filesOf(`export default { schema: "./src/schema/**/!(*.test).ts" };`), ["deep/x.ts", "posts.ts", "users.ts"]);
    assert.deepEqual(filesOf(`export default { schema: ["./src/schema/users.ts", "src/schema/posts.ts"] };`), ["users.ts", "posts.ts"]);
    assert.deepEqual(filesOf(`export default { schema: "./dist/schema/users.js" };`), ["users.ts"]);
  });
  it("evaluates paths, conditions and later assignments", () => {
    assert.deepEqual(filesOf(`import path from "node:path"; export default { schema: path.join(__dirname, "src/schema/users.ts") };`), ["users.ts"]);
    assert.deepEqual(filesOf(`import { fileURLToPath } from "url"; import { relative } from "path"; export default { schema: relative(process.cwd(), fileURLToPath(new URL("./src/schema/users.ts", import.meta.url))) };`), ["users.ts"]);
    assert.deepEqual(filesOf(`export default { schema: ["users", "posts"].map((name) => \`./src/schema/\${name}.ts\`) };`), ["users.ts", "posts.ts"]);
    assert.deepEqual(filesOf(`const config = { dialect: "postgresql" } as Config; if (process.env.OTHER) { config.schema = "./none.ts"; } else { config.schema = "./src/schema/users.ts"; } export default config;`), ["users.ts"]);
    assert.deepEqual(filesOf(`import { defineConfig } from "drizzle-kit"; export default await (async () => defineConfig({ schema: process.env.S ?? "./src/schema/users.ts" }))();`), ["users.ts"]);
    assert.deepEqual(filesOf(`module.exports = { schema: "./src/schema/users.ts" };`, "drizzle.config.js"), ["users.ts"]);
    assert.deepEqual(filesOf(`import type { Config } from "drizzle-kit"; export default { schema: "./src/schema/users.ts" } satisfies Config;`, "configs/pg.config.ts"), ["users.ts"]);
  });
  it("gives dialect, casing and a stable id, once for each set of files", () => {
    const found = entries(`export default { dialect: "turso", casing: "snake_case", schema: "./src/schema/users.ts" };`, "drizzle.config.ts", { "drizzle-dev.config.ts": `export default { dialect: "turso", casing: "snake_case", schema: "./src/schema/users.ts" };`, "drizzle-two.config.ts": `export default { dialect: "turso", schema: "./src/schema/p*.ts", casing: "SNAKE" };` });
    assert.deepEqual(found.map((entry) => [entry.id, entry.dialect, entry.casing]), [["src/schema/users.ts", "sqlite", "snake_case"], ["src/schema/posts.ts", "sqlite", undefined]]);
  });
  it("reports a config whose schema cannot be read, and one that leads nowhere", () => {
    for (const schema of [`process.env.SCHEMA`, `"./nowhere.ts"`]) {
      const { session } = workspace({ "drizzle.config.ts": `import "drizzle-kit"; export default { out: "x", schema: ${schema} };` });
      const [entry] = session.discover();
      assert.equal(session.read(entry!).problems.length, 1, schema);
    }
  });
  it("takes a part of a schema, named by itself, as its config says, behind a barrel too", () => {
    for (const schema of ["./src/index.ts", "./src/a.ts", "./src"]) {
      const { session } = workspace({
        "drizzle.config.ts": `export default { dialect: "postgresql", casing: "snake_case", schema: "${schema}" };`,
        "src/index.ts": `export * from "./a";`, "src/a.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const a = pgTable("a", { theId: uuid() });`,
        "apart.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const b = pgTable("b", { theId: uuid() });`,
      });
      const namesIn = (file: string) => session.read(session.entryFor([`/w/${file}`])!).model.tables.map(({ columns }) => columns[0]!.name);
      assert.deepEqual([namesIn("src/a.ts"), namesIn("apart.ts")], [["the_id"], ["theId"]], schema);
    }
  });
  it("leaves a config that pulls out of the account", () => {
    const { session } = workspace({ "drizzle.config.ts": `import { defineConfig } from "drizzle-kit"; export default defineConfig({ dialect: "postgresql", out: "./pulled" });`, "users.ts": users });
    assert.deepEqual(session.discover().map((entry) => [entry.id, entry.config]), [["users.ts", undefined]]);
  });
  it("finds schemas by content where there is no config", () => {
    const { session } = workspace({ "a/package.json": "{}", "a/users.ts": users, "a/posts.ts": posts("./users"), "a/users.test.ts": users, "b/package.json": "{}", "b/lite.ts": users.replaceAll("pg", "sqlite"), "b/query.ts": `import { eq } from "drizzle-orm";` });
    assert.deepEqual(session.discover().map((entry) => [entry.id, entry.files.length]), [["a", 2], ["b/lite.ts", 1]]);
  });
});
