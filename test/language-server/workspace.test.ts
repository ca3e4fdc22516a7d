import assert from "node:assert/strict";
import { build } from "esbuild";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { DidChangeConfigurationNotification, DidChangeWorkspaceFoldersNotification, FileChangeType } from "vscode-languageserver/node";
import { bundles, folderWith, plainEditor, rulesOf, visualStudioCode, withEditor } from "./editor";
import { drizzleShop, prismaShop } from "./schemas";

const schema = "prisma/schema.prisma";
const files = { [schema]: prismaShop };
const covered = prismaShop.replace('  @@map("orders")', '  @@index([clientId])\n  @@map("orders")');

describe("files", () => {
  it("are watched: schemas, what they import, configurations", () => withEditor(files, {}, async (editor) => {
    const registered = await editor.until("the registration", () => editor.registrations.find(({ method }) => method === "workspace/didChangeWatchedFiles"), (one) => one !== undefined);
    const patterns = (registered!.registerOptions as { watchers: { globPattern: string }[] }).watchers.map(({ globPattern }) => globPattern).join(" ");
    for (const part of ["prisma", "ts", "package.json", "plumbline.config.json"]) assert.ok(patterns.includes(part), patterns);
  }));

  it("that change, come and go on disk are followed, and the client is asked to look again", () => withEditor(files, {}, async (editor) => {
    const uncovered = (wanted: number) => editor.until(`${wanted} uncovered`, () => editor.status()?.uncovered, (found) => found === wanted);
    await uncovered(2);
    const before = editor.refreshes.diagnostics;
    editor.write(schema, covered);
    await uncovered(1);
    await editor.until("a refresh", () => editor.refreshes.diagnostics, (count) => count > before);
    editor.write("second/schema.prisma", prismaShop);
    await uncovered(3);
    editor.write("second/schema.prisma", "");
    await uncovered(1);
  }));

  it("in a migration's folder that is made are looked for, should nothing be told of them", () => withEditor({ ...files, "prisma/migrations/20260101000000_a/migration.sql": "CREATE TABLE a (id int);\n" }, {}, async (editor) => {
    const [name, file] = ["prisma/migrations/20260102000000_b", "prisma/migrations/20260102000000_b/migration.sql"];
    assert.deepEqual(await editor.pull(file), []);
    mkdirSync(path.join(editor.folder, name));
    writeFileSync(path.join(editor.folder, file), "CREATE INDEX a_id ON a (id);\n");
    void editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: editor.uri(name), type: FileChangeType.Created }] });
    await editor.until("its findings", () => editor.pull(file), (found) => rulesOf(found).includes("migration/index-not-concurrent"));
  }));

  it("that are open count as the editor has them, until they are closed", () => withEditor(files, {}, async (editor) => {
    editor.open(schema);
    await editor.until("findings", () => editor.pull(schema), (items) => items.length > 0);
    editor.write(schema, covered);
    const open = await editor.pull(schema);
    assert.equal(rulesOf(open).filter((rule) => rule === "fk/unindexed").length, 2);
    editor.close(schema);
    await editor.until("the disk's text", () => editor.status()?.uncovered, (found) => found === 1);
  }));

  it("outside every folder are checked where they stand", async () => {
    const folder = folderWith(files);
    await withEditor(folder, { folders: [], capabilities: plainEditor }, async (editor) => {
      editor.open(schema);
      await editor.until("pushed findings", () => editor.published.get(editor.uri(schema)), (found) => (found?.diagnostics.length ?? 0) > 0);
    });
  });

  it("of a name with blanks, umlauts and signs keep their URIs", () => withEditor({ "prisma größe #1 (a+b)/schema.prisma": prismaShop }, {}, async (editor) => {
    const name = "prisma größe #1 (a+b)/schema.prisma";
    editor.open(name);
    const found = await editor.until("findings", () => editor.pull(name), (items) => items.length > 0);
    assert.equal(found.find(({ code }) => code === "fk/unindexed")!.relatedInformation![0]!.location.uri, editor.uri(name));
  }));
});

describe("folders", () => {
  it("are several: each with its own settings, added and removed as they come", async () => {
    const [first, second] = [folderWith(files), folderWith({ ...files, "plumbline.config.json": '{ "rules": { "fk/*": "off" } }' })];
    await withEditor(first, { folders: [first, second] }, async (editor) => {
      await editor.until("both schemas", () => editor.status()?.schemas, (found) => found === 2);
      assert.equal(editor.status()!.uncovered, 2);
      const third = folderWith(files);
      const asFolder = (folder: string) => ({ uri: pathToFileURL(folder).href, name: path.basename(folder) });
      void editor.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added: [asFolder(third)], removed: [] } });
      await editor.until("the third", () => editor.status()?.uncovered, (found) => found === 4);
      void editor.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added: [], removed: [asFolder(first)] } });
      await editor.until("the first gone", () => editor.status()?.uncovered, (found) => found === 2);
    });
  });

  it("inside a folder that have a configuration of their own follow it", () => withEditor({ ...files, "packages/db/prisma/schema.prisma": prismaShop, "packages/db/plumbline.config.json": '{ "rules": { "fk/unindexed": "error" } }' }, {}, async (editor) => {
    const inner = "packages/db/prisma/schema.prisma";
    for (const name of [schema, inner]) editor.open(name);
    const severity = async (name: string) => (await editor.until("findings", () => editor.pull(name), (items) => items.length > 0)).filter(({ code }) => code === "fk/unindexed").map((one) => one.severity);
    assert.deepEqual(await severity(schema), [2, 2]);
    assert.deepEqual(await severity(inner), [1, 1]);
  }));
});

