// A table as Drizzle would build it, in the terms of the model: columns, the constraints chained to them, and what the
// third argument returns. What cannot be read becomes a problem, and the table is then not complete.
import type { Check, Column, Expression, ForeignKey, Ignored, Index, IndexKey, Policy, PrimaryKey, Problem, QualifiedName, ReferentialAction, SourceRange, Table, Unique } from "../../model/schema";
import { ownSequenceOptions } from "../../model/sequence";
import { flat } from "./array-methods";
import { callValue } from "./call";
import { applyCasing } from "./casing";
import type { Chunk } from "./chunk";
import type { Machine } from "./machine";
import { elementRange, nameInStatement, rangeOfPlace, statementRange } from "./places";
import { broughtBy, fileScope, placeWithin } from "./scope";
import { defaultOf } from "./default-value";
import { readPolicy } from "./read-policy";
import { recordedDefault, recordedSql, withRecorded, type Manner } from "./recorded";
import { expressionOf, type Naming } from "./sql";
import { ts } from "./typescript";
import { dialectOf, isComposite, isKind, type BuilderValue, type CallSite, type Casing, type ColumnValue, type Family, type IndexValue, type Place, type TableColumn, type TableValue, type UnknownValue, type Value } from "./values";

export interface TableReading {
  readonly table: Table;
  readonly problems: readonly Problem[];
}

export function qualifiedName(table: TableValue): QualifiedName {
  return { schema: table.schema ?? (dialectOf[table.family] === "postgresql" || dialectOf[table.family] === "cockroachdb" ? "public" : null), name: table.name };
}

/** Name of a column in the database. */
export function columnName(table: TableValue, column: TableColumn, casing: Casing | undefined): string {
  return column.builder.name ?? applyCasing(table.casing ?? casing, column.property);
}

export function namingFor(family: Family, casing: Casing | undefined): Naming {
  const mark = family === "mysql" || family === "singlestore" ? "`" : '"';
  return {
    column: (one) => columnName(one.table, one.column, casing),
    quote: (name) => mark + name.replaceAll(mark, mark + mark) + mark,
  };
}

/** Reads everything of the table but its relations. `casing` is the config's. */
export function readTable(machine: Machine, value: TableValue, casing: Casing | undefined): TableReading {
  const reader = new TableReader(machine, value, casing);
  return reader.read();
}

interface Draft {
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly indexes: Index[];
  readonly checks: Check[];
  readonly ignored: Ignored[];
  readonly otherNames: string[];
  readonly policies: Policy[];
  primaryKey?: PrimaryKey;
}

/** Holds what all steps of one reading need. */
class TableReader {
  private readonly problems: Problem[] = [];
  private readonly naming: Naming;
  private readonly name: QualifiedName;
  private readonly chunk: Chunk | undefined;
  private readonly draft: Draft = { uniques: [], foreignKeys: [], indexes: [], checks: [], ignored: [], otherNames: [], policies: [] };
  private readonly version: 0 | 1;
  private complete = true;

  constructor(private readonly machine: Machine, private readonly value: TableValue, private readonly casing: Casing | undefined) {
    this.naming = namingFor(value.family, casing);
    this.name = qualifiedName(value);
    this.chunk = value.home?.declarations[0]?.chunk ?? value.place?.chunk;
    this.version = this.isOfVersion1() ? 1 : 0;
  }

  read(): TableReading {
    const { value, chunk, draft } = this;
    const columns = [...value.columns.values()].map((column) => this.readColumn(column));
    const primary = [...value.columns.values()].filter((column) => column.builder.primary);
    if (primary.length > 0) draft.primaryKey = { columns: primary.map((column) => this.nameOf(column)), inline: true, at: this.range(primary[0]!.place) };
    for (const column of value.columns.values()) this.readConstraints(column);
    for (const one of value.unknowns) this.fail(one, "some columns cannot be read");
    if (value.extra !== undefined) this.readExtra(value.extra);
    const named = chunk && nameInStatement(chunk, value.place);
    const property = named?.text ?? value.home?.name.replace(/^\0.*$/, "") ?? "";
    const table: Table = {
      name: this.name,
      property: property || value.name,
      columns,
      primaryKey: draft.primaryKey,
      uniques: draft.uniques,
      foreignKeys: draft.foreignKeys,
      indexes: draft.indexes,
      checks: draft.checks,
      relations: [],
      complete: this.complete && (chunk?.sound ?? true),
      ...(this.version === 1 && { ormVersion: 1 as const }),
      ...(draft.otherNames.length > 0 && { otherNames: draft.otherNames }),
      ...((value.rowSecurity || draft.policies.length > 0) && { rowSecurity: { enabled: true, ...(value.rowSecurity && { declared: true as const }), policies: draft.policies } }),
      ...(draft.ignored.length > 0 && { ignored: draft.ignored }),
      at: chunk && statementRange(chunk),
      nameAt: chunk && (named ? rangeOfPlace({ chunk, node: named.node }) : statementRange(chunk)),
    };
    return { table, problems: this.problems };
  }

