// The INVALID indexes of a database, which a CREATE or REINDEX INDEX CONCURRENTLY leaves that came to no end: asked for as one
// value, so that it costs no round trip of its own, and told with what to do.
import { leftoverAdvice, reindexLeftover } from "./reindex-leftover";

/** One row, one value, for `invalidIndexProblems`. Whoever holds that lock on the table may be building the index at this moment. */
export const invalidIndexesSql = `select pg_catalog.json_agg(pg_catalog.json_build_array(format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), c.relname,
    (select pg_catalog.json_agg(other.relname) from pg_catalog.pg_index o join pg_catalog.pg_class other on other.oid = o.indexrelid where o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid),
    (select min(l.pid) from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid where l.granted and l.locktype = 'relation' and l.mode = 'ShareUpdateExclusiveLock' and l.relation = i.indrelid
      and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()) and a.backend_type is distinct from 'autovacuum worker')) order by n.nspname, c.relname)::text
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
  where not i.indisvalid and n.nspname !~ '^pg_'`;

/** A full sentence or two for each: where it comes from, and what to do. */
export function invalidIndexProblems(value: string | null | undefined): readonly string[] {
  const found = JSON.parse(value ?? "[]") as readonly (readonly [index: string, table: string, name: string, others: readonly string[] | null, builder: number | null])[];
  return found.map(([index, table, name, others, builder]) => {
    if (builder !== null) return `The index ${index} of ${table} is INVALID, and process ${builder} may be building it at this moment: look again when that has ended.`;
    const leftover = reindexLeftover(name, others ?? []);
    if (leftover) return leftoverAdvice(`The index ${index} of ${table}`, leftover.original, leftover);
    return `The index ${index} of ${table} is INVALID: it serves no query, and is kept up to date all the same. Rebuild it (REINDEX INDEX CONCURRENTLY), or drop it and run its migration again.`;
  });
}
