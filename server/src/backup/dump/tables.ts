// Tables, partitioned, inherited and foreign ones included: what makes them, what their columns have besides, and their rows.
// Keys, indexes and what else is checked or fired come after the rows.
import { foreignOptions, idOf, notOfExtension, ownSchema, reloptions, type Catalogue } from "./catalogue";
import { sequenceOptions } from "./definitions";
import { ranks, type DumpObject } from "./objects";

interface TableRow {
  readonly id: string;
  readonly oid: string;
  /** Quoted, with its schema. */
  readonly name: string;
  /** r table, p partitioned, f foreign. */
  readonly kind: "r" | "p" | "f";
  readonly unlogged: boolean;
  readonly options: string;
  readonly method: string | null;
  readonly tablespace: string | null;
  readonly partitionKey: string | null;
  readonly bound: string | null;
  readonly parents: readonly { readonly id: string; readonly name: string }[] | null;
  readonly ofType: string | null;
  readonly server: string | null;
  readonly rowType: string;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
}

interface ColumnRow {
  readonly table: string;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly local: boolean;
  readonly identity: "" | "a" | "d";
  readonly generated: "" | "s" | "v";
  readonly collation: string | null;
  readonly expression: string | null;
  readonly expressionId: string | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly target: number | null;
  readonly options: string | null;
  readonly foreignOptions: string;
  readonly sequence: { readonly id: string; readonly name: string; readonly options: string; readonly unlogged: boolean } | null;
  /** From PostgreSQL 18 on, NOT NULL is a constraint with a name. */
  readonly constraint: { readonly id: string; readonly name: string; readonly local: boolean; readonly valid: boolean; readonly noInherit: boolean } | null;
}

interface CheckRow {
  readonly table: string;
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  readonly local: boolean;
  readonly valid: boolean;
}

/** A foreign table has no rows of its own; a partitioned one leaves them to its partitions. */
export async function tables(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  const list = await documents<TableRow>(catalogue, tablesSql);
  const columns = grouped(await documents<ColumnRow>(catalogue, columnsSql(catalogue.major)));
  const checks = grouped(await documents<CheckRow>(catalogue, checksSql));
  return list.flatMap((table) => tableObjects(table, columns.get(table.oid) ?? [], checks.get(table.oid) ?? [], catalogue.major));
}

async function documents<Row>(catalogue: Catalogue, sql: string): Promise<readonly Row[]> {
  return (await catalogue.ask(sql)).map(([json]) => JSON.parse(json!) as Row);
}

function grouped<Row extends { readonly table: string }>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.table, [...(groups.get(row.table) ?? []), row]);
  return groups;
}

/** Condition for rows of pg_class `c`: a user's tables. */
const ownTables = `relkind in ('r', 'p', 'f') and relpersistence <> 't' and ${ownSchema("relnamespace")} and ${notOfExtension("pg_class", "c.oid")}`;

const tablesSql = `select json_build_object('id', ${idOf("pg_class", "c.oid")}, 'oid', c.oid::text, 'name', c.oid::regclass::text, 'kind', relkind, 'unlogged', relpersistence = 'u',
  'options', ${reloptions("reloptions || coalesce((select array_agg('toast.' || o) from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid), '{}')")},
  'method', (select amname from pg_am where pg_am.oid = relam and amname <> 'heap'), 'tablespace', (select quote_ident(spcname) from pg_tablespace s where s.oid = reltablespace),
  'partitionKey', pg_get_partkeydef(c.oid), 'bound', pg_get_expr(relpartbound, c.oid),
  'parents', (select json_agg(json_build_object('id', ${idOf("pg_class", "inhparent")}, 'name', inhparent::regclass::text) order by inhseqno) from pg_inherits where inhrelid = c.oid),
  'ofType', case when reloftype <> 0 then reloftype::regtype::text end, 'server', (select format('%I%s', srvname, ${foreignOptions("ftoptions")}) from pg_foreign_table join pg_foreign_server s on s.oid = ftserver where ftrelid = c.oid),
  'rowType', (select ${idOf("pg_type", "t.oid")} from pg_type t where typrelid = c.oid), 'rowSecurity', relrowsecurity, 'forceRowSecurity', relforcerowsecurity)
  from pg_class c where ${ownTables}`;