  /** As the way of declaring it says, else the package. */
  private isOfVersion1(): boolean {
    const { casing, family } = this.value;
    if (casing || family === "mssql" || family === "cockroach") return true;
    const file = this.chunk?.file ?? this.value.home?.module.path;
    return file !== undefined && this.machine.resolver.ormVersion(file) === 1;
  }

  private nameOf(column: TableColumn): string {
    return columnName(this.value, column, this.casing);
  }

  /** The place in the table's own statement. */
  private range(place: Place | undefined): SourceRange | undefined {
    if (!this.chunk) return undefined;
    const own = placeWithin(place, this.chunk) ?? placeWithin(this.value.place, this.chunk);
    return own ? rangeOfPlace(own) : statementRange(this.chunk);
  }

  private fail(value: UnknownValue | undefined, what: string, place?: Place): void {
    this.complete = false;
    this.problems.push({ kind: "unreadable", message: `${what}${value ? `: ${value.reason}` : ""}`, table: this.name, at: this.range(place ?? value?.place) });
  }

  private readColumn(column: TableColumn): Column {
    const { builder, property, place } = column;
    const at = this.range(place);
    const own = this.chunk && placeWithin(place, this.chunk);
    const name = this.nameOf(column);
    if (builder.unknown) this.fail(builder.unknown, `column "${property}" cannot be read in full`, place);
    return {
      name,
      property,
      type: {
        name: builder.type,
        ...(builder.enum && { enum: { schema: builder.enum.schema ?? "public", name: builder.enum.name } }),
        ...(builder.enum?.object && { enumOfObject: true }),
        ...(builder.values && { values: builder.values }),
        ...(builder.recorded !== undefined && { recorded: builder.recorded }),
      },
      nullable: !builder.notNull,
      ...(builder.default !== undefined && { default: this.columnDefault(column, this.computed(builder.default, place)) }),
      ...(builder.generated && { generated: builder.generated }),
      ...(builder.identity && { identity: builder.identity }),
      ...(builder.collation && { collation: builder.collation }),
      ...(builder.name === undefined && name !== property && { cased: true }),
      ...(builder.sequence !== undefined && { sequence: builder.sequence }),
      ...sequenceOf(builder),
      at,
      nameAt: own?.name ? rangeOfPlace({ chunk: own.chunk, node: own.name }) : at,
    };
  }

  /** A generated column's expression may come from a function, because it mentions the table's own columns. */
  private computed(value: Value, place: Place | undefined): Value {
    return isKind(value, "function") && place ? callValue(value, [], this.site(place)) : value;
  }

  private columnDefault({ builder }: TableColumn, value: Value): Expression {
    const { type: name, enum: own, generated } = builder;
    const type = { name, ...(own && { enum: { schema: own.schema ?? "public", name: own.name } }) };
    const recorded = generated === "stored" || generated === "virtual"
      ? (typeof value === "string" ? value : recordedSql(value, this.naming, { columns: "with table", values: "numbered", version: this.version }))
      : recordedDefault(value, type, this.naming, this.version);
    return this.recording(defaultOf(value, name, this.value.family, this.naming), recorded);
  }

  /** PostgreSQL alone has its schema written into snapshots by Plumbline. */
  private recording(expression: Expression, recorded: Expression["recorded"]): Expression {
    return this.value.family === "pg" ? withRecorded(expression, recorded) : expression;
  }

