// Reading libpg-query's tree: its nodes are `{ Tag: content }`, lists and names are nodes too. It knows no statement's meaning.
import type { Node, RangeVar, TypeName } from "libpg-query";
import type { QualifiedName } from "../model/schema";

export type { AlterTableCmd, ColumnDef, Constraint, CreateStmt, IndexStmt, Node, RangeVar, TypeName } from "libpg-query";

export type Tag = Node extends infer One ? (One extends unknown ? keyof One : never) : never;
export type Content<T extends Tag> = Extract<Node, Record<T, unknown>>[T];

/** The content of a node where it is of that tag. */
export function as<T extends Tag>(node: unknown, tag: T): Content<T> | undefined {
  return typeof node === "object" && node !== null ? ((node as Record<string, unknown>)[tag] as Content<T> | undefined) : undefined;
}

export function tagOf(node: object): Tag {
  return Object.keys(node)[0] as Tag;
}

export function tableName(relation: RangeVar | undefined): QualifiedName {
  return { schema: relation?.schemaname ?? null, name: relation?.relname ?? "" };
}

/** The strings of a list, or of a List node. */
export function names(list: readonly Node[] | Node | undefined): readonly string[] {
  const items = Array.isArray(list) ? (list as readonly Node[]) : (as(list, "List")?.items ?? (list ? [list as Node] : []));
  return items.flatMap((item) => as(item, "String")?.sval ?? as(item, "TypeName")?.names?.map((name) => as(name, "String")?.sval ?? "") ?? []);
}

/** Of a name in parts: catalogue and schema may be missing. */
export function qualified(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" };
}

export interface TypeText {
  /** As pg_type has it, without pg_catalog: int4, varchar, timestamptz, my.type. */
  readonly name: string;
  /** Length, precision and scale. */
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

export function typeText(type: TypeName | undefined): TypeText {
  const parts = names(type?.names).filter((part) => part !== "pg_catalog");
  const modifiers = (type?.typmods ?? []).map((one) => as(one, "A_Const")?.ival?.ival ?? 0);
  return { name: parts.join("."), modifiers, array: (type?.arrayBounds ?? []).length > 0 };
}

/** "varchar(255)", "int4", "text[]". */
export function typeSpelling(type: TypeName | undefined): string {
  const { name, modifiers, array } = typeText(type);
  return `${name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${array ? "[]" : ""}`;
}

/** Visits every object of a tree, parents first, with the tag or field that it stands under. */
export function visit(value: unknown, see: (content: Readonly<Record<string, unknown>>, key: string) => void, key = ""): void {
  if (Array.isArray(value)) {
    for (const one of value) visit(one, see, key);
  } else if (typeof value === "object" && value !== null) {
    see(value as Record<string, unknown>, key);
    for (const [field, inner] of Object.entries(value)) visit(inner, see, field);
  }
}

export interface Relation {
  readonly table: QualifiedName;
  /** UTF-16 offset in the script. */
  readonly location: number;
  /** What an INSERT, UPDATE, DELETE or MERGE in it changes. */
  readonly changed: boolean;
}

/** The relations that a query or expression names, without the names of its own WITH queries. */
export function relationsIn(value: unknown): readonly Relation[] {
  const own = new Set<string>();
  const targets = new Set<unknown>();
  const found: Relation[] = [];
  visit(value, (content, key) => {
    if (key === "CommonTableExpr") own.add(String(content["ctename"]));
    if (/^(Insert|Update|Delete|Merge)Stmt$/.test(key)) targets.add(content["relation"]);
    if (typeof content["relname"] === "string") found.push({ table: tableName(content as RangeVar), location: Number(content["location"] ?? 0), changed: targets.has(content) });
  });
  return found.filter(({ table, changed }) => changed || table.schema !== null || !own.has(table.name));
}

/** The name of an object in DROP and COMMENT: a list of strings, one string, or a type. */
export function objectName(object: unknown): readonly string[] {
  return names(as(object, "List")?.items ?? (object as Node | undefined));
}
