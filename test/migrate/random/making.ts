// Random schemas and random changes of them, of every kind that a migration has to make. What PostgreSQL would refuse is
// taken out again by schema.ts.
import { checkOf, computedOf, literal, quote, schemas, sound, type ColumnSpec, type IndexSpec, type Random, type SchemaSpec, type TableSpec } from "./schema";

const tableNames = ["orders", "clients", "Order Lines", "user", "tags", "events", "invoices", 'odd"name'];
const columnNames = ["id", "name", "client_id", "createdAt", "amount", "state", "note", "group", "ref", "flag", "data", "kind of", "parent_id", "email"];
const types: Readonly<Record<string, readonly string[]>> = {
  integer: ["0", "7"], bigint: ["1"], smallint: ["3"], "numeric(10,2)": ["1.50"], numeric: ["0"], text: ["'x'", "'it''s'", "''"], "varchar(20)": ["'a'"], "varchar(50)": ["'b'"], "char(3)": ["'abc'"],
  boolean: ["true", "false"], timestamptz: ["now()"], timestamp: ["now()", "'2026-01-01 00:00:00'"], date: ["current_date"], "time(3)": ["'12:00:00'"], uuid: ["gen_random_uuid()"], jsonb: ["'{}'", "'[1]'"], json: ["'{}'"],
  "text[]": ["'{}'", "array['a','b c']::text[]"], "integer[]": ["'{1,2}'"], bytea: ["'\\x00'"], inet: ["'127.0.0.1'"], "double precision": ["1.5"], real: ["2"], interval: ["'1 day'"],
};
const actions = ["", " on delete cascade", " on delete set null on update cascade", " on delete restrict", " deferrable initially deferred"];
const values = ["open", "paid", "it's", "sent", "Closed", "a b"];

export class Making {
  constructor(private readonly random: Random) {}

  schema(): SchemaSpec {
    let made: SchemaSpec = { enums: {}, tables: [] };
    for (let count = this.below(3); count > 0; count--) made = this.addEnum(made);
    for (let count = 2 + this.below(4); count > 0; count--) made = this.addTable(made);
    for (let count = this.below(6); count > 0; count--) made = this.addForeignKey(made);
    return sound(made);
  }

  /** Up to eight changes of it. */
  changed(schema: SchemaSpec): SchemaSpec {
    let made = schema;
    for (let count = 1 + this.below(8); count > 0; count--) made = sound(this.change(made));
    return made;
  }

  private change(schema: SchemaSpec): SchemaSpec {
    const table = this.one(schema.tables);
    if (!table) return this.addTable(schema);
    const put = (with_: Partial<TableSpec>): SchemaSpec => ({ ...schema, tables: schema.tables.map((one) => (one === table ? { ...one, ...with_ } : one)) });
    const column = this.one(table.columns)!;
    const putColumn = (fresh: ColumnSpec): SchemaSpec => put({ columns: table.columns.map((one) => (one === column ? fresh : one)) });
    switch (this.below(23)) {
      case 0: return this.addTable(schema);
      case 1: return { ...schema, tables: schema.tables.filter((one) => one !== table) };
      case 2: case 3: return put({ columns: [...table.columns, ...this.columns(schema, 1, table.columns)] });
      case 4: return put({ columns: table.columns.filter((one) => one !== column) });
      case 5: case 6: {
        const [fresh] = this.columns(schema, 1, []);
        return column.identity || column.serial || column.computed || fresh!.computed || fresh!.identity || fresh!.serial ? schema : putColumn({ ...fresh!, name: column.name, notNull: column.notNull });
      }
      case 7: return putColumn({ ...column, notNull: !column.notNull });
      case 8: return column.computed || column.identity || column.serial ? schema : putColumn(this.withDefault({ ...column }, schema));
      case 9: return put(table.primaryKey ? { primaryKey: undefined } : this.primaryKey(table));
      case 10: return put(this.primaryKey(table));
      case 11: return put({ uniques: this.chance(0.5) ? table.uniques.slice(1) : this.uniques(table) });
      case 12: return put({ checks: this.chance(0.5) ? table.checks.slice(1) : this.checks(table) });
      case 13: return put({ foreignKeys: table.foreignKeys.slice(1) });
      case 14: case 15: return this.addForeignKey(schema);
      case 16: case 17: return put({ indexes: this.indexes(table, 1 + this.below(2), table.indexes) });
      case 18: return put({ indexes: table.indexes.slice(1) });
      case 19: return put({ foreignKeys: table.foreignKeys.map((key) => ({ ...key, actions: this.one(actions)! })) });
      case 20: return this.addEnum(schema);
      case 21: return put({ indexes: table.indexes.map(({ where, ...index }) => (where === undefined ? { ...index, where: "first" } : index)) });
      default: {
        const name = this.one(Object.keys(schema.enums));
        if (name === undefined) return schema;
        const had = schema.enums[name]!;
        if (this.chance(0.3)) { const { [name]: _, ...enums } = schema.enums; return { ...schema, enums }; }
        return { ...schema, enums: { ...schema.enums, [name]: this.chance(0.5) && had.length > 1 ? had.slice(1) : this.some(values, 1 + this.below(values.length)) } };
      }
    }
  }