  private expression(value: Value, manner: Omit<Manner, "version">): Expression {
    return this.recording(expressionOf(value, this.naming), recordedSql(value, this.naming, { ...manner, version: this.version }));
  }

  /** Of a check or a predicate, which 1.0 writes as it writes an index. */
  private condition(value: Value): Expression {
    return this.expression(value, this.version === 1 ? { columns: "alone", values: "inline" } : { columns: "with table", values: "numbered" });
  }

  private readConstraints(column: TableColumn): void {
    const { builder } = column;
    const name = this.nameOf(column);
    const within = (place: Place): Place => (column.place ? broughtBy(place, column.place) : place);
    if (builder.unique) this.draft.uniques.push({ name: builder.unique.name, columns: [name], atColumn: true, nullsNotDistinct: builder.unique.nullsNotDistinct, at: this.range(within(builder.unique.place)) });
    for (const reference of builder.references) {
      const place = within(reference.place);
      const target = isKind(reference.target, "column") ? reference.target : callValue(reference.target, [], this.site(place));
      if (!isKind(target, "column")) {
        this.fail(isKind(target, "unknown") ? target : undefined, `what column "${name}" references cannot be read`, place);
        continue;
      }
      this.draft.foreignKeys.push(this.foreignKey(reference.name, [name], [target], reference, place));
    }
  }

  private foreignKey(name: string | undefined, columns: readonly string[], targets: readonly ColumnValue[], actions: { readonly onDelete?: Value; readonly onUpdate?: Value }, place: Place | undefined): ForeignKey {
    return {
      name, columns,
      references: { table: qualifiedName(targets[0]!.table), columns: targets.map((target) => this.naming.column(target)) },
      onDelete: this.action(actions.onDelete, place), onUpdate: this.action(actions.onUpdate, place),
      enforced: true,
      at: this.range(place),
    };
  }

  private action(value: Value, place: Place | undefined): ReferentialAction {
    if (isKind(value, "unknown") && !value.environment) this.problems.push({ kind: "unreadable", message: `an action of the foreign key cannot be read: ${value.reason}`, table: this.name, at: this.range(place) });
    return value === "cascade" || value === "restrict" || value === "set null" || value === "set default" ? value : "no action";
  }

  private site(place: Place): CallSite {
    const module = this.value.home?.module ?? this.machine.modules.get(place.chunk.file)!;
    return { place, scope: fileScope(this.machine, module, place.chunk) };
  }

  private readExtra(extra: Value): void {
    const { chunk, value } = this;
    if (!chunk || !value.place) return;
    // What a helper elsewhere adds is shown at the third argument.
    const own = placeWithin(value.place, chunk);
    const argument = own && ts.isCallExpression(own.node) ? own.node.arguments[2] : undefined;
    const place: Place = own && argument ? { chunk, node: argument, outer: own.outer } : value.place;
    const result = isKind(extra, "function") || isKind(extra, "native") ? callValue(extra, [value], this.site(place)) : extra;
    if (isKind(result, "array")) {
      const items = flat(result, 1);
      if (items.unknown) this.fail(items.unknown, "a part of the extra config cannot be read");
      items.items.forEach((item, i) => this.readItem(item, items.places[i] ? broughtBy(items.places[i], place) : place));
    } else if (isKind(result, "object")) {
      if (result.unknown) this.fail(result.unknown, "a part of the extra config cannot be read");
      for (const [name, item] of result.props) this.readItem(item, result.places.has(name) ? broughtBy(result.places.get(name), place) : place);
    } else if (isKind(result, "unknown")) {
      this.fail(result, "the extra config cannot be read", result.place ? broughtBy(result.place, place) : place);
    }
  }

