// `plumbline check` as a process: exit codes, what goes to which output, and messages that say what to do.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bundled, plumbline, project, put } from "./plumbline";

const uncovered = `datasource db {
  provider = "postgresql"
}

model Client {
  id     String  @id @db.Uuid
  orders Order[]
}

model Order {
  id       String @id @db.Uuid
  clientId String @db.Uuid
  client   Client @relation(fields: [clientId], references: [id])
}
`;
const clean = uncovered.replace("  client   Client", "  client   Client").replace("references: [id])\n}", "references: [id])\n\n  @@index([clientId])\n}");

describe("plumbline check", function () {
  this.timeout(60_000);
  before(bundled);

  it("finds schemas by itself, prints findings to standard output and the rest to standard error", async () => {
    const { code, stdout, stderr } = await plumbline(["check"], { cwd: project({ "prisma/schema.prisma": uncovered }) });
    assert.equal(code, 1);
    assert.match(stdout, /^warning fk\/unindexed {2}prisma\/schema\.prisma:13:19\n/);
    assert.match(stdout, / {2}13 │ {3}client {3}Client @relation\(fields: \[clientId\], references: \[id\]\)\n {5}│ {19}\^{47}\n/);
    assert.doesNotMatch(stdout, /Found|\u001b/);
    assert.match(stderr, /^Found 1 warning \(2 tables, 1 foreign key, 1 schema\)\.\n1 finding can be fixed/);
  });

  it("is silent on standard output where nothing is wrong", async () => {
    const { code, stdout, stderr } = await plumbline(["check"], { cwd: project({ "schema.prisma": clean }) });
    assert.deepEqual([code, stdout, stderr], [0, "", "Nothing found (2 tables, 1 foreign key, 1 schema).\n"]);
  });

  it("a conflict marker of Git is an error, unless the configuration says otherwise", async () => {
    const merged = { "schema.prisma": `${clean}<<<<<<< HEAD\n=======\n>>>>>>> other\n`, "plumbline.config.json": "{}" };
    const { code, stdout } = await plumbline(["check", "--fail-on", "error"], { cwd: project(merged) });
    assert.deepEqual([code, stdout.match(/^error source\/unreadable/gm)?.length], [1, 3], stdout);
    assert.equal((await plumbline(["check"], { cwd: project({ ...merged, "plumbline.config.json": '{ "rules": { "source/unreadable": "information" } }' }) })).code, 0);
  });

  const codes: readonly (readonly [string, number])[] = [["hint", 1], ["information", 1], ["warning", 1], ["error", 0], ["never", 0]];
  for (const [level, expected] of codes) {
    it(`gives ${expected} for a warning with --fail-on ${level}`, async () => {
      assert.equal((await plumbline(["check", "--fail-on", level], { cwd: project({ "schema.prisma": uncovered }) })).code, expected);
    });
  }

  it("takes a severity from the configuration, the nearest one upwards", async () => {
    const root = project({
      ".git/HEAD": "", "plumbline.config.json": `{ "rules": { "fk/unindexed": "off" } }`,
      "a/plumbline.config.json": `{ "rules": { "fk/*": "error" } }`, "a/schema.prisma": uncovered, "b/schema.prisma": uncovered,
    });
    assert.match((await plumbline(["check", "a/schema.prisma", "--fail-on", "error"], { cwd: root })).stdout, /^error fk\/unindexed/);
    assert.equal((await plumbline(["check", "b"], { cwd: root })).stdout, "");
    assert.equal((await plumbline(["check"], { cwd: join(root, "b") })).stdout, "");
    assert.match((await plumbline(["check", "--cwd", root, "--config", "a/plumbline.config.json", "b"], { cwd: "/" })).stdout, /^error fk\/unindexed {2}b\/schema\.prisma/);
  });

  it("takes for each schema the configuration that stands nearest to it", async () => {
    const root = project({
      ".git/HEAD": "", "plumbline.config.json": `{ "rules": { "fk/unindexed": "hint" } }`,
      "packages/a/plumbline.config.json": `{ "rules": { "fk/unindexed": "error" } }`, "packages/a/db/schema.prisma": uncovered, "packages/b/schema.prisma": uncovered,
    });
    const { stdout } = await plumbline(["check"], { cwd: root });
    assert.deepEqual([...stdout.matchAll(/^(\w+) fk\/unindexed {2}([\w/.]+)/gm)].map(([, severity, file]) => `${severity} ${file}`), ["error packages/a/db/schema.prisma", "hint packages/b/schema.prisma"]);
    put(root, "packages/a/plumbline.config.json", `{ "rules": { "fk/unindexd": "error" } }`);
    const broken = await plumbline(["check"], { cwd: root });
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /packages\/a\/plumbline\.config\.json:1:14: unknown rule/);
  });

  it("reads the schemas that the configuration names, relative to it, and leaves out what it excludes", async () => {
    const root = project({ "db/plumbline.config.json": `{ "schemas": ["one.prisma"] }`, "db/one.prisma": uncovered, "db/two.prisma": uncovered });
    assert.match((await plumbline(["check"], { cwd: join(root, "db") })).stdout, /^warning fk\/unindexed {2}one\.prisma/);
    const excluded = project({ "plumbline.config.json": `{ "exclude": ["old/**"] }`, "old/schema.prisma": uncovered, "new/schema.prisma": clean });
    assert.deepEqual([(await plumbline(["check"], { cwd: excluded })).stdout], [""]);
  });

  it("checks the rest where a schema's file cannot be read, says so, and does not pass", async () => {
    const latin1 = Buffer.concat([Buffer.from("// caf"), Buffer.from([0xe9, 0x0a])]);
    const prisma = await plumbline(["check"], { cwd: project({ "a/schema.prisma": clean, "b/schema.prisma": latin1 }) });
    assert.equal(prisma.code, 2);
    assert.match(prisma.stderr, /error: Cannot read b\/schema\.prisma: it is not UTF-8 text\. It was not checked\.\n$/);
    const table = `import { pgTable, uuid } from "drizzle-orm/pg-core";\nimport { owners } from "./owners";\nexport const dogs = pgTable("dogs", { id: uuid().primaryKey(), ownerId: uuid().references(() => owners.id) });\n`;
    const drizzle = await plumbline(["check", "schema.ts"], { cwd: project({ "schema.ts": table, "owners.ts": latin1 }) });
    assert.equal(drizzle.code, 2);
    assert.match(drizzle.stderr, /error: Cannot read owners\.ts: it is not UTF-8 text/);
  });

  it("takes a glob that the shell did not expand", async () => {
    const { stdout } = await plumbline(["check", "db/*.prisma"], { cwd: project({ "db/a.prisma": uncovered }) });
    assert.match(stdout, /db\/a\.prisma:13:19/);
  });

  it("stops quietly when its reader goes away", async () => {
    const script = `${JSON.stringify(process.execPath)} ${JSON.stringify(await bundled())} check --format json | head -c 1`;
    assert.equal(execFileSync("/bin/sh", ["-c", script], { cwd: project({ "schema.prisma": uncovered }), encoding: "utf8" }), "{");
  });

  it("writes colour on a terminal alone, and none with NO_COLOR", async function () {
    if (process.platform !== "linux") return;
    const root = project({ "schema.prisma": uncovered });
    const onTerminal = async (env: Readonly<Record<string, string>>): Promise<string> => {
      const command = `${process.execPath} ${await bundled()} check`;
      try {
        return execFileSync("script", ["-qec", command, "/dev/null"], { cwd: root, env: { ...process.env, TERM: "xterm", ...env }, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      } catch (error) {
        return (error as { readonly stdout: string }).stdout;
      }
    };
    assert.match(await onTerminal({ NO_COLOR: "" }), /\u001b\[33m/);
    assert.doesNotMatch(await onTerminal({ NO_COLOR: "1" }), /\u001b/);
  });

  describe("says what is wrong and what to do, with exit code 2, when it cannot run:", () => {
    const root = project({
      "prisma/schema.prisma": uncovered, "README.md": "no schema", "docs/readme.txt": "",
      "latin1.prisma": Buffer.concat([Buffer.from(uncovered), Buffer.from([0xe9])]),
      "bad.json": `{\n  // the team's choice\n  "rules": {\n    "fk/unindxed": "error",\n    "fk/unindexed": "warn"\n  }\n}\n`,
      "broken.json": `{ "rules": `,
      "old-baseline.json": `{ "version": 9 }`,
    });
    symlinkSync("nowhere", join(root, "dangling.prisma"));
    mkdirSync(join(root, "empty"));
    const cases: readonly (readonly [name: string, args: readonly string[], message: RegExp])[] = [
      ["a missing path", ["check", "prisma/schma.prisma"], /^error: There is no file or folder prisma\/schma\.prisma; did you mean "schema\.prisma"\? \(looked from \/.*\)\.\n$/],
      ["a dangling link", ["check", "dangling.prisma"], /There is no file or folder dangling\.prisma/],
      ["a glob without a match", ["check", "src/**/*.prisma"], /No file matches src\/\*\*\/\*\.prisma/],
      ["an unreadable file", ["check", "latin1.prisma"], /Cannot read latin1\.prisma: it is not UTF-8 text\./],
      ["a file that is no schema", ["check", "README.md"], /No Drizzle table and no Prisma model was found in README\.md\.\nName a schema's file/],
      ["a folder without a schema", ["check", "docs"], /No Drizzle table and no Prisma model was found in docs/],
      ["a workspace without a schema", ["check", "--cwd", "empty"], /No Drizzle and no Prisma schema was found under .*empty\.\nName one/],
      ["a missing folder", ["check", "--cwd", "nope"], /There is no folder .*nope/],
      ["a missing config", ["check", "--config", "bda.json"], /There is no config file bda\.json; did you mean "bad\.json"\?/],
      ["mistakes in the config", ["check", "--config", "bad.json"], /has 2 mistakes:\n {2}bad\.json:4:5: unknown rule "fk\/unindxed"; did you mean "fk\/unindexed"\?\n {2}bad\.json:5:21: the severity of "fk\/unindexed" must be "off", "error", "warning", "information" or "hint"; found "warn"; did you mean "warning"\?\nNothing was checked/],
      ["a config that is no JSON", ["check", "--config", "broken.json"], /broken\.json:1:\d+: not valid JSON: expected/],
      ["a schema that is not there", ["check", "prisma/schema.prisma", "--schema", "prisma/schema.prism"], /There is no schema "prisma\/schema\.prism"; did you mean "prisma\/schema\.prisma"\?\nThe schemas here: /],
      ["an unknown format", ["check", "--format", "jsn"], /Expected pretty, json, .* did you mean "json"\?/],
      ["an unknown severity", ["check", "--fail-on", "warn"], /Expected hint, information, warning, error or never; did you mean "warning"\?/],
      ["an unknown option", ["check", "--formt", "json"], /unknown option '--formt'\n\(Did you mean --format\?\)/],
      ["an unknown command", ["chek"], /unknown command 'chek'\n\(Did you mean check\?\)/],
      ["no command", [], /Usage: plumbline/],
      ["an unknown rule to explain", ["explain", "fk/unindex"], /There is no rule "fk\/unindex"; did you mean "fk\/unindexed"\?/],
      ["a baseline of another version", ["check", "--baseline", "old-baseline.json"], /The baseline old-baseline\.json cannot be used: .*Write it anew/],
      ["an update without a baseline", ["check", "--update-baseline"], /--update-baseline needs a file/],
    ];
    for (const [name, args, message] of cases) {
      it(name, async () => {
        const { code, stdout, stderr } = await plumbline(args, { cwd: root });
        assert.match(stderr, message);
        assert.deepEqual([code, stdout], [2, ""]);
      });
    }
  });

  it("prints its version and its help", async () => {
    const version = await plumbline(["--version"], { cwd: "/" });
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    for (const args of [["--help"], ["help", "check"], ["check", "--help"], ["fix", "--help"], ["lsp", "--help"]]) {
      const help = await plumbline(args, { cwd: "/" });
      assert.deepEqual([help.code, help.stderr], [0, ""]);
      assert.match(help.stdout, /^Usage: plumbline/);
    }
  });

  it("lists the rules and explains one", async () => {
    assert.match((await plumbline(["rules"], { cwd: "/" })).stdout, /^fk\/unindexed +warning +\S/m);
    const listed = JSON.parse((await plumbline(["rules", "--format", "json"], { cwd: "/" })).stdout) as { readonly rules: readonly { readonly id: string }[] };
    assert.ok(listed.rules.some(({ id }) => id === "suppression/unused"));
    const explained = (await plumbline(["explain", "fk/unindexed"], { cwd: "/" })).stdout;
    assert.match(explained, /Bad, Drizzle[^]*Good, Prisma[^]*plumbline-disable-next-line fk\/unindexed/);
  });
});
