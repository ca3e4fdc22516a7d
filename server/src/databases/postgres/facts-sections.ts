// What is asked of PostgreSQL's statistics: sizes, rows, scans and sequences, in the same form as the catalogue. The
// functions behind the pg_stat views are called directly, because the views join and group what is joined here anyway.
// https://www.postgresql.org/docs/current/monitoring-stats.html
import { ownerOfSequence } from "./catalogue";
import type { Section, Sections } from "./section";

export type FactsSection = "server" | "tables" | "indexes" | "parents" | "keys" | "widths" | "sequences" | "building";

/**
 * The size functions wait for the lock of whoever alters the table. What is locked, or about to be, is told by the
 * catalogue's own count of pages instead.
 */
export const factsExpressions = `
  stored as materialized (
    select c.oid, c.relname, c.relnamespace, c.relpages, c.reltuples, rel.relkind from rel join pg_class c on c.oid = rel.oid where rel.relkind in ('r', 'p', 'm', 'f')),
  locked as materialized (
    select l.relation from pg_locks l where l.locktype = 'relation'::text and l.mode = 'AccessExclusiveLock'::text and l.pid <> pg_backend_pid() and l.relation is not null),
  idx as materialized (
    select i.indexrelid, i.indrelid, i.indnkeyatts, i.indkey, i.indnatts, c.relname, c.relpages, c.reltuples, c.relam, c.reloptions,
      i.indexrelid in (select locked.relation from locked) or i.indrelid in (select locked.relation from locked) as busy
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid in (select stored.oid from stored) and i.indislive),
  suspect as materialized (
    select idx.indexrelid, idx.indrelid, a.attnum, a.attname, k.attname as key, k.attnum as place, idx.relname
    from idx join pg_am m on m.oid = idx.relam and m.amname = 'btree' join pg_attribute k on k.attrelid = idx.indexrelid
      left join pg_attribute a on a.attrelid = idx.indrelid and a.attnum = idx.indkey[k.attnum - 1] and a.attnum > '0'
    where idx.relpages >= '128'::int4 and idx.reltuples > '0')`;

const pageSize = "current_setting('block_size'::text)::int8";

/** For any server of version 13 or later. */
export const factsSections: Sections<FactsSection> = {
  server: section("the server's statistics", [
    milliseconds("clock_timestamp()"), "current_setting('server_version_num'::text)::int4", "pg_database_size(current_database())", "(select sum(pg_stat_get_db_numbackends(d.oid)) from pg_database d)",
    "current_setting('max_connections'::text)::int4",
    milliseconds("coalesce((select pg_stat_get_db_stat_reset_time(d.oid) from pg_database d where d.datname = current_database()), pg_postmaster_start_time())"), pageSize,
    // https://www.postgresql.org/docs/current/runtime-config-locks.html#GUC-MAX-LOCKS-PER-TRANSACTION
    "current_setting('max_locks_per_transaction'::text)::int8 * (current_setting('max_connections'::text)::int8 + current_setting('max_prepared_transactions'::text)::int8)",
  ]),
  tables: section("the tables' statistics", [
    "c.oid::int8", "n.nspname::text", "c.relname::text", "c.relkind", "c.reltuples", "c.relpages",
    `case when c.relkind not in ('r', 'm') then '0'::int8 when c.oid in (select locked.relation from locked) then c.relpages::int8 * ${pageSize} else pg_table_size(c.oid::regclass) end`,
    "pg_stat_get_numscans(c.oid)", "pg_stat_get_tuples_returned(c.oid)", "pg_stat_get_tuples_inserted(c.oid)", "pg_stat_get_tuples_updated(c.oid)", "pg_stat_get_tuples_deleted(c.oid)",
    "pg_stat_get_mod_since_analyze(c.oid)", "pg_stat_get_dead_tuples(c.oid)", milliseconds("greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid))"),
  ], "from stored c join ns n on n.oid = c.relnamespace"),
  indexes: section("the indexes' statistics", [
    "i.indexrelid::int8", "i.indrelid::int8", "i.relname::text", `case when i.busy then i.relpages::int8 * ${pageSize} else pg_relation_size(i.indexrelid::regclass) end`,
    "pg_stat_get_numscans(i.indexrelid)", "i.relpages", "i.reltuples", "i.reloptions",
  ], "from idx i"),
  parents: section("which table is a partition of which", ["i.inhrelid::int8", "i.inhparent::int8"], "from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relispartition"),
  keys: section("the keys of large indexes", ["s.indexrelid::int8", "coalesce(s.indrelid::int8, '0'::int8)", "s.place", "s.attname::text"], "from suspect s"),
  widths: section("the widths of keys", ["s.indexrelid::int8", "s.place", "p.null_frac", "p.avg_width"],
    `from suspect s join pg_class t on t.oid = case when s.attname is null then s.indexrelid else s.indrelid end join pg_namespace n on n.oid = t.relnamespace
       join pg_stats p on p.schemaname = n.nspname and p.tablename = t.relname and p.attname = coalesce(s.attname, s.key) and not p.inherited`),
  sequences: section("the sequences", [
    "n.nspname::text", "c.relname::text",
    // Each one that is looked into stays locked until the end, in a table of limited size.
    `case when has_sequence_privilege(c.oid, 'USAGE,SELECT'::text) and (select count(*) from pg_sequence) < current_setting('max_locks_per_transaction'::text)::int8 * current_setting('max_connections'::text)::int8 / '2'::int8
       then pg_sequence_last_value(c.oid::regclass) end`,
    "case when s.seqincrement > '0' then s.seqmax else s.seqmin end", "tn.nspname::text", "t.relname::text", "a.attname::text", "format_type(a.atttypid, a.atttypmod)",
  ], `from pg_sequence s join pg_class c on c.oid = s.seqrelid join ns n on n.oid = c.relnamespace ${ownerOfSequence}
      left join pg_class t on t.oid = d.refobjid left join pg_namespace tn on tn.oid = t.relnamespace left join pg_attribute a on a.attrelid = t.oid and a.attnum::int4 = d.refobjsubid
      where c.oid not in (select o.objid from owned o where o.classid = 'pg_class'::regclass::oid)`),
  building: section("the indexes that are being built", ["b.index_relid::int8"], "from pg_stat_progress_create_index b where b.index_relid <> '0'"),
};

/** Since 1970, as a whole number. */
function milliseconds(time: string): string {
  return `(extract(epoch from ${time}) * 1000)::int8`;
}

function section(what: string, columns: readonly string[], from = ""): Section {
  return { what, columns, from };
}