  private readItem(item: Value, place: Place): void {
    const own = this.chunk && placeWithin(place, this.chunk);
    const at = own ? elementRange(own) : this.range(place);
    const { draft } = this;
    if (!isComposite(item)) return; // undefined and false are what conditions leave
    switch (item.kind) {
      case "unknown": this.fail(item, "something in the extra config cannot be read", place); return;
      case "index":
        if (item.keys) draft.indexes.push(this.readIndex(item, item.keys, at, place));
        else draft.ignored.push({ what: `index${item.name ? ` "${item.name}"` : ""} without columns`, at });
        return;
      case "unique": {
        if (!item.columns) { draft.ignored.push({ what: `unique${item.name ? ` "${item.name}"` : ""} without columns`, at }); return; }
        const columns = this.columnsOf(item.columns, `unique${item.name ? ` "${item.name}"` : ""}`, place);
        if (columns) draft.uniques.push({ name: item.name, columns: columns.map((column) => this.naming.column(column)), nullsNotDistinct: item.nullsNotDistinct, at });
        return;
      }
      case "primary key": {
        const columns = this.columnsOf(item.columns, "the primary key", place);
        if (columns) draft.primaryKey = { name: item.name, columns: columns.map((column) => this.naming.column(column)), at };
        return;
      }
      case "foreign key": {
        const columns = this.columnsOf(item.columns, "the foreign key", place), targets = columns && this.columnsOf(item.foreignColumns, "the foreign key's target", place);
        if (!columns || !targets || targets.length === 0) return;
        // `foreignKey({…})` alone is the place, not the chain after it; a spread or helper is where it stands.
        const call = own && item.place.chunk === own.chunk && own.node.pos <= item.place.node.pos && item.place.node.end <= own.node.end ? item.place : place;
        draft.foreignKeys.push(this.foreignKey(item.name, columns.map((column) => this.naming.column(column)), targets, item, call));
        return;
      }
      case "check": draft.checks.push({ name: item.name, expression: this.condition(item.expression), at }); return;
      case "other":
        if (item.what === "policy") draft.policies.push({ ...readPolicy(item, this.naming, this.version), at });
        return;
      case "sql": draft.ignored.push({ what: "raw SQL", at }); return;
      default: draft.ignored.push({ what: item.kind === "object" ? "a plain object" : `a ${item.kind}`, at });
    }
  }

  private columnsOf(value: Value | readonly Value[], what: string, place: Place): readonly ColumnValue[] | undefined {
    const items = Array.isArray(value) ? (value as readonly Value[]) : isKind(value as Value, "array") ? (value as { items: readonly Value[]; unknown?: UnknownValue }) : undefined;
    const list = items && ("items" in items ? (items.unknown ? undefined : items.items) : items);
    const wrong = list ? list.find((item) => !isKind(item, "column")) : (value as Value);
    if (list && list.every((item) => isKind(item, "column"))) return list as readonly ColumnValue[];
    this.fail(isKind(wrong, "unknown") ? wrong : undefined, `a column of ${what} cannot be read`, place);
    return undefined;
  }

  private readIndex(index: IndexValue, keys: readonly Value[], at: SourceRange | undefined, place: Place): Index {
    const options = isKind(index.with, "object") ? Object.fromEntries([...index.with.props].filter(([, option]) => !isComposite(option)).map(([name, option]) => [name, String(option)])) : undefined;
    return {
      name: index.name,
      method: index.method,
      unique: index.unique,
      keys: keys.map((key) => this.readKey(key, index, place)),
      include: [],
      ...(index.where !== undefined && { where: this.condition(index.where) }),
      ...(options && { with: options }),
      ...(index.concurrently && { concurrently: true }),
      at,
    };
  }

  private readKey(key: Value, index: IndexValue, place: Place): IndexKey {
    if (isKind(key, "column")) {
      return {
        column: this.naming.column(key), order: key.order ?? "asc",
        ...(key.nulls ? { nulls: key.nulls } : key.order === "desc" && dialectOf[key.table.family] === "postgresql" && { nulls: "last" as const, nullsImplied: true }), ...(key.operatorClass && { operatorClass: key.operatorClass }),
      };
    }
    if (isKind(key, "unknown")) this.fail(key, `a column of index${index.name ? ` "${index.name}"` : ""} cannot be read`, place);
    return { expression: this.expression(key, { columns: "alone", values: "numbered" }), order: "asc" };
  }
}

/** drizzle-kit takes the least smallint for the least value of every sequence that falls: `minRangeForIdentityBasedOn` in its sources. */
function sequenceOf({ type, sequenceOptions: given }: BuilderValue): Pick<Column, "sequenceOptions"> {
  if (given === undefined) return {};
  if (given === "unread") return { sequenceOptions: given };
  const own = ownSequenceOptions(type, { ...(given.increment?.startsWith("-") && { minValue: "-32768" }), ...given });
  return own ? { sequenceOptions: own } : {};
}
