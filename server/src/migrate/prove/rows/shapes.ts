// What inserting rows must know of each table: columns with their base types, keys, references and checks, from the catalogue
// of the embedded database. Partitions come with their parent.
import type { Session } from "../../../databases/session";
import { literal } from "../../../dialects/postgres";
import type { QualifiedName } from "../../../model/schema";

export interface ColumnShape {
  /** attnum: stays the same when the column is renamed. */
  readonly number: number;
  readonly name: string;
  /** As format_type spells it. */
  readonly type: string;
  /** Of a domain the type that it is made of, of an array that of its elements. */
  readonly base: string;
  readonly array: boolean;
  /** Of an enum, in order. */
  readonly labels: readonly string[] | null;
  readonly notNull: boolean;
  /** Of a column of texts, what a migration casts them to. */
  readonly castTo?: string;
  /** Computed by an expression: nothing can be inserted. */
  readonly generated: boolean;
  /** The sequence that counts it up: serial and identity. */
  readonly sequence: string | null;
}

export interface TableShape {
  /** Stays the same when the table is renamed. */
  readonly oid: string;
  /** Quoted, with its schema. */
  readonly title: string;
  readonly columns: readonly ColumnShape[];
  /** Columns of each primary key, unique constraint and unique index. */
  readonly keys: readonly (readonly string[])[];
  readonly references: readonly { readonly columns: readonly string[]; readonly oid: string; readonly title: string; readonly keys: readonly string[] }[];
  /** Expressions over `columns`, those of domains included. */
  readonly checks: readonly { readonly expression: string; readonly columns: readonly string[] }[];
}

/** `without`: tables in which runs are recorded. Rejects with a `SessionError`. */
export async function readShapes(session: Session, without: readonly QualifiedName[], signal?: AbortSignal): Promise<readonly TableShape[]> {
  const results = await session.run(`begin read only; set local search_path = pg_catalog; ${shapesSql(without)}; commit`, signal);
  return JSON.parse(results.find(({ fields }) => fields[0] === "shapes")!.rows[0]![0]!) as readonly TableShape[];
}

function shapesSql(without: readonly QualifiedName[]): string {
  const names = without.map(({ schema, name }) => `(n.nspname = ${literal(schema ?? "public")} and c.relname = ${literal(name)})`).join(" or ") || "false";
  const list = (select: string): string => `(select coalesce(json_agg(one), '[]') from (${select}) listed(one))`;
  const columnNames = (table: string, numbers: string): string => `(select coalesce(json_agg(a.attname order by place), '[]') from unnest(${numbers}) with ordinality named(number, place) join pg_attribute a on a.attrelid = ${table} and a.attnum = named.number)`;
  const inner = `coalesce(nullif(e.oid, 0), nullif(b.typbasetype, 0), b.oid)`;
  return `select coalesce(json_agg(json_build_object('oid', c.oid::text, 'title', format('%I.%I', n.nspname, c.relname),
    'columns', ${list(`select json_build_object('number', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'base', format_type(${inner}, case when b.typtype = 'd' then b.typtypmod else a.atttypmod end), 'array', e.oid is not null,
        'labels', (select json_agg(l.enumlabel order by l.enumsortorder) from pg_enum l where l.enumtypid = ${inner}),
        'notNull', a.attnotnull or b.typnotnull, 'generated', a.attgenerated <> '', 'sequence', pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname))
      from pg_attribute a join pg_type b on b.oid = a.atttypid left join pg_type e on b.typcategory = 'A' and e.oid = b.typelem where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum`)},
    'keys', ${list(`select ${columnNames("c.oid", "(i.indkey::int2[])[0:i.indnkeyatts - 1]")} from pg_index i where i.indrelid = c.oid and i.indisunique`)},
    'references', ${list(`select json_build_object('columns', ${columnNames("c.oid", "k.conkey")}, 'oid', k.confrelid::text, 'title', (select format('%I.%I', fn.nspname, f.relname) from pg_class f join pg_namespace fn on fn.oid = f.relnamespace where f.oid = k.confrelid), 'keys', ${columnNames("k.confrelid", "k.confkey")})
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' order by k.conname`)},
    'checks', ${list(`select json_build_object('expression', pg_get_expr(k.conbin, k.conrelid), 'columns', ${columnNames("c.oid", "k.conkey")}) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey is not null
      union all select json_build_object('expression', regexp_replace(substr(pg_get_constraintdef(k.oid), 7), '\\mVALUE\\M', quote_ident(a.attname), 'g'), 'columns', json_build_array(a.attname))
      from pg_attribute a join pg_constraint k on k.contypid = a.atttypid and k.contype = 'c' where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`)}
  ) order by n.nspname, c.relname), '[]')::text as shapes from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not (${names})
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;
}
