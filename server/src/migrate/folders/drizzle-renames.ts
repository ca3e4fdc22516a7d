// The renames that a migration's own statements make, as entities of drizzle-kit 1.0: from two schemas alone they cannot be
// told from something dropped and something else made.
import { keyOf, renamed, text, type Entities, type Entity } from "./drizzle-entities";

export interface Rename {
  readonly from: Entity;
  readonly to: Entity;
}

interface Found {
  readonly types: readonly string[];
  readonly schema: string;
  /** The table of a column or a constraint. */
  readonly table?: string;
  readonly from: string;
  readonly to: string;
}

/** In the order of the statements, with `before` as it is once they are made. Only what is gone under the old name in `after` and there under the new one counts: a type or an index that steps aside for a moment is not renamed. */
export function renamesOf(before: Entities, after: Entities, statements: readonly string[]): { readonly renames: readonly Rename[]; readonly entities: Entities } {
  const renames: Rename[] = [];
  let entities = before;
  for (const found of statements.flatMap(renameIn)) {
    const from = [...entities.values()].find((one) => found.types.includes(one.entityType) && text(one, "schema") === found.schema && text(one, "name") === found.from && (found.table === undefined || text(one, "table") === found.table));
    if (!from || after.has(keyOf(from))) continue;
    const to: Entity = { ...from, name: found.to };
    if (entities.has(keyOf(to)) || !after.has(keyOf(to))) continue;
    renames.push({ from, to });
    entities = renamed(entities, from, to);
  }
  return { renames, entities };
}

const identifier = `(?:"(?:[^"]|"")+"|\\w+)`;
const pattern = new RegExp(`^\\s*(?:--[^\\n]*\\n\\s*)*alter\\s+(table|index|type)\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(?:(${identifier})\\.)?(${identifier})\\s+rename\\s+(?:(column|constraint)\\s+)?(?:(${identifier})\\s+)?to\\s+(${identifier})\\s*;?\\s*$`, "i");

const ofPolicy = new RegExp(`^\\s*(?:--[^\\n]*\\n\\s*)*alter\\s+policy\\s+(${identifier})\\s+on\\s+(?:(${identifier})\\.)?(${identifier})\\s+rename\\s+to\\s+(${identifier})\\s*;?\\s*$`, "i");

function renameIn(statement: string): readonly Found[] {
  const [, policy, home = "public", owner, renamedTo] = ofPolicy.exec(statement) ?? [];
  if (policy !== undefined && owner !== undefined && renamedTo !== undefined) return [{ types: ["policies"], schema: plain(home), table: plain(owner), from: plain(policy), to: plain(renamedTo) }];
  const [, kind, schema = "public", of, part, from, to] = pattern.exec(statement) ?? [];
  if (kind === undefined || of === undefined || to === undefined) return [];
  const names = { schema: plain(schema), from: plain(from ?? of), to: plain(to) };
  if (from !== undefined) return kind.toLowerCase() === "table" ? [{ ...names, table: plain(of), types: part?.toLowerCase() === "constraint" ? ["pks", "uniques", "checks", "fks"] : ["columns"] }] : [];
  return [{ ...names, types: [({ table: "tables", index: "indexes", type: "enums" } as const)[kind.toLowerCase() as "table" | "index" | "type"]] }];
}

function plain(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
