// Writes server/docs/: one page a rule from the rule's own declaration, and a table of all.
//   node server/build/docs.mjs            writes them, and removes pages of rules that are gone
//   node server/build/docs.mjs --check    exits 1 where a committed page is not current
import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../docs");
const generated = "<!-- Generated from the rule's file by server/build/docs.mjs: do not edit. -->";

/** All pages, as path (relative to server/docs, with `/`) and text. */
export async function pages() {
  const { rules, engineFindings, escapeMarkdown } = await load();
  const found = new Map();
  for (const [id, rule] of rules) found.set(`${id}.md`, page(id, rule, escapeMarkdown));
  for (const [id, { summary, severity }] of engineFindings) found.set(`${id}.md`, page(id, { summary, severity, ...engineTexts[id] }, escapeMarkdown));
  found.set("README.md", overview([...rules, ...engineFindings], escapeMarkdown));
  return found;
}

/** What Plumbline itself reports has no rule file; its pages' texts stand here. */
const engineTexts = {
  "source/unreadable": {
    why: `Plumbline reads schemas without running them, because opening a repository must not run its code. A table that is made in a loop over unknown values, or
an index that a function of a published package builds, cannot be read that way. The table is then marked incomplete, and the rules that argue from
absence ("no index …") are silent there. Write that part plainly, or accept that it is not judged and turn this off.
A conflict marker of Git is an error, as long as nothing else is configured here.`,
    bad: { drizzle: `import { pgTable, serial } from "drizzle-orm/pg-core";
import { auditIndexes } from "some-published-package";

export const orders = pgTable("orders", { id: serial("id").primaryKey() }, (table) => auditIndexes(table));
` },
  },
  "suppression/unused": {
    why: `A comment that silences nothing hides the next finding of its rule in that place. It is left over when the code was mended, when the rule's id is
misspelt (the nearest id is named), or when it stands on the wrong line. Delete it.`,
    bad: { prisma: `model Client {
  // plumbline-disable-next-line fk/unindexed -- no longer true
  id Int @id
}
` },
  },
};

function page(id, rule, escape) {
  const severity = rule.severity === "off" ? "off: turn it on in the configuration" : rule.severity;
  const sections = [generated, `# ${id}`, escape(rule.summary), `Default severity: **${severity}**`, rule.why];
  if (hasExample(rule.bad)) sections.push("## Reported", ...example(rule.bad));
  if (hasExample(rule.good)) sections.push("## Not reported", ...example(rule.good));
  sections.push("## Configuring it", `In \`plumbline.config.json\`, or under \`plumbline.rules\` in the settings of VS Code:`, fence("json", `{\n  "rules": {\n    "${id}": ${configured(rule)}\n  }\n}\n`),
    "A severity is `error`, `warning`, `information`, `hint` or `off`.");
  if (rule.options) {
    const rows = Object.entries(rule.options).map(([name, option]) => `| \`${name}\` | ${option.type.replace("[]", " list")} | \`${JSON.stringify(option.default)}\` | ${escape(option.description)} |`);
    sections.push(["| option | type | default | |", "|---|---|---|---|", ...rows].join("\n"));
  }
  const inSql = rule.bad?.migrations !== undefined;
  sections.push("## Silencing one place", fence(inSql ? "sql" : "ts", `${inSql ? "--" : "//"} plumbline-disable-next-line ${id} -- why it does not apply here\n`),
    `${inSql ? "In a schema it begins with \`//\`." : "The same comment works in Prisma; in SQL it begins with \`--\`."} \`plumbline-disable-file\` silences a whole file.`);
  return `${sections.join("\n\n")}\n`;
}

function configured(rule) {
  const severity = rule.severity === "off" ? "warning" : rule.severity === "warning" ? "error" : "warning";
  if (!rule.options) return `"${severity}"`;
  return JSON.stringify({ severity, ...Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default])) });
}

const hasExample = (example) => example?.drizzle !== undefined || example?.prisma !== undefined || example?.sql !== undefined || example?.migrations !== undefined;

function example({ drizzle, prisma, sql, migrations, options }) {
  return [
    ...Object.entries(migrations ?? {}).map(([file, text]) => `\`${file}\`:\n\n${fence(languageOf(file), text)}`),
    drizzle && `Drizzle:\n\n${fence("ts", drizzle)}`,
    prisma && `Prisma:\n\n${fence("prisma", prisma)}`,
    sql && `In the database${options ? `, with the options \`${JSON.stringify(options)}\`` : ""}:\n\n${fence("sql", sql)}`,
  ].filter(Boolean);
}

const languageOf = (file) => ({ sql: "sql", json: "json", prisma: "prisma", toml: "toml" })[file.slice(file.lastIndexOf(".") + 1)] ?? "ts";

const fence = (language, text) => `\`\`\`${language}\n${text.replace(/\n*$/, "\n")}\`\`\``;

function overview(all, escape) {
  const rows = all.map(([id, rule]) => `| [${id}](${id}.md) | ${rule.severity} | ${escape(rule.summary)} |`).sort();
  return `${generated}\n\n# Rules\n\n| rule | severity | reports |\n|---|---|---|\n${rows.join("\n")}\n`;
}

/** The rules are TypeScript: bundled in memory, then imported. */
async function load() {
  const contents = `export { rules } from "./rules/registry"; export { engineFindings } from "./config"; export { escapeMarkdown } from "./report/markdown";`;
  const result = await build({ stdin: { contents, resolveDir: join(here, "../src"), loader: "ts" }, bundle: true, write: false, format: "esm", platform: "node", logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}

function committed(directory = folder) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = await pages();
  const stale = [...wanted].filter(([path, text]) => !existsSync(join(folder, path)) || readFileSync(join(folder, path), "utf8") !== text);
  const gone = committed().filter((path) => !wanted.has(path));
  if (process.argv.includes("--check")) {
    for (const path of [...stale.map(([path]) => path), ...gone]) console.error(`server/docs/${path} is not current: run node server/build/docs.mjs`);
    if (stale.length + gone.length > 0) process.exit(1);
  } else {
    for (const path of gone) rmSync(join(folder, path));
    for (const [path, text] of stale) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
}
