// The licences of the packages whose code is in the bundles, as one text; read from node_modules, nothing is guessed:
// a package without a licence text is an error. What a package carries as WebAssembly has its text in licenses/.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** Packages that carry the code of others inside their own files: esbuild sees the carrier alone. */
const carriedBy = { "@ts-morph/common": ["typescript"] };

/** Packages that carry a program compiled from C: what it holds, each with a text in licenses/. */
const compiledInto = { "@electric-sql/pglite": ["postgresql"], "@electric-sql/pglite-pgvector": ["pgvector"], "libpg-query": ["libpg_query", "postgresql", "protobuf-c"] };

/** `outputs`: esbuild's metafile outputs, whose `inputs` name the files that ended up in a bundle. */
export function thirdPartyLicenses(root, outputs) {
  const texts = bundledPackages(outputs).map((name) => {
    const folder = path.join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const carrier = Object.keys(carriedBy).find((one) => carriedBy[one].includes(name));
    return `${name} ${carrier ? `inside ${carrier}` : version} (${license})\n\n${licenseTexts(folder, name)}`;
  });
  for (const [carrier, programs] of Object.entries(compiledInto)) {
    for (const name of programs) texts.push(`${name} inside ${carrier}\n\n${readFileSync(new URL(`licenses/${name}.txt`, import.meta.url), "utf8").trim()}`);
  }
  return ["Plumbline contains code of the packages below, under their licences.", ...texts].join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

/** Names of the packages with code in `outputs`, sorted. */
export function bundledPackages(outputs) {
  const names = new Set();
  for (const { inputs } of outputs) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
      if (name === undefined || bytesInOutput === 0) continue;
      names.add(name);
      for (const carried of carriedBy[name] ?? []) names.add(carried);
    }
  }
  return [...names].sort();
}

function licenseTexts(folder, name) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying|third.?party.?notice)/i.test(file)).sort();
  if (files.length === 0) return licenseSection(folder, name);
  return files.map((file) => readFileSync(path.join(folder, file), "utf8").trim()).join("\n\n");
}

/** Some packages keep their licence as the last section of the README. */
function licenseSection(folder, name) {
  const readme = readFileSync(path.join(folder, "README.md"), "utf8");
  const section = /^#+ *licen[cs]e\b[^\n]*\n([^]*?)(?=^#|(?![^]))/im.exec(readme)?.[1].trim();
  if (!section || !/permission is hereby granted/i.test(section)) throw new Error(`${name} has no licence text`);
  return section;
}
