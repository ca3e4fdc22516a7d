// Keys, unique constraints and checks that stand under another name than the code gives them: comparing forgives that, and an owner
// that looks at names (Prisma, drizzle-kit) does not.
import { sameCheck } from "../../compare/compare";
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import type { Change } from "../../model/change";
import type { ForeignKey, Index, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { asIndex } from "./names";
import type { RecordedConstraint } from "./owners-record";
import { label } from "./renames";

export interface ConstraintRenames {
  readonly changes: readonly NameChange[];
  /** Those that cannot be, since another constraint or index of the table has the name and keeps it. */
  readonly taken: readonly NameChange[];
}

type NameChange = Extract<Change, { readonly kind: "rename-index" | "rename-constraint" }>;

/** Why it is not made: a full sentence. */
export function nameTaken(change: NameChange): string {
  const table = label(change.table);
  return `The ${change.kind === "rename-index" ? "index" : "constraint"} ${nameOf(change)} of ${table} is to be called ${change.to}, and something else of ${table} has that name. Give one of them another name.`;
}

/** Of the keys that `changes` leave standing. `recorded`: what the owner knows by name; where it is given, what it calls as the code does, or knows nothing of, keeps its name. */
export function constraintRenames(before: SchemaModel, after: SchemaModel, changes: readonly Change[], recorded?: readonly RecordedConstraint[]): ConstraintRenames {
  const [standing, wanted] = [before, after].map(({ tables }) => new Map(tables.map((table) => [tableKey(table.name), table])));
  const touched = new Set(changes.flatMap((change) => ("table" in change && "name" in change.table ? [JSON.stringify([tableKey(change.table as QualifiedName), nameOf(change)])] : [])));
  const nameIn = (model: SchemaModel, tables: typeof standing) => (key: ForeignKey, table: Table): string | undefined => {
    const name = foreignKeyNameOf(key, table, model.source, "postgresql", tables!.get(tableKey(key.references.table)));
    return name === undefined ? undefined : storedName(name, "postgresql");
  };
  const [had, gets] = [nameIn(before, standing), nameIn(after, wanted)];
  const found = before.tables.map((table): ConstraintRenames => {
    const other = wanted!.get(tableKey(table.name));
    if (!other || !table.complete || !other.complete) return { changes: [], taken: [] };
    // An index whose new name is compared gives up the one that it has.
    const freed = new Set(changes.flatMap((change) => (change.kind === "rename-index" && tableKey(change.table) === tableKey(table.name) ? [change.index.name] : [])));
    const names = new Set([table.primaryKey?.name, ...[...table.uniques, ...table.checks, ...table.indexes].map(({ name }) => name), ...table.foreignKeys.map((key) => had(key, table))]);
    const differs = (from: string | undefined, to: string | undefined): boolean => from !== undefined && to !== undefined && from !== to && !touched.has(JSON.stringify([tableKey(table.name), from]));
    const renamed = (from: string | undefined, to: string | undefined): readonly NameChange[] => (differs(from, to) ? [{ kind: "rename-constraint", table: table.name, from: from!, to: to! }] : []);
    const [key, wantedKey] = [table.primaryKey, other.primaryKey];
    const keys = other.foreignKeys.filter(({ enforced }) => enforced);
    const ownNames = recorded && new Set(recorded.flatMap((one) => (tableKey(one.table) === tableKey(table.name) ? [one.name] : [])));
    const isAsked = (change: NameChange): boolean => !ownNames || (change.kind === "rename-constraint" && ownNames.has(change.from) && !ownNames.has(change.to));
    return withoutTaken([
      ...(key && wantedKey && key.columns.join("\0") === wantedKey.columns.join("\0") ? renamed(primaryKeyNameOf(key, table, before.source), primaryKeyNameOf(wantedKey, other, after.source)) : []),
      ...table.foreignKeys.filter(({ enforced }) => enforced).flatMap((one) => {
        const same = keys.filter((each) => shape(each) === shape(one));
        const [first] = same;
        return first && !same.some((each) => gets(each, other) === had(one, table)) ? renamed(had(one, table), gets(first, other)) : [];
      }),
      // One without a name in the code has the owner's own, which comparing does not ask for.
      ...other.indexes.filter(({ name }) => name === undefined).flatMap((wanted): readonly NameChange[] => {
        const to = storedName(indexNameOf(wanted, other, after.source), "postgresql");
        const [index, another] = table.indexes.filter((one) => form(one) === form(wanted));
        const alone = another === undefined && other.indexes.filter((one) => form(one) === form(wanted)).length === 1;
        return index && alone && differs(index.name, to) ? [{ kind: "rename-index", table: table.name, index, to }] : [];
      }),
      // Prisma makes unique indexes. In a database they stand among the others.
      ...other.uniques.flatMap((unique): readonly NameChange[] => {
        const to = storedName(uniqueNameOf(unique, other, after.source), "postgresql");
        const over = [...table.uniques.map((one) => asIndex({ ...one, name: uniqueNameOf(one, table, before.source) })), ...table.indexes].filter((one) => one.name !== table.primaryKey?.name && isUniqueOver(one, unique.columns));
        const [index] = over;
        if (!index || over.some(({ name }) => name === to) || !differs(index.name, to)) return [];
        return index.constraint === undefined && !table.uniques.some(({ name }) => name === index.name) ? [{ kind: "rename-index", table: table.name, index, to }] : renamed(index.name, to);
      }),
      ...table.checks.flatMap((check) => {
        const alike = other.checks.filter((one) => sameCheck(check, one, table, before.dialect));
        const free = alike.filter(({ name }) => !table.checks.some((one) => one.name === name));
        return alike.some(({ name }) => name === check.name) || free.length !== 1 ? [] : renamed(check.name, storedName(checkNameOf(free[0]!, other), "postgresql"));
      }),
    ].filter(isAsked), new Set([...names].flatMap((name) => (name === undefined || freed.has(name) ? [] : [name]))));
  });
  return { changes: found.flatMap((one) => one.changes), taken: found.flatMap((one) => one.taken) };
}

/** A name that another one gives up is free. `names`: all of the table's. */
function withoutTaken(renames: readonly NameChange[], names: ReadonlySet<string>): ConstraintRenames {
  let possible = renames;
  for (;;) {
    const left = new Set(possible.flatMap((change) => nameOf(change) ?? []));
    const next = possible.filter(({ to }) => !names.has(to) || left.has(to));
    if (next.length === possible.length) return { changes: possible, taken: renames.filter((change) => !possible.includes(change)) };
    possible = next;
  }
}

/** Of what stands. */
function nameOf(change: Change): string | undefined {
  switch (change.kind) {
    case "drop-foreign-key": return change.foreignKey.name;
    case "drop-primary-key": return change.primaryKey.name;
    case "drop-unique": return change.unique.name;
    case "drop-check": return change.check.name;
    case "drop-index":
    case "rename-index": return change.index.name;
    case "alter-index": return change.from.name;
    case "rename-constraint": return change.from;
    default: return undefined;
  }
}

function form({ method, unique, keys, where }: Index): string {
  return JSON.stringify([method, unique, keys.map(({ column, expression, order }) => [column, expression?.sql, order]), where !== undefined]);
}

function isUniqueOver({ unique, method, keys, where }: Index, columns: readonly string[]): boolean {
  return unique && method === "btree" && !where && keys.length === columns.length && keys.every(({ column }, at) => column === columns[at]);
}

function shape({ columns, references }: ForeignKey): string {
  const target: QualifiedName = references.table;
  return JSON.stringify([columns.map((column, at) => [column, references.columns[at]]).sort(), tableKey(target)]);
}