  private addEnum(schema: SchemaSpec): SchemaSpec {
    const name = `${this.one(schemas)}.${quote(this.one(["state", "kind", "Level"])!)}`;
    return { ...schema, enums: { ...schema.enums, [name]: this.some(values, 1 + this.below(4)) } };
  }

  private addTable(schema: SchemaSpec): SchemaSpec {
    const bare = this.one(tableNames)!;
    const id = `${this.one(schemas)}.${quote(bare)}`;
    if (schema.tables.some((table) => table.id === id)) return schema;
    let table: TableSpec = { id, bare, columns: this.columns(schema, 2 + this.below(6), []), uniques: [], checks: [], foreignKeys: [], indexes: [] };
    if (this.chance(0.8)) table = { ...table, ...this.primaryKey(table) };
    if (this.chance(0.3)) table = { ...table, uniques: this.uniques(table) };
    if (this.chance(0.3)) table = { ...table, checks: this.checks(table) };
    return { ...schema, tables: [...schema.tables, { ...table, indexes: this.indexes(table, this.below(3), []) }] };
  }

  private columns(schema: SchemaSpec, count: number, had: readonly ColumnSpec[]): readonly ColumnSpec[] {
    const made: ColumnSpec[] = [];
    for (; count > 0; count--) {
      const name = this.one(columnNames)!;
      if ([...had, ...made].some((column) => column.name === name)) continue;
      const type = this.one(name.endsWith("id") ? ["integer", "integer", "bigint", "uuid"] : [...Object.keys(types), ...Object.keys(schema.enums), ...Object.keys(schema.enums).map((one) => `${one}[]`)])!;
      const column: ColumnSpec = { name, type, notNull: this.chance(0.4) };
      const counting = /^(integer|bigint|smallint)$/.test(type);
      if (counting && this.chance(0.15)) made.push({ ...column, notNull: true, identity: this.one(["ALWAYS", "BY DEFAULT"])! });
      else if (counting && this.chance(0.1)) made.push({ ...column, notNull: true, serial: true });
      else made.push(this.chance(0.4) ? this.withDefault(column, schema) : column);
    }
    const base = [...had, ...made].find((column) => (column.type === "text" || column.type === "integer") && !column.computed);
    if (base && this.chance(0.15) && ![...had, ...made].some(({ name }) => name === "computed")) made.push({ name: "computed", type: base.type, notNull: false, computed: computedOf(base) });
    return made;
  }

  private withDefault({ default: _, ...column }: ColumnSpec, schema: SchemaSpec): ColumnSpec {
    const choices = types[column.type] ?? schema.enums[column.type]?.map(literal) ?? ["'{}'"];
    return this.chance(0.2) ? column : { ...column, default: this.one(choices)! };
  }

