// drizzle-kit 0.31 as judge: the snapshot that it takes of a schema, which it runs, and the SQL that it writes.
import { createRequire } from "node:module";
import ts from "typescript";

const require = createRequire(__filename);
const kit = require("drizzle-kit/api") as { generateDrizzleJson(exported: object, previous?: string, schemas?: readonly string[], casing?: string): Promise<object>; generateMigration(from: object, to: object): Promise<string[]> };

type Casing = "snake_case" | "camelCase";

/** Statements that make the schema of `files` (by name, beside each other) in an empty PostgreSQL database. */
export async function drizzleSql(files: Readonly<Record<string, string>>, casing?: Casing): Promise<readonly string[]> {
  return drizzleChanges(await kit.generateDrizzleJson({}), await drizzleSnapshot(files, casing));
}

/** Its snapshot of the schema of `files`, with an id of its own and no parent. */
export function drizzleSnapshot(files: Readonly<Record<string, string>>, casing?: Casing): Promise<object> {
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (name: string): Record<string, unknown> => {
    const known = loaded.get(name);
    if (known) return known;
    const exported: Record<string, unknown> = {};
    loaded.set(name, exported);
    const { outputText } = ts.transpileModule(files[`${name}.ts`]!, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
    new Function("require", "exports", outputText)((path: string) => (path.startsWith("./") ? load(path.slice(2)) : require(path)), exported);
    return exported;
  };
  const exported = Object.assign({}, ...Object.keys(files).map((name) => load(name.replace(/\.ts$/, "")))) as object;
  return kit.generateDrizzleJson(exported, undefined, undefined, casing);
}

/** The statements that lead from one snapshot to the other: none where `drizzle-kit generate` would find nothing to do. Asks on the terminal where something may have been renamed. */
export function drizzleChanges(from: object, to: object): Promise<readonly string[]> {
  return kit.generateMigration(from, to);
}
