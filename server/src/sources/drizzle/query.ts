// The query builder in `pgView(…).as((qb) => qb.select(…).from(…))`: what its methods are told, and the SQL that drizzle-orm
// makes of it. Common table expressions and locking clauses are beyond it: such a query is not read.
import { callValue } from "./call";
import { isKind, native, objectOf, unknown, type CallSite, type ColumnValue, type ObjectValue, type Place, type QueryJoin, type QueryValue, type SqlPart, type SqlValue, type TableValue, type UnknownValue, type Value } from "./values";

/** What `.as((qb) => …)` hands over, and `new QueryBuilder()` makes. */
export function queryBuilder(): Value {
  const start = (fields: Value, distinct?: QueryValue["distinct"]): QueryValue => ({ kind: "query", ...(fields !== undefined && { fields }), ...(distinct && { distinct }), joins: [], groupBy: [], orderBy: [], combined: [] });
  return objectOf([
    ["select", native("select", ([fields]) => start(fields))],
    ["selectDistinct", native("selectDistinct", ([fields]) => start(fields, true))],
    ["selectDistinctOn", native("selectDistinctOn", ([on, fields], { place }) => (isKind(on, "array") && !on.unknown ? start(fields, on) : unknown("what is to be distinct cannot be read", place)))],
    ...["with", "$with"].map((name) => [name, native(name, (_, { place }) => unknown("common table expressions are not read", place))] as const),
  ]);
}

/** `.with()`, `.using()`, `.as()` and the like of a view; undefined for what is no part of its definition. */
export function viewMethod(view: TableValue, name: string, args: () => readonly Value[], at: CallSite): TableValue | undefined {
  const part = (added: TableValue["viewParts"]): TableValue => ({ ...view, viewParts: { ...view.viewParts, ...added } });
  switch (name) {
    case "as": return part({ query: args()[0] ?? unknown("the view's query cannot be read"), at });
    case "with": return part({ with: args()[0] });
    case "using": return part({ using: args()[0] });
    case "tablespace": return part({ tablespace: args()[0] });
    case "withNoData": return part({ noData: true });
    default: return undefined;
  }
}

/** What a view whose columns are not declared selects under this name. */
export function viewColumn(view: TableValue, name: string, place: Place): Value {
  const query = queryOf(view);
  return isKind(query, "query") ? selectedAs(selectionOf(query).get(name), view.name, place) : undefined;
}

function selectedAs(value: Value, origin: string, place: Place): Value {
  if (isKind(value, "column")) return { ...value, table: { ...value.table, alias: origin } };
  if (isKind(value, "sql")) {
    const name = value.alias ?? value.selected?.name;
    return name === undefined ? unknown("a selected part has no name", place) : { kind: "sql", parts: [], selected: { origin, name } };
  }
  return value;
}

const joins: Readonly<Record<string, QueryJoin["how"]>> = { leftJoin: "left", rightJoin: "right", innerJoin: "inner", fullJoin: "full", crossJoin: "cross" };
const combinations: Readonly<Record<string, string>> = { union: "union ", unionAll: "union all ", intersect: "intersect ", intersectAll: "intersect all ", except: "except ", exceptAll: "except all " };

/** A query never changes: each call gives a new one. */
export function queryMethod(query: QueryValue, name: string, args: () => readonly Value[], site: CallSite): Value {
  const how = joins[name], combination = combinations[name];
  const fields = (raw: boolean): ObjectValue => objectOf([...selectionOf(query)].map(([property, value]) => [property, raw && isKind(value, "sql") ? unaliased(value) : value]));
  const answered = (value: Value, raw: boolean): Value => (isKind(value, "function") || isKind(value, "native") ? callValue(value, [fields(raw)], site) : value);
  const listed = (given: readonly Value[]): readonly Value[] => {
    if (!isKind(given[0], "function")) return given;
    const made = answered(given[0], false);
    return isKind(made, "array") && !made.unknown ? made.items : [made];
  };
  if (how) {
    const [table, on] = args();
    const joined: QueryValue = { ...query, joins: [...query.joins, { how, table }] };
    return { ...query, joins: [...query.joins, { how, table, on: isKind(on, "function") ? queryOn(joined, on, site) : on }] };
  }
  if (combination !== undefined) {
    const [other] = args();
    return { ...query, combined: [...query.combined, { how: combination, query: isKind(other, "function") ? unknown("a query that a function combines is not read", site.place) : other }] };
  }
  // What comes after a combined query is told to the whole of it.
  if (query.combined.length > 0 && ["where", "having", "groupBy", "orderBy", "limit", "offset"].includes(name)) return { ...query, unread: unknown(`"${name}" after a combined query is not read`, site.place) };
  switch (name) {
    case "from": return { ...query, from: args()[0] };
    case "where": return { ...query, where: answered(args()[0], true) };
    case "having": return { ...query, having: answered(args()[0], true) };
    case "groupBy": return { ...query, groupBy: listed(args()) };
    case "orderBy": return { ...query, orderBy: listed(args()) };
    case "limit": return { ...query, limit: args()[0] };
    case "offset": return { ...query, offset: args()[0] };
    case "as": { const [alias] = args(); return typeof alias === "string" ? { ...query, alias } : unknown("the subquery's name cannot be read", site.place); }
    case "$dynamic": case "getSQL": return query;
  }
  const found = query.alias === undefined ? undefined : selectedAs(selectionOf(query).get(name), query.alias, site.place);
  return found ?? { ...query, unread: unknown(`"${name}" of a query is not read`, site.place) };
}

