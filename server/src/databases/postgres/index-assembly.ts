// One index from its parts in the catalogue. Operator classes and collations are named only where they are not the ones
// that the key would have without them, as PostgreSQL itself prints a definition.
import type { Expression, Index, IndexKey } from "../../model/schema";
import type { CatalogueSection } from "./catalogue";
import { collationNames } from "./collations";
import type { CatalogueColumn } from "./columns";
import { expressionOf } from "./expression";
import { rows, type Document } from "./section";

type IndexRow = readonly [
  table: number, oid: number, name: string, method: number, flags: string, keys: number, columns: string, options: string, classes: string, collations: string,
  predicate: string | null, expressions: (string | null)[] | null, definition: string | null, parameters: string[] | null, classParameters: Readonly<Record<string, string[]>> | null,
];

interface OperatorClass {
  readonly name: string;
  readonly isDefault: boolean;
  readonly method: number;
  readonly type: number;
}

export interface AssembledIndex {
  readonly index: Index;
  /** Logical replication tells rows apart by it. */
  readonly replicaIdentity: boolean;
}

type Assemble = (row: readonly unknown[], columns: readonly CatalogueColumn[], constraint: string | undefined) => AssembledIndex | undefined;

/** A function that takes a row of the section `indexes`, the table's columns by attnum, and the kind (contype) of the constraint that owns the index; undefined where a column is missing. */
export function indexAssembler(document: Document<CatalogueSection>): Assemble {
  const methods = new Map(rows<[number, string]>(document.methods));
  const collations = collationNames(document);
  const classes = new Map<number, OperatorClass>();
  const defaultClasses = new Map<string, number>();
  for (const [oid, name, isDefault, method, type] of rows<[number, string, boolean, number, number]>(document.classes)) {
    classes.set(oid, { name, isDefault, method, type });
    if (isDefault) defaultClasses.set(`${method} ${type}`, oid);
  }

  // Most indexes have the lists of another one: the first column, ascending, of the commonest types.
  const known = new Map<string, readonly number[]>();
  const integers = (text: string): readonly number[] => {
    let numbers = known.get(text);
    if (!numbers) known.set(text, (numbers = text === "" ? [] : text.split(" ").map(Number)));
    return numbers;
  };

  /** Undefined for the class that the key has anyway: the default one of its type, else of a type that it is taken for. */
  const operatorClass = (oid: number, column: CatalogueColumn | undefined, options: readonly string[] | undefined): string | undefined => {
    const known = classes.get(oid);
    if (!known) return undefined;
    const own = column && defaultClasses.get(`${known.method} ${column.type}`);
    if (options) return `${known.name} (${options.map(classParameter).join(", ")})`;
    return (own === undefined ? known.isDefault : own === oid) ? undefined : known.name;
  };

  return (row, columns, constraint) => {
    const [, , name, method, flags, keyCount, numberText, optionText, classText, collationText, predicate, expressions, definition, storage, classParameters] = row as IndexRow;
    const expression = (sql: string | null): Expression => expressionOf(sql, new Set(columns.flatMap((column) => (column ? [column.column.name] : []))));
    const numbers = integers(numberText);
    const options = integers(optionText);
    const classOids = integers(classText);
    const collationOids = integers(collationText);
    const keys: IndexKey[] = [];
    const include: string[] = [];
    let expressionAt = 0;
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at]!;
      const column = number === 0 ? undefined : columns[number];
      if (number !== 0 && !column) return undefined;
      if (at >= keyCount) {
        include.push(column!.column.name);
        continue;
      }
      const sql = number === 0 ? (expressions?.[expressionAt++] ?? null) : undefined;
      const collation = collationOids[at]! === databaseCollation ? 0 : collationOids[at]!;
      const named = column ? collation !== column.collation : sql != null && definition?.includes(`${sql} COLLATE `) === true;
      const written = operatorClass(classOids[at]!, column, classParameters?.[at + 1]);
      const key: Mutable<IndexKey> = column ? { order: "asc", column: column.column.name } : { order: "asc", expression: expression(sql ?? null) };
      // pg_index.indoption: bit 1 is DESC, bit 2 NULLS FIRST (INDOPTION_DESC, INDOPTION_NULLS_FIRST), which DESC has by default.
      const bits = options[at]!;
      if (bits & 1) key.order = "desc";
      if ((bits & 2) !== (bits & 1) << 1) key.nulls = bits & 2 ? "first" : "last";
      if (written !== undefined) key.operatorClass = written;
      if (named) key.collation = collations.get(collation) ?? "default";
      keys.push(key);
    }
    const index: Mutable<Index> = { name, method: methods.get(method) ?? "unknown", unique: flags.includes("u"), keys, include };
    if (predicate !== null) index.where = expression(predicate);
    if (storage !== null && storage.length > 0) index.with = Object.fromEntries(storage.map(option));
    if (flags.includes("n")) index.nullsNotDistinct = true;
    const owner = constraint === undefined ? undefined : constraintKinds[constraint];
    if (owner !== undefined) index.constraint = owner;
    if (!flags.includes("v")) index.valid = false;
    return { index, replicaIdentity: flags.includes("r") };
  };
}

type Mutable<Value> = { -readonly [Part in keyof Value]: Value[Part] };

/** DEFAULT_COLLATION_OID of pg_collation.dat. */
const databaseCollation = 100;

const constraintKinds: Readonly<Record<string, Index["constraint"]>> = { p: "primary key", u: "unique", x: "exclusion" };

/** `siglen=32` of pg_attribute.attoptions, as a definition shows it. */
function classParameter(text: string): string {
  const [name, value] = option(text);
  return `${name}='${value.replaceAll("'", "''")}'`;
}

function option(text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}
