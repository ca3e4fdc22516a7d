// Puts made-up rows into every table, parents before children: two with a value in each column, one with the largest values,
// one with NULL wherever that may stand. What a check demands, PostgreSQL itself picks from candidates.
import { SessionError, type Session } from "../../../databases/session";
import type { QualifiedName } from "../../../model/schema";
import { literal, quote } from "../../journal/table";
import type { Casts } from "./casts";
import { readShapes, type ColumnShape, type TableShape } from "./shapes";
import { candidates, extremeValue, plainValue } from "./values";

/** Which columns of which table have rows with values already, by oid: kept from one migration to the next. */
export type Filled = Map<string, { readonly columns: ReadonlySet<number>; readonly rows: number }>;

const variants = ["plain", "plain", "extreme", "null"] as const;
type Variant = (typeof variants)[number];

/** More rows only where a table or column is new. Full sentences: where rows or values are missing, and why. Rejects with a "lost" or "cancelled" `SessionError`. */
export async function fillTables(session: Session, without: readonly QualifiedName[], filled: Filled, signal?: AbortSignal, casts: Casts = new Map()): Promise<readonly string[]> {
  const shapes = (await readShapes(session, without, signal)).map((shape) => withCasts(shape, casts));
  const wanting = parentsFirst(shapes).filter(({ oid, columns }) => columns.some(({ number }) => !filled.get(oid)?.columns.has(number)) || !filled.has(oid));
  const reasons = new Map<string, string>();
  // Tables that refer to each other: the second round finds rows where the first found none.
  for (const round of [1, 2])
    for (const shape of wanting) {
      if (round === 2 && !reasons.has(shape.oid)) continue;
      const { rows: had = 0, columns = new Set<number>() } = filled.get(shape.oid) ?? {};
      const refused = await fillTable(shape, had, session, signal);
      const reason = refused === undefined || had === 0 ? refused : await fillColumns(shape, shape.columns.filter(({ number }) => !columns.has(number)), session, signal);
      if (reason === undefined) reasons.delete(shape.oid);
      else reasons.set(shape.oid, reason);
      filled.set(shape.oid, { columns: new Set(shape.columns.map(({ number }) => number)), rows: had + (round === 1 ? variants.length : 0) });
    }
  return wanting.flatMap(({ oid, title }) => (reasons.has(oid) ? [`Not every row or value could be made up for ${title}: ${reasons.get(oid)}.`] : []));
}

function withCasts(shape: TableShape, casts: Casts): TableShape {
  return { ...shape, columns: shape.columns.map((column) => (casts.has(column.name) && /^(text|citext|character( varying)?(\(\d+\))?)$/.test(column.base) ? { ...column, castTo: casts.get(column.name)! } : column)) };
}

/** Undefined: at least one row is in. */
async function fillTable(shape: TableShape, had: number, session: Session, signal: AbortSignal | undefined): Promise<string | undefined> {
  const pleasing = await pleasingChecks(shape, session, signal);
  let reason: string | undefined;
  let done = 0;
  for (const [at, variant] of variants.entries()) {
    try {
      await session.run(insertSql(shape, had + at + 1, variant, pleasing[at % Math.max(pleasing.length, 1)] ?? new Map()), signal);
      done++;
    } catch (error) {
      if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
      if (variant === "plain") reason ??= error.message;
    }
  }
  const counting = shape.columns.flatMap(({ name, sequence }) => (sequence === null ? [] : [`select setval(${literal(sequence)}, max(${quote(name)})) from ${shape.title} where ${quote(name)} > 0 and ${quote(name)} < 2147483646`]));
  if (counting.length > 0 && done > 0) await session.run(counting.join("; "), signal).catch(() => undefined);
  return done > 0 ? undefined : (reason ?? "it takes none of the rows that were tried");
}

/** No further row fits into the table: then new columns get values in two of the rows that are there. */
async function fillColumns(shape: TableShape, added: readonly ColumnShape[], session: Session, signal: AbortSignal | undefined): Promise<string | undefined> {
  let reason: string | undefined;
  for (const column of added.filter(({ generated }) => !generated))
    for (const number of [1, 2]) {
      const value = plainValue(column, number);
      if (value === undefined) continue;
      await session.run(`update ${shape.title} set ${quote(column.name)} = ${value}::${column.type} where ctid = (select ctid from ${shape.title} order by ctid offset ${number - 1} limit 1)`, signal).catch((error: unknown) => {
        if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
        reason = error.message;
      });
    }
  return reason;
}