/** `subquery.column` */
export function queryMember(query: QueryValue, name: string, place: Place): Value {
  return query.alias === undefined ? undefined : selectedAs(selectionOf(query).get(name), query.alias, place);
}

function queryOn(query: QueryValue, on: Value, site: CallSite): Value {
  return callValue(on, [objectOf([...selectionOf(query)].map(([property, value]) => [property, isKind(value, "sql") ? unaliased(value) : value]))], site);
}

function unaliased({ alias: _, ...value }: SqlValue): SqlValue {
  return value;
}

/** What is selected, by property; of tables that are joined each with its columns. */
export function selectionOf(query: QueryValue): ReadonlyMap<string, Value> {
  const { fields, from } = query;
  if (isKind(fields, "object") && !fields.unknown) return fields.props;
  if (fields !== undefined) return new Map([["", isKind(fields, "unknown") ? fields : unknown("what is selected cannot be read")]]);
  const own = columnsOf(from);
  if (query.joins.length === 0) return own;
  return new Map([from, ...query.joins.map(({ table }) => table)].map((one): [string, Value] => [calledIn(one) ?? "", objectOf(columnsOf(one))]));
}

function calledIn(one: Value): string | undefined {
  if (isKind(one, "table")) return one.alias ?? one.name;
  return isKind(one, "query") ? one.alias : undefined;
}

function columnsOf(one: Value): ReadonlyMap<string, Value> {
  const unread = (why: string): ReadonlyMap<string, Value> => new Map([["", unknown(why)]]);
  if (isKind(one, "query") && one.alias !== undefined) return new Map([...selectionOf(one)].map(([name, value]) => [name, selectedAs(value, one.alias!, dummy)]));
  if (!isKind(one, "table")) return unread("what is selected from cannot be read");
  if (one.unknowns[0]) return new Map([["", one.unknowns[0]]]);
  const query = one.columns.size === 0 ? queryOf(one) : undefined;
  if (one.columns.size === 0 && isKind(query, "query")) return new Map([...selectionOf(query)].map(([name, value]) => [name, selectedAs(value, one.alias ?? one.name, dummy)]));
  if (one.columns.size === 0 && one.view) return unread(`the columns of "${one.name}" cannot be read`);
  return new Map([...one.columns.values()].map((column): [string, ColumnValue] => [column.property, { kind: "column", table: one, column }]));
}

/** Where a part of a selection without a place is told, the view's own counts. */
const dummy = undefined as unknown as Place;

/** The SQL of a query, for drizzle-orm of this version; unknown where a part of it is. */
export function querySql(query: QueryValue, version: 0 | 1): SqlValue | UnknownValue {
  const { distinct, from, groupBy, orderBy, limit, offset, combined } = query;
  if (query.unread) return query.unread;
  const table = fromParts(from);
  if (!table) return isKind(from, "unknown") ? from : unknown("what is selected from cannot be read");
  const single = query.joins.length === 0 ? from : undefined;
  const selected = flat(selectionOf(query)).map((field) => selectedParts(field, single, version));
  const list = (items: readonly Value[]): SqlPart[] => items.flatMap((value, at): SqlPart[] => (at === 0 ? [{ value }] : [{ text: ", " }, { value }]));
  const joined = query.joins.map(({ how, table: other, on }) => ({ how, on, parts: fromParts(other) }));
  const missing = selected.find((one): one is UnknownValue => "kind" in one) ?? (selected.length === 0 ? unknown("nothing is selected") : undefined) ?? (joined.some(({ parts }) => !parts) ? unknown("what is joined cannot be read") : undefined) ?? [query.where, query.having, limit, offset].find((one): one is UnknownValue => isKind(one, "unknown"));
  if (missing) return missing;
  if ([limit, offset].some((one) => one !== undefined && typeof one !== "number")) return unknown("a limit is not a number");
  const whole: SqlPart[] = [
    { text: "select" }, ...(distinct === true ? [{ text: " distinct" }] : distinct ? [{ text: " distinct on (" }, ...list(distinct.items), { text: ")" }] : []), { text: " " },
    ...selected.flatMap((parts, at) => [...(at === 0 ? [] : [{ text: ", " }]), ...(parts as readonly SqlPart[])]),
    { text: " from " }, ...table,
    ...joined.flatMap(({ how, on, parts }) => [{ text: ` ${how} join ` }, ...parts!, ...(on === undefined ? [] : [{ text: " on " }, { value: on }])]),
    ...(query.where === undefined ? [] : [{ text: " where " }, { value: query.where }]),
    ...(groupBy.length === 0 ? [] : [{ text: " group by " }, ...list(groupBy)]),
    ...(query.having === undefined ? [] : [{ text: " having " }, { value: query.having }]),
    ...(orderBy.length === 0 ? [] : [{ text: " order by " }, ...list(orderBy)]),
    ...(typeof limit === "number" && limit >= 0 ? [{ text: ` limit ${limit}` }] : []),
    ...(typeof offset === "number" && offset !== 0 ? [{ text: ` offset ${offset}` }] : []),
  ];
  let parts = whole;
  for (const { how, query: other } of combined) {
    const right = isKind(other, "query") ? querySql(other, version) : isKind(other, "unknown") ? other : unknown("a combined query cannot be read");
    if (right.kind === "unknown") return right;
    parts = [{ text: "(" }, ...parts, { text: `) ${how}(` }, ...right.parts, { text: ")" }];
  }
  return { kind: "sql", parts };
}