  private primaryKey(table: TableSpec): Pick<TableSpec, "primaryKey"> {
    const columns = this.plain(table, 1 + this.below(2));
    return columns.length === 0 ? {} : { primaryKey: { name: columns.length === 1 ? `${table.bare}_pkey` : `${table.bare}_${columns.join("_")}_key`, columns } };
  }

  private uniques(table: TableSpec): TableSpec["uniques"] {
    const columns = this.plain(table, 1 + this.below(2));
    if (columns.length === 0) return table.uniques;
    const name = `${table.bare}_${columns.join("_")}_unique`;
    return [...table.uniques.filter((unique) => unique.name !== name && [...unique.columns].sort().join() !== [...columns].sort().join()), { name, columns, nullsNotDistinct: this.chance(0.2) }];
  }

  private checks(table: TableSpec): TableSpec["checks"] {
    const column = this.one(table.columns)!;
    const name = `${table.bare}_${column.name}_check`;
    return [...table.checks.filter((check) => check.name !== name), { name, columns: [column.name], sql: checkOf(column) }];
  }

  private indexes(table: TableSpec, count: number, had: readonly IndexSpec[]): readonly IndexSpec[] {
    const made = [...had];
    for (; count > 0; count--) {
      const columns = this.some(table.columns.map(({ name }) => name), 1 + this.below(3));
      const name = this.chance(0.7) ? `${table.bare}_${columns.join("_")}_idx` : `${table.bare}_idx`;
      const method = this.chance(0.75) ? "btree" : this.one(["hash", "gin", "brin"])!;
      const decorated = columns.map((column) => `${this.chance(0.15) ? `lower(${quote(column)})` : quote(column)}${this.chance(0.15) ? " text_pattern_ops" : ""}${this.chance(0.2) ? this.one([" desc", " desc nulls last"])! : ""}`);
      const include = this.chance(0.15) ? this.some(table.columns.map(({ name }) => name).filter((one) => !columns.includes(one)), 1) : [];
      const index: IndexSpec = { name, columns, method, keys: decorated, include, unique: this.chance(0.2), rest: this.chance(0.1) ? " with (fillfactor = 70)" : "", ...(this.chance(0.25) && { where: "first" }) };
      // What PostgreSQL tells apart by nothing but the name is for people to tidy up.
      const shape = ({ columns: keys, where, unique }: IndexSpec): string => JSON.stringify([[...keys].sort(), where === undefined, unique]);
      const taken = made.findIndex((one) => one.name === name);
      if (taken >= 0) made.splice(taken, 1);
      if (!made.some((one) => shape(one) === shape(index))) made.push(index);
    }
    return made;
  }

  private addForeignKey(schema: SchemaSpec): SchemaSpec {
    const target = this.one(schema.tables.filter(({ primaryKey, uniques }) => primaryKey || uniques.length > 0));
    if (!target) return schema;
    const key = this.one([...(target.primaryKey ? [target.primaryKey] : []), ...target.uniques])!;
    const from = this.one(schema.tables)!;
    const columns: string[] = [];
    for (const name of key.columns) {
      const wanted = target.columns.find((column) => column.name === name);
      const fitting = from.columns.find((column) => column.type === wanted?.type && !column.computed && !columns.includes(column.name) && (from !== target || !key.columns.includes(column.name)));
      if (!fitting) return schema;
      columns.push(fitting.name);
    }
    const name = `${from.bare}_${columns.join("_")}_${target.bare}_fk`;
    if (from.foreignKeys.some((one) => one.name === name || one.columns.join() === columns.join())) return schema;
    return { ...schema, tables: schema.tables.map((table) => (table === from ? { ...table, foreignKeys: [...table.foreignKeys, { name, columns, target: target.id, to: key.columns, actions: this.one(actions)! }] } : table)) };
  }

  private plain(table: TableSpec, count: number): readonly string[] {
    return this.some(table.columns.filter(({ computed, type }) => !computed && !/json|\[\]/.test(type)).map(({ name }) => name), count);
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private one<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  private some<T>(list: readonly T[], count: number): readonly T[] {
    const left = [...new Set(list)];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.below(left.length), 1)[0]!);
  }
}