describe("settings", () => {
  it("of the editor count, and those of plumbline.config.json before them", () => withEditor(files, { settings: { rules: { "fk/unindexed": "error" } } }, async (editor) => {
    editor.open(schema);
    const severities = async (wanted: number) => editor.until(`severity ${wanted}`, async () => (await editor.pull(schema)).find(({ code }) => code === "fk/unindexed")?.severity, (found) => found === wanted);
    await severities(1);
    editor.settings = { rules: { "fk/unindexed": "hint" } };
    void editor.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await severities(4);
    editor.write("plumbline.config.json", '{ "rules": { "fk/unindexed": "information" } }');
    await severities(3);
    editor.write("plumbline.config.json", "");
    await severities(4);
  }));

  it("of a client that is never asked come with the initialization", () => withEditor(files, { capabilities: plainEditor, settings: { rules: { "fk/unindexed": "off" } } }, async (editor) => {
    editor.open(schema);
    await editor.until("a status", () => editor.status(), (status) => status?.schemas === 1);
    assert.equal(editor.status()!.uncovered, 0);
  }));

  it("with a mistake are reported in the file, and the rest counts", () => withEditor({ ...files, "plumbline.config.json": '{\n  "rules": { "fk/unindexd": "error", "fk/unindexed": "error" }\n}\n' }, {}, async (editor) => {
    editor.open("plumbline.config.json", "json");
    const [problem] = await editor.until("the mistake", () => editor.pull("plumbline.config.json"), (items) => items.length > 0);
    assert.match(String(problem!.message), /fk\/unindexd.*did you mean.*fk\/unindexed/i);
    assert.equal(problem!.range.start.line, 1);
    assert.equal((await editor.pull(schema)).find(({ code }) => code === "fk/unindexed")!.severity, 1);
    editor.replace("plumbline.config.json", "unindexd", "soft-unindexed");
    assert.deepEqual(await editor.pull("plumbline.config.json"), []);
  }));
});

describe("the server", () => {
  it("contains a crash in a rule and in a parser, logs each once with the file, and goes on", async () => {
    const outfile = path.join(await bundles(), "crashing-server.js");
    await build({ entryPoints: [path.join(__dirname, "crashing-server.ts")], outfile, bundle: true, platform: "node", format: "cjs", external: ["ts-morph"], logLevel: "silent" });
    await withEditor(files, { bundle: [outfile, "--stdio"] }, async (editor) => {
      editor.open(schema);
      const found = await editor.until("the other rules' findings", () => editor.pull(schema), (items) => items.length > 0);
      assert.equal(rulesOf(found).filter((rule) => rule === "fk/unindexed").length, 2);
      for (let edit = 0; edit < 3; edit++) {
        editor.replace(schema, "model Order {", "model Order { ");
        await editor.pull(schema);
      }
      const logged = (text: string) => editor.log.filter((line) => line.includes(text));
      assert.equal(logged("the rule broke").length, 1, editor.log.join("\n"));
      assert.ok(logged("the rule broke")[0]!.includes(`${editor.folder}/${schema}`));
      assert.equal(logged("the parser broke").length, 1);
    });
  });

  it("loads TypeScript for a Drizzle schema, and never without one", async () => {
    const hook = path.join(folderWith({}), "hook.cjs");
    writeFileSync(hook, 'const { Module } = require("node:module"); const load = Module._load; Module._load = function (name) { if (/ts-morph/.test(name)) console.error("LOADED", name); return load.apply(this, arguments); };');
    const loads = async (some: Readonly<Record<string, string>>, name: string): Promise<boolean> => {
      let log: readonly string[] = [];
      await withEditor(some, { nodeArguments: ["--require", hook] }, async (editor) => {
        editor.open(name);
        await editor.pull(name);
        log = editor.log;
      });
      return log.some((line) => line.includes("LOADED"));
    };
    assert.equal(await loads({ "src/index.ts": 'import { eq } from "other";\nexport const one = 1;\n', "package.json": "{}" }, "src/index.ts"), false);
    assert.equal(await loads(files, schema), false);
    assert.equal(await loads({ "src/schema.ts": drizzleShop }, "src/schema.ts"), true);
  });

  it("answers what it does not know with nothing, and ends with 0", () => withEditor(files, { capabilities: visualStudioCode }, async (editor) => {
    editor.open("untitled.ts", "typescript", "const a = 1;\n");
    assert.deepEqual(await editor.pull("untitled.ts"), []);
    assert.deepEqual(await editor.actions("untitled.ts", { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }), []);
    const gone = await editor.connection.sendRequest("textDocument/hover", { textDocument: { uri: "git:/no/such/file" }, position: { line: 3, character: 3 } });
    assert.equal(gone, null);
    assert.equal(await editor.stop(), 0);
  }));
});
