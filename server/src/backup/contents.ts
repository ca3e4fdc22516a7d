// What a database holds: its schema as Plumbline reads it, and each table's rows. Both sides of a comparison are read by
// this, the one that is dumped in the dump's own snapshot.
import { compare } from "../compare/compare";
import type { BulkSession } from "../databases/bulk";
import { printing } from "../databases/postgres/message";
import { schemaReading, schemaSql } from "../databases/postgres/reading";
import { literal } from "../dialects/postgres";
import type { SchemaModel } from "../model/schema";
import { changeText } from "../report/change-text";

export interface Contents {
  readonly schema: SchemaModel;
  /** "schema.table" -> rows; partitions each by themselves, members of extensions not at all. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Tables of one message: a count may take long, and a message is what can be told of. */
const together = 20;

/** In the transaction that the session is in, whose settings of printing it changes. Rejects with a `DatabaseError`. */
export async function contentsOf(session: BulkSession, onProgress?: (message: string) => void): Promise<Contents> {
  const set = Object.entries(printing).map(([name, value]) => `set local ${name} = ${literal(value)}`);
  const read = (await session.run([...set, "set local row_security = off", schemaSql(session.version)].join("; "))).at(-1)!;
  const { model } = schemaReading(read[0]![0]!, session.name, session.version, false);
  const tables = (await session.run(tablesSql)).at(-1)!;
  const rows: Record<string, number> = {};
  for (let at = 0; at < tables.length; at += together) {
    onProgress?.(`Counting rows, table ${at + 1} of ${tables.length}`);
    const some = tables.slice(at, at + together);
    const counts = await session.run(some.map(([, quoted]) => `select count(*) from only ${quoted}`).join("; "));
    some.forEach(([name], position) => (rows[name!] = Number(counts[position]![0]![0])));
  }
  return { schema: model, rows };
}

/** Large objects and other databases are none of a database's tables. */
const tablesSql = `select n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by 1`;

/** Full sentences: rows that lack or are too many, in tables that both have. */
export function countProblems(expected: Contents["rows"], found: Contents["rows"]): readonly string[] {
  return Object.entries(expected).flatMap(([table, rows]) => {
    const there = found[table];
    return there === undefined || there === rows ? [] : [`The table ${table} has ${counted(there)}, and should have ${counted(rows)}.`];
  });
}

/** Full sentences: what must change for `found` to be as `expected`. `additions`: what `found` has beyond that counts too. */
export function schemaProblems(expected: SchemaModel, found: SchemaModel, additions: "count" | "are allowed"): readonly string[] {
  return compare(expected, withoutInvalid(found), { exact: true }).flatMap((change) => {
    const { sign, subject, text } = changeText(change);
    if (sign === "+" && additions === "are allowed") return [];
    const what = text === "" ? subject : `${subject}: ${text}`;
    return [sign === "-" ? `It lacks ${what}.` : sign === "+" ? `It has ${what}, which is not expected.` : `It differs in ${what} (expected → found).`];
  });
}

/** An index that an interrupted build left INVALID serves nothing, and no dump holds it. */
export function withoutInvalid(model: SchemaModel): SchemaModel {
  return { ...model, tables: model.tables.map((table) => ({ ...table, indexes: table.indexes.filter(({ valid }) => valid !== false) })) };
}

function counted(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