const columnsSql = (major: number): string => `select json_build_object('table', attrelid::text, 'number', attnum, 'name', quote_ident(attname), 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull, 'local', attislocal,
  'identity', attidentity, 'generated', attgenerated,
  'collation', (select format('%I.%I', nspname, collname) from pg_collation l join pg_namespace m on m.oid = collnamespace where l.oid = attcollation and attcollation <> typcollation),
  'expression', pg_get_expr(adbin, adrelid), 'expressionId', ${idOf("pg_attrdef", "d.oid")},
  'storage', case when attstorage <> typstorage then case attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end,
  'compression', case to_jsonb(a)->>'attcompression' when 'p' then 'pglz' when 'l' then 'lz4' end, 'target', case when attstattarget >= 0 then attstattarget end,
  'options', (select string_agg(quote_ident(split_part(o, '=', 1)) || '=' || quote_literal(substr(o, strpos(o, '=') + 1)), ', ') from unnest(attoptions) o), 'foreignOptions', ${foreignOptions("attfdwoptions")},
  'sequence', case when attidentity <> '' then (select json_build_object('id', ${idOf("pg_class", "s.oid")}, 'name', s.oid::regclass::text, 'options', ${sequenceOptions}, 'unlogged', s.relpersistence = 'u') from pg_depend i join pg_class s on s.oid = i.objid join pg_sequence on seqrelid = s.oid
    where i.classid = 'pg_class'::regclass and i.refclassid = 'pg_class'::regclass and i.refobjid = attrelid and i.refobjsubid = attnum and i.deptype = 'i') end,
  'constraint', ${major < 18 ? "null" : `(select json_build_object('id', ${idOf("pg_constraint", "k.oid")}, 'name', quote_ident(conname), 'local', conislocal, 'valid', convalidated, 'noInherit', connoinherit) from pg_constraint k where conrelid = attrelid and contype = 'n' and conkey = array[attnum])`})
  from pg_attribute a join pg_class c on c.oid = attrelid join pg_type t on t.oid = atttypid left join pg_attrdef d on adrelid = attrelid and adnum = attnum
  where attnum > 0 and not attisdropped and ${ownTables} order by attrelid, attnum`;

const checksSql = `select json_build_object('table', conrelid::text, 'id', ${idOf("pg_constraint", "k.oid")}, 'name', quote_ident(conname), 'definition', pg_get_constraintdef(k.oid), 'local', conislocal, 'valid', convalidated or coalesce((to_jsonb(k)->>'conenforced') = 'false', false))
  from pg_constraint k join pg_class c on c.oid = conrelid where contype = 'c' and ${ownTables} order by conname`;

function tableObjects(table: TableRow, columns: readonly ColumnRow[], checks: readonly CheckRow[], major: number): readonly DumpObject[] {
  const partition = table.bound !== null;
  const printed = columns.filter(({ local }) => local || partition);
  const ownChecks = checks.filter(({ local }) => local || partition);
  const inline = ownChecks.filter(({ valid }) => valid);
  const identities = columns.filter(({ identity }) => identity !== "").filter(() => !(partition && major >= 17));
  const target = `${table.kind === "f" ? "FOREIGN TABLE" : "TABLE"} ONLY ${table.name}`;
  const definition = [...printed.map((column) => columnText(column)), ...inline.map(({ name, definition: text }) => `CONSTRAINT ${name} ${text}`)];
  const inherits = partition || table.parents === null ? "" : `\nINHERITS (${table.parents.map(({ name }) => name).join(", ")})`;
  const create = [
    `CREATE ${table.unlogged ? "UNLOGGED " : ""}${table.kind === "f" ? "FOREIGN " : ""}TABLE ${table.name} (${definition.map((line) => `\n    ${line}`).join(",")}\n)${inherits}`,
    table.partitionKey === null ? "" : `\nPARTITION BY ${table.partitionKey}`,
    table.method === null ? "" : `\nUSING ${table.method}`,
    table.server === null ? "" : `\nSERVER ${table.server}`,
    table.options,
    table.tablespace === null ? "" : `\nTABLESPACE ${table.tablespace}`,
    ";",
  ].join("");
  const alter = (what: string): string => `ALTER ${target} ${what};`;
  const object: DumpObject = {
    id: table.id,
    also: [
      table.rowType, ...inline.map(({ id }) => id),
      ...columns.flatMap(({ generated, expressionId, constraint, sequence }) => [...(generated !== "" && expressionId !== null ? [expressionId] : []), ...(constraint ? [constraint.id] : []), ...(sequence ? [sequence.id] : [])]),
    ],
    needs: partition ? [] : (table.parents ?? []).map(({ id }) => id),
    rank: ranks.table,
    title: `table ${table.name}`,
    sql: [
      create,
      ...(table.ofType === null ? [] : [alter(`OF ${table.ofType}`)]),
      ...columns.flatMap((column) => columnStatements(column, printed.includes(column), alter)),
      ...identities.map((column) => identityText(column, table.name)),
      ...ownChecks.filter(({ valid }) => !valid).map(({ name, definition: text }) => alter(`ADD CONSTRAINT ${name} ${text}`)),
      ...(table.rowSecurity ? [alter("ENABLE ROW LEVEL SECURITY")] : []),
      ...(table.forceRowSecurity ? [alter("FORCE ROW LEVEL SECURITY")] : []),
    ],
  };
  return [object, ...(partition ? [attachment(table)] : []), ...defaults(table, columns, alter), ...rows(table, columns)];
}

