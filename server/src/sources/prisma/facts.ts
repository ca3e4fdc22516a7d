// What the datasource says about the whole schema: dialect, relation mode; and the Prisma version, which decides how join tables are made.
import type { DialectName, Problem } from "../../model/schema";
import type { Files } from "../source";
import type { SchemaFacts } from "./declaration";
import { blockOf, type ParsedFile } from "./parsed-file";
import { rangeIn } from "./place";
import type { Block, Value } from "./syntax";

const dialects: Readonly<Record<string, DialectName>> = {
  postgresql: "postgresql", postgres: "postgresql", cockroachdb: "cockroachdb", mysql: "mysql", sqlite: "sqlite", sqlserver: "sqlserver", mongodb: "mongodb",
};

/** Facts of the schema that consists of these files. Without a datasource it is taken for PostgreSQL's, where Prisma's own default types and names are known best. */
export function factsOf(parsed: readonly ParsedFile[], prismaMajor: number | undefined): { readonly facts: SchemaFacts; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let dialect: DialectName = "postgresql";
  let mode: string | undefined;
  let multiSchema = false;
  const extensions: string[] = [];
  for (const item of parsed.flatMap(({ items }) => items.filter((one) => one.kind === "datasource"))) {
    const block = blockOf(item)!;
    const provider = setting(block, "provider");
    const value = provider?.kind === "list" ? provider.items[0] : provider;
    const known = value?.kind === "string" ? dialects[value.text] : undefined;
    if (known) dialect = known;
    else if (value) problems.push({ message: "The provider is none that Prisma knows, or no plain string: the schema is read as PostgreSQL's", at: rangeIn(item.place, value.start, value.end), kind: "unreadable" });
    const relationMode = setting(block, "relationMode") ?? setting(block, "referentialIntegrity");
    if (relationMode?.kind === "string") mode = relationMode.text;
    if (setting(block, "schemas")) multiSchema = true;
    extensions.push(...extensionsIn(setting(block, "extensions")));
  }
  const joinTableKey = dialect === "postgresql" && (prismaMajor ?? 6) >= 6 ? "primary key" : "unique index";
  return { facts: { dialect, enforced: mode !== "prisma" && dialect !== "mongodb", joinTableKey, multiSchema, extensions }, problems };
}

/** `[pgcrypto, uuid_ossp(map: "uuid-ossp", schema: "auth")]` */
function extensionsIn(value: Value | undefined): readonly string[] {
  return (value?.kind === "list" ? value.items : []).flatMap((item) => {
    if (item.kind === "name") return [item.text];
    if (item.kind !== "call") return [];
    const map = item.arguments.find((argument) => argument.name === "map");
    return [map?.kind === "string" ? map.text : item.text];
  });
}

function setting(block: Block, name: string) {
  return block.settings.find((one) => one.name.text === name)?.value;
}

/** Major version of Prisma in the nearest package.json that names it, upwards from the folder of `file`, with the files looked at. */
export function prismaMajorFor(file: string, files: Files): { readonly major: number | undefined; readonly dependsOn: readonly string[] } {
  const dependsOn: string[] = [];
  for (let folder = parentOf(file); folder.length >= files.root.length && folder !== ""; folder = parentOf(folder)) {
    const path = `${folder}/package.json`;
    const text = files.read(path);
    if (text === undefined) continue;
    dependsOn.push(path);
    const found = /"(?:@prisma\/client|prisma)"\s*:\s*"[\^~>=v ]*(\d+)/.exec(text);
    if (found) return { major: Number(found[1]), dependsOn };
  }
  return { major: undefined, dependsOn };
}

/** The folder of a path, with `/`. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
