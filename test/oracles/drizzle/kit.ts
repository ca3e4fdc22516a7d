// drizzle-kit 0.31 as judge: the SQL that it writes for a schema, which it runs.
import { createRequire } from "node:module";
import ts from "typescript";

const require = createRequire(__filename);
const kit = require("drizzle-kit/api") as { generateDrizzleJson(exported: object, previous?: string, schemas?: readonly string[], casing?: string): Promise<object>; generateMigration(from: object, to: object): Promise<string[]> };

/** Statements that make the schema of `files` (by name, beside each other) in an empty PostgreSQL database. */
export async function drizzleSql(files: Readonly<Record<string, string>>, casing?: "snake_case" | "camelCase"): Promise<readonly string[]> {
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
  return kit.generateMigration(await kit.generateDrizzleJson({}), await kit.generateDrizzleJson(exported, undefined, undefined, casing));
}
