// What an interrupted CREATE INDEX CONCURRENTLY has left: whether the index is there, valid, and the one that the statement
// would make. The server itself judges sameness: it makes the index on an empty copy of the table, and takes that back.
import { SessionError, type Session, type StatementResult } from "../../databases/session";
import { literal } from "../../dialects/postgres";
import { quoted } from "../journal/table";
import type { IndexParts } from "./concurrently";
import { processesSql, processTitles } from "./processes";

export interface FoundIndex {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly valid: boolean;
  /** Of the same definition; undefined where that could not be told. */
  readonly same: boolean | undefined;
  /** As pg_get_indexdef has it. */
  readonly definition: string;
}

/** How an index is made, names of itself and its table apart. `i` is pg_index, `c` the index in pg_class. */
const shape = `pg_catalog.jsonb_build_array((select amname from pg_catalog.pg_am where oid = c.relam), i.indisunique, i.indnkeyatts, pg_catalog.to_jsonb(i) -> 'indnullsnotdistinct', i.indoption::text, i.indcollation::text, i.indclass::text,
  (select pg_catalog.jsonb_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false) order by k) from pg_catalog.generate_series(1, i.indnatts) k), pg_catalog.pg_get_expr(i.indpred, i.indrelid), c.reloptions)::text`;

/** Candidates, for `foundIndexes`. */
export function findSql(parts: IndexParts): string {
  const table = `pg_catalog.to_regclass(${literal(quoted(parts.table))})`;
  const which = parts.name === undefined ? `i.indrelid = ${table}` : `c.relname = ${literal(parts.name)} and c.relnamespace = (select relnamespace from pg_catalog.pg_class where oid = ${table})`;
  return `select format('%I.%I', n.nspname, c.relname), coalesce(i.indisvalid and i.indisready and i.indislive, true), case when i.indrelid = ${table} then ${shape} end,
    case when i.indexrelid is null then 'something else than an index' else pg_catalog.pg_get_indexdef(i.indexrelid) end
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace left join pg_catalog.pg_index i on i.indexrelid = c.oid where ${which}`;
}

/** The index of that name; for a nameless one all of its table that are made alike. `candidates` is what `findSql` gave. Rejects with a `SessionError`. */
export async function foundIndexes(session: Session, parts: IndexParts, candidates: StatementResult): Promise<readonly FoundIndex[]> {
  if (candidates.rows.length === 0) return [];
  const expected = await expectedShape(session, parts);
  const found = candidates.rows.map(([name, valid, made, definition]): FoundIndex => ({ name: name!, valid: valid === "t", definition: definition!, same: made === null ? false : expected === undefined ? undefined : made === expected }));
  return parts.name === undefined ? found.filter(({ same }) => same === true) : found;
}

/** Asked and judged at once. */
export async function findIndexes(session: Session, parts: IndexParts): Promise<readonly FoundIndex[]> {
  const [candidates] = await session.run(findSql(parts));
  return foundIndexes(session, parts, candidates!);
}

/** Undefined where the server does not make it: no right to temporary tables, or the statement is wrong, which it will say itself. */
async function expectedShape(session: Session, { table, unique, rest }: IndexParts): Promise<string | undefined> {
  // The same name, since expressions may name the table.
  const copy = quoted({ schema: "pg_temp", name: table.name });
  const index = "plumbline_expected";
  try {
    const results = await session.run(`begin; set local lock_timeout = '5s'; create temporary table ${quoted({ schema: null, name: table.name })} (like ${await qualifiedName(session, table)}) on commit drop;
      create ${unique ? "unique " : ""}index ${index} on ${copy} ${rest};
      select ${shape} from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid where i.indexrelid = 'pg_temp.${index}'::regclass; rollback`);
    return results.at(-2)!.rows[0]![0]!;
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === "lost") throw error;
    await session.run("rollback");
    return undefined;
  }
}

/** With its schema: once the copy exists, the bare name means that. */
async function qualifiedName(session: Session, table: IndexParts["table"]): Promise<string> {
  const [result] = await session.run(`select format('%I.%I', n.nspname, c.relname) from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = pg_catalog.to_regclass(${literal(quoted(table))})`);
  return result!.rows[0]?.[0] ?? quoted(table);
}

/** Sessions that may be building an index of the table at this moment, or have one to drop: an INVALID one of theirs is not to be touched. */
export async function builders(session: Session, parts: Pick<IndexParts, "table">): Promise<readonly string[]> {
  const [result] = await session.run(`${processesSql("a.pid", "since")} from pg_catalog.pg_stat_activity a where a.pid <> pg_catalog.pg_backend_pid() and a.backend_type = 'client backend' and exists (select from pg_catalog.pg_locks l
    where l.pid = a.pid and l.granted and l.locktype = 'relation' and l.mode = 'ShareUpdateExclusiveLock' and l.relation = pg_catalog.to_regclass(${literal(quoted(parts.table))}) and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))`);
  return processTitles(result!.rows);
}