function columnText({ name, type, collation, notNull, constraint, generated, expression, foreignOptions: options }: ColumnRow): string {
  const required = !notNull || constraint?.valid === false ? "" : constraint === null ? " NOT NULL" : ` CONSTRAINT ${constraint.name} NOT NULL${constraint.noInherit ? " NO INHERIT" : ""}`;
  const computed = generated === "" ? "" : ` GENERATED ALWAYS AS (${expression}) ${generated === "s" ? "STORED" : "VIRTUAL"}`;
  return `${name} ${type}${options}${collation === null ? "" : ` COLLATE ${collation}`}${computed}${required}`;
}

/** What the table's own definition cannot say of a column, or does not because the column is a parent's. */
function columnStatements({ name, notNull, constraint, storage, compression, target, options }: ColumnRow, printed: boolean, alter: (what: string) => string): readonly string[] {
  const inherited = !printed && notNull ? (constraint === null ? [`ALTER COLUMN ${name} SET NOT NULL`] : constraint.local && constraint.valid ? [`ADD CONSTRAINT ${constraint.name} NOT NULL ${name}`] : []) : [];
  return [
    ...inherited,
    ...(constraint?.valid === false ? [`ADD CONSTRAINT ${constraint.name} NOT NULL ${name}${constraint.noInherit ? " NO INHERIT" : ""} NOT VALID`] : []),
    ...(storage === null ? [] : [`ALTER COLUMN ${name} SET STORAGE ${storage}`]),
    ...(compression === null ? [] : [`ALTER COLUMN ${name} SET COMPRESSION ${compression}`]),
    ...(target === null ? [] : [`ALTER COLUMN ${name} SET STATISTICS ${target}`]),
    ...(options === null ? [] : [`ALTER COLUMN ${name} SET (${options})`]),
  ].map(alter);
}

function identityText({ name, identity, sequence }: ColumnRow, table: string): string {
  return `ALTER TABLE ${table} ALTER COLUMN ${name} ADD GENERATED ${identity === "a" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (SEQUENCE NAME ${sequence!.name} ${sequence!.options});`;
}

function attachment({ id, name, parents, bound }: TableRow): DumpObject {
  const [parent] = parents!;
  return { id: `attach:${id}`, needs: [id, parent!.id], rank: ranks.attach, title: `partition ${name}`, sql: [`ALTER TABLE ONLY ${parent!.name} ATTACH PARTITION ${name} ${bound};`] };
}

/** Apart from the table, since a default may call a function that knows the table. */
function defaults(table: TableRow, columns: readonly ColumnRow[], alter: (what: string) => string): readonly DumpObject[] {
  return columns.flatMap(({ name, generated, expression, expressionId }) =>
    generated === "" && expression !== null ? [{ id: expressionId!, needs: [table.id], rank: ranks.default, title: `default of ${table.name}.${name}`, sql: [alter(`ALTER COLUMN ${name} SET DEFAULT ${expression}`)] }] : []);
}

function rows(table: TableRow, columns: readonly ColumnRow[]): readonly DumpObject[] {
  if (table.kind !== "r") return [];
  const stored = columns.filter(({ generated }) => generated === "").map(({ name }) => name);
  // A table without columns has rows all the same; COPY takes no empty list.
  const list = stored.length > 0 ? ` (${stored.join(", ")})` : "";
  return [{
    id: `data:${table.oid}`, needs: [table.id, ...(table.bound === null ? [] : [`attach:${table.id}`])], rank: ranks.data, title: `rows of ${table.name}`, sql: [],
    copy: { out: `COPY ${table.name}${list} TO stdout`, in: `COPY ${table.name}${list} FROM stdin;` },
  }];
}
