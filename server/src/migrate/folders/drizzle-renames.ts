// The renames that a migration's own statements make, as entities of drizzle-kit 1.0: from two schemas alone they cannot be
// told from something dropped and something else made.
import { keyOf, renamed, text, type Entities, type Entity } from "./drizzle-entities";

export interface Rename {
  readonly from: Entity;
  readonly to: Entity;
}

/** A rename in a statement's own words; in another schema, another name, or both. */
export interface FoundRename {
  readonly types: readonly string[];
  /** Empty of a schema and a role. */
  readonly schema: string;
  /** The table of a column or a constraint. */
  readonly table?: string;
  readonly from: string;
  readonly to: string;
  readonly toSchema: string;
}

/** In the order of the statements, with `before` as it is once they are made. Only what is gone under the old name in `after` and there under the new one counts: a type or an index that steps aside for a moment is not renamed. */
export function renamesOf(before: Entities, after: Entities, statements: readonly string[]): { readonly renames: readonly Rename[]; readonly entities: Entities } {
  const renames: Rename[] = [];
  let entities = before;
  for (const found of renamesIn(statements)) {
    const from = [...entities.values()].find((one) => found.types.includes(one.entityType) && text(one, "schema") === found.schema && text(one, "name") === found.from && (found.table === undefined || text(one, "table") === found.table));
    if (!from || after.has(keyOf(from))) continue;
    const to: Entity = { ...from, name: found.to, ...(from["schema"] !== undefined && { schema: found.toSchema }) };
    if (entities.has(keyOf(to)) || !after.has(keyOf(to))) continue;
    renames.push({ from, to });
    entities = renamed(entities, from, to);
  }
  return { renames, entities };
}

/** What the rename says of an entity: its name, and its schema where that is another one. */
export function newNameOf({ from, to }: Rename): { readonly name?: unknown; readonly schema?: unknown } {
  return Object.fromEntries(["name", "schema"].flatMap((field) => (from[field] === to[field] ? [] : [[field, to[field]]])));
}

/** Those of the statements, in order; two in a row that lead to another schema and another name are one. */
export function renamesIn(statements: readonly string[]): readonly FoundRename[] {
  const found: FoundRename[] = [];
  for (const one of statements.flatMap(renameIn)) {
    const last = found.at(-1);
    const goesOn = last?.table === undefined && one.table === undefined && last?.types[0] === one.types[0] && last?.to === one.from && last.toSchema === one.schema && (last.schema === last.toSchema) !== (one.schema === one.toSchema);
    if (goesOn) found.splice(-1, 1, { ...last!, to: one.to, toSchema: one.toSchema });
    else found.push(one);
  }
  return found;
}

const identifier = `(?:"(?:[^"]|"")+"|\\w+)`;
const pattern = new RegExp(`^\\s*(?:--[^\\n]*\\n\\s*)*alter\\s+(table|index|type|sequence|schema|view|materialized\\s+view)\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(?:(${identifier})\\.)?(${identifier})\\s+(?:set\\s+schema\\s+(${identifier})|rename\\s+(?:(column|constraint)\\s+)?(?:(${identifier})\\s+)?to\\s+(${identifier}))\\s*;?\\s*$`, "i");
const ofPolicy = new RegExp(`^\\s*(?:--[^\\n]*\\n\\s*)*alter\\s+policy\\s+(${identifier})\\s+on\\s+(?:(${identifier})\\.)?(${identifier})\\s+rename\\s+to\\s+(${identifier})\\s*;?\\s*$`, "i");
// By way of a block that asks whether it was renamed already.
const ofRole = new RegExp(`\\balter\\s+role\\s+(${identifier})\\s+rename\\s+to\\s+(${identifier})\\s*;`, "i");
const entityTypes: Readonly<Record<string, readonly string[]>> = { table: ["tables"], index: ["indexes"], type: ["enums"], sequence: ["sequences"], schema: ["schemas"], view: ["views"], "materialized view": ["views"] };

function renameIn(statement: string): readonly FoundRename[] {
  const [, policy, home = "public", owner, renamedTo] = ofPolicy.exec(statement) ?? [];
  if (policy !== undefined && owner !== undefined && renamedTo !== undefined) return [{ types: ["policies"], schema: plain(home), toSchema: plain(home), table: plain(owner), from: plain(policy), to: plain(renamedTo) }];
  const [, role, roleTo] = ofRole.exec(statement) ?? [];
  if (role !== undefined && roleTo !== undefined) return [{ types: ["roles"], schema: "", toSchema: "", from: plain(role), to: plain(roleTo) }];
  const [, word, given, of, toSchema, part, from, to] = pattern.exec(statement) ?? [];
  const kind = word?.toLowerCase().replace(/\s+/, " ");
  if (kind === undefined || of === undefined) return [];
  const schema = kind === "schema" ? "" : plain(given ?? "public");
  if (toSchema !== undefined) return [{ types: entityTypes[kind]!, schema, from: plain(of), to: plain(of), toSchema: plain(toSchema) }];
  const names = { schema, toSchema: schema, from: plain(from ?? of), to: plain(to!) };
  if (from !== undefined) return kind === "table" ? [{ ...names, table: plain(of), types: part?.toLowerCase() === "constraint" ? ["pks", "uniques", "checks", "fks"] : ["columns"] }] : [];
  return [{ ...names, types: entityTypes[kind]! }];
}

function plain(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