/** A table, with the name that the query gives it behind its own; a view; SQL; a subquery. */
function fromParts(from: Value): readonly SqlPart[] | undefined {
  if (isKind(from, "query")) return from.alias === undefined ? undefined : [{ value: from }];
  if (isKind(from, "sql")) return [{ value: from }];
  if (!isKind(from, "table")) return undefined;
  const { schema, name, alias } = from;
  return [...(schema === undefined ? [] : [{ name: schema }, { text: "." }]), { name }, ...(alias === undefined ? [] : [{ text: " " }, { name: alias }])];
}

/** Nested objects and whole tables in their place. */
function flat(fields: ReadonlyMap<string, Value>): readonly Value[] {
  return [...fields.values()].flatMap((value): readonly Value[] => {
    if (isKind(value, "object")) return value.unknown ? [value.unknown] : flat(value.props);
    return isKind(value, "table") ? flat(columnsOf(value)) : [value];
  });
}

function selectedParts(field: Value, single: Value, version: 0 | 1): readonly SqlPart[] | UnknownValue {
  if (isKind(field, "column")) return [{ value: single === undefined ? field : bare(field) }];
  if (isKind(field, "query") && field.alias !== undefined) return [{ value: field }];
  if (!isKind(field, "sql")) return isKind(field, "unknown") ? field : unknown("what is selected cannot be read");
  if (field.selected) return [{ value: single === undefined ? field : { ...field, selected: { ...field.selected, bare: true } } }];
  const alias: readonly SqlPart[] = field.alias === undefined ? [] : [{ text: " as " }, { name: field.alias }];
  // drizzle-orm 1.0 leaves the names alone where one of them is of another table.
  const foreign = version === 1 && field.parts.some((part) => "value" in part && isKind(part.value, "column") && !isOf(part.value, single));
  const plain = single === undefined || foreign || (version === 1 && !isKind(single, "table"));
  return [{ value: { ...unaliased(field), parts: plain ? field.parts : field.parts.map((part) => ("value" in part && isKind(part.value, "column") ? { ...part, value: bare(part.value) } : part)) } }, ...alias];
}

function isOf({ table }: ColumnValue, single: Value): boolean {
  return isKind(single, "table") && single.name === table.name && single.schema === table.schema && single.alias === table.alias;
}

function bare(column: ColumnValue): ColumnValue {
  return { ...column, bare: true };
}

/** The columns among what is selected, as properties: these drizzle-kit 0.31 records. Undefined where one has no name, which it refuses. */
export function selectedColumns(query: QueryValue): readonly ColumnValue[] | undefined {
  const values = [...selectionOf(query).values()];
  return values.some((value) => isKind(value, "sql") && value.alias === undefined && !value.selected) ? undefined : values.flatMap((value) => (isKind(value, "column") ? [value] : []));
}

/** Names of the columns that the query has, in order; undefined where they do not show. */
export function outputOf(query: QueryValue, nameOf: (column: ColumnValue) => string): readonly string[] | undefined {
  const names = flat(selectionOf(query)).map((value) => (isKind(value, "column") ? nameOf(value) : isKind(value, "sql") ? value.alias ?? value.selected?.name : isKind(value, "query") ? value.alias : undefined));
  return names.every((name) => name !== undefined) ? (names as readonly string[]) : undefined;
}

/** What `.as(…)` of a view is given, its function called; undefined where nothing is chained. */
export function queryOf({ viewParts }: TableValue): Value {
  const { query, at } = viewParts ?? {};
  return isKind(query, "function") && at ? callValue(query, [queryBuilder()], at) : query;
}

