// Bundles the extension, the language server and the terminal with esbuild into dist/. ts-morph (and the TypeScript
// inside it) and the embedded PostgreSQL become files of their own, loaded when they are needed; it checks no types.
import { build, context } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import typescript from "typescript";
import { embedPostgres } from "./embedded.mjs";
import { thirdPartyLicenses } from "./licenses.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** Output name -> entry. All three doors need Node alone; only the extension may import `vscode`. */
const entries = {
  extension: "client/src/extension.ts",
  server: "server/src/server-main.ts",
  cli: "server/src/cli-main.ts",
  terminal: "server/src/cli.ts",
  migrate: "server/src/migrate-main.ts",
  embedded: "server/src/databases/embedded/host.ts",
};

/** What a webview loads, a script and a style sheet each. */
const pages = { diagram: "client/src/diagram/page/page" };

/**
 * Builds dist/ (or `outdir`, absolute). `production`: minified, without source maps, with the licences of what is
 * bundled. `only`: names of the entries that are wanted. Returns esbuild's metafiles merged: which file went into which bundle, in bytes.
 */
export async function bundle({ production = false, outdir = path.join(root, "dist"), logLevel = "warning", only } = {}) {
  const present = Object.fromEntries(Object.entries(entries).filter(([name, file]) => existsSync(path.join(root, file)) && (only?.includes(name) ?? true)));
  if (production) {
    const absent = Object.values(entries).filter((file) => !Object.values(present).includes(file));
    if (absent.length > 0) throw new Error(`no such entry: ${absent.join(", ")}`);
    rmSync(outdir, { recursive: true, force: true });
  }
  mkdirSync(outdir, { recursive: true });
  const results = await Promise.all(builds(present, { production, outdir, logLevel }).map((options) => build(options)));
  const inputs = Object.assign({}, ...results.map((result) => result.metafile.inputs));
  const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
  embedPostgres(outdir);
  // libpg-query looks for it beside the bundle, when the first SQL is parsed.
  copyFileSync(path.join(root, "node_modules/libpg-query/wasm/libpg-query.wasm"), path.join(outdir, "libpg-query.wasm"));
  if (present.migrate) writeFileSync(path.join(outdir, "migrate.d.ts"), publishedTypes(present.migrate));
  if (production) writeFileSync(path.join(outdir, "third-party-licenses.txt"), thirdPartyLicenses(root, Object.values(outputs)));
  return { inputs, outputs };
}

/** The declarations of what an application imports; the file must import no type that they mention. */
function publishedTypes(entry) {
  const { outputText, diagnostics } = typescript.transpileDeclaration(readFileSync(path.join(root, entry), "utf8"), { fileName: entry, reportDiagnostics: true, compilerOptions: { isolatedDeclarations: true, declaration: true } });
  const [problem] = diagnostics ?? [];
  if (problem) throw new Error(`${entry}: ${typescript.flattenDiagnosticMessageText(problem.messageText, " ")}`);
  if (/^import /m.test(outputText)) throw new Error(`${entry}: its published types mention those of another file`);
  return outputText;
}

function builds(present, { production, outdir, logLevel }) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outdir,
    minify: production,
    sourcemap: !production,
    legalComments: "none",
    metafile: true,
    logLevel,
  };
  return [
    // PGlite's CommonJS build: the other one asks import.meta where it lies.
    { ...common, entryPoints: present, external: ["vscode"], plugins: [tsMorphApart, pgOnNode], alias: { "@electric-sql/pglite": path.join(root, "node_modules/@electric-sql/pglite/dist/index.cjs") } },
    { ...common, entryPoints: Object.entries(pages).flatMap(([name, file]) => [{ in: `${file}.ts`, out: name }, { in: `${file}.css`, out: name }]), platform: "browser", format: "iife", target: "chrome128", sourcemap: false },
    // Without a source map: it would take 20 MB, and nobody debugs TypeScript from here. TypeScript asks for
    // source-map-support only when it debugs itself, and goes on without.
    { ...common, entryPoints: { "ts-morph": "ts-morph" }, external: ["source-map-support"], minify: true, sourcemap: false },
  ];
}

/** `require("ts-morph")` loads the file beside the bundle. */
export const tsMorphApart = {
  name: "ts-morph-apart",
  setup(build) {
    build.onResolve({ filter: /^ts-morph$/ }, () => ({ path: "./ts-morph.js", external: true }));
  },
};

/** pg asks whether it runs on Cloudflare by making a `Response`, for which Node loads its whole HTTP client: 50 ms of CPU each start. */
const pgOnNode = {
  name: "pg-on-node",
  setup(build) {
    const contents = `module.exports = { getStream: () => new (require("net").Socket)(), getSecureStream: (options) => require("tls").connect(options) };`;
    build.onLoad({ filter: /[\\/]node_modules[\\/]pg[\\/]lib[\\/]stream\.js$/ }, () => ({ contents, loader: "js" }));
  },
};

async function watch() {
  const outdir = path.join(root, "dist");
  for (const options of builds(entries, { production: false, outdir, logLevel: "info" })) await (await context(options)).watch();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--watch")) await watch();
  else await bundle({ production: process.argv.includes("--production"), logLevel: "info" });
}