function insertSql(shape: TableShape, number: number, variant: Variant, pleasing: ReadonlyMap<string, string>): string {
  const { title, columns, keys, references } = shape;
  const inKey = new Set(keys.flat());
  const value = (column: ColumnShape): string | undefined => {
    const chosen = pleasing.get(column.name);
    const reference = references.find((one) => one.columns.includes(column.name));
    if (variant === "null" && !column.notNull && !reference?.columns.some((name) => inKey.has(name)) && !inKey.has(column.name)) return "null";
    if (chosen !== undefined && !reference) return `${chosen}::${column.type}`;
    if (reference) return referred(reference, column.name, number, shape, column.notNull ? plainValue(column, number) : "null");
    const extreme = variant === "extreme" && !inKey.has(column.name) && column.sequence === null ? extremeValue(column) : undefined;
    const plain = extreme ?? plainValue(column, number);
    return plain && `${plain}::${column.type}`;
  };
  const given = columns.filter(({ generated }) => !generated).flatMap((column) => {
    const text = value(column);
    return text === undefined ? [] : [{ name: column.name, text }];
  });
  if (given.length === 0) return `insert into ${title} default values`;
  return `insert into ${title} (${given.map(({ name }) => quote(name)).join(", ")}) overriding system value values (${given.map(({ text }) => text).join(", ")})`;
}

/** The key of the row of that number among those that there are; `otherwise` where there is none. */
function referred({ columns, title, keys, oid }: TableShape["references"][number], column: string, number: number, shape: TableShape, otherwise: string | undefined): string {
  const key = keys[columns.indexOf(column)]!;
  const [ordered, complete] = [keys.map((name) => quote(name)).join(", "), keys.map((name) => `${quote(name)} is not null`).join(" and ")];
  const own = oid === shape.oid ? plainValue(shape.columns.find(({ name }) => name === key)!, number) : undefined;
  return `coalesce((select ${quote(key)} from ${title} where ${complete} order by ${ordered} offset ${number - 1} % greatest((select count(*) from ${title} where ${complete}), 1) limit 1), ${own ?? otherwise ?? "null"})`;
}

/** Values for the columns that checks speak of, up to one set a row; empty where there are none, or nothing pleases them. */
async function pleasingChecks({ checks, columns }: TableShape, session: Session, signal: AbortSignal | undefined): Promise<readonly ReadonlyMap<string, string>[]> {
  const sets: Map<string, string>[] = [];
  for (const group of connected(checks)) {
    const concerned = columns.filter(({ name, generated }) => !generated && group.some((check) => check.columns.includes(name)));
    const expression = group.map((check) => `(${check.expression})`).join(" and ");
    const most = Math.max(2, Math.floor(20_000 ** (1 / concerned.length)));
    const lists = concerned.map((column) => [...candidates(column, expression).slice(0, column.notNull ? most : most - 1), ...(column.notNull ? [] : ["null"])]);
    if (concerned.length === 0 || lists.some((list) => list.length === 0)) continue;
    const from = concerned.map(({ name, type }, at) => `(select value::${type} as ${quote(name)}, place as place_${at} from (values ${lists[at]!.map((value, place) => `(${value === "null" ? "null" : `(${value})::text`}, ${place})`).join(", ")}) listed(value, place) ${inputIs(type)}) c${at}`);
    const places = concerned.map((_, at) => `place_${at}`);
    const nulls = concerned.map(({ name }) => `(${quote(name)} is null)::int`).join(" + ");
    // Other values in each row where there are enough.
    const found = await session.run(`select ${places.join(", ")} from ${from.join(" cross join ")} where ${expression} order by ${nulls}, ${places.map((place) => `${place} / 4`).join(" + ")}, ${places.join(", ")} limit 12`, signal).catch((error: unknown) => {
      if (error instanceof SessionError && error.kind === "refused") return undefined;
      throw error;
    });
    const rows = found?.at(-1)?.rows ?? [];
    const whole = rows.filter((row) => row.every((place, at) => lists[at]![Number(place)] !== "null"));
    const usable = whole.length > 0 ? whole : rows;
    for (let at = 0; at < variants.length; at++) {
      const row = usable[at % Math.max(usable.length, 1)];
      const set = (sets[at] ??= new Map<string, string>());
      row?.forEach((place, position) => set.set(concerned[position]!.name, lists[position]![Number(place)]!));
    }
  }
  return sets;
}

/** Candidates that are no value of the type are passed over. */
function inputIs(type: string): string {
  return `where value is null or pg_input_is_valid(value, ${literal(type)})`;
}

/** Checks that have columns in common must be pleased at once. */
function connected(checks: TableShape["checks"]): readonly TableShape["checks"][] {
  const groups: TableShape["checks"][number][][] = [];
  for (const check of checks) {
    const touching = groups.filter((group) => group.some(({ columns }) => columns.some((name) => check.columns.includes(name))));
    const joined = [...touching.flat(), check];
    for (const one of touching) groups.splice(groups.indexOf(one), 1);
    groups.push(joined);
  }
  return groups;
}

function parentsFirst(shapes: readonly TableShape[]): readonly TableShape[] {
  const byOid = new Map(shapes.map((shape) => [shape.oid, shape]));
  const order: TableShape[] = [];
  const seen = new Set<string>();
  const visit = (shape: TableShape): void => {
    if (seen.has(shape.oid)) return;
    seen.add(shape.oid);
    for (const { oid } of shape.references) {
      const parent = byOid.get(oid);
      if (parent) visit(parent);
    }
    order.push(shape);
  };
  shapes.forEach(visit);
  return order;
}
