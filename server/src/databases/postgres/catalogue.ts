// What is asked of PostgreSQL's catalogue to make a SchemaModel: narrow sections that the client joins by oid, and each of
// the expensive functions (format_type, pg_get_expr, pg_get_indexdef) once per distinct need. Nothing is assembled here.
import type { Section, Sections } from "./section";
import { stampExpression } from "./stamp";
import { viewSection } from "./views";

export type CatalogueSection =
  | "server" | "schemas" | "relations" | "parents" | "columns" | "types" | "defaults" | "constraints" | "indexes" | "classes"
  | "methods" | "collations" | "enums" | "domains" | "sequences" | "views" | "policies" | "stamp";

/** The expression that the sections below need beside those of every document. */
export const attributes = `
  att as materialized (
    select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation
    from pg_attribute a where a.attrelid in (select tab.oid from tab) and a.attnum > '0' and not a.attisdropped)`;

/** Sections without which there is no model at all. */
export const indispensable: ReadonlySet<CatalogueSection> = new Set(["server", "schemas", "relations", "columns", "types"]);

/** The sections for a server of the major version `major`, 13 or later. */
export function catalogueSections(major: number): Sections<CatalogueSection> {
  return {
    server: section("the server", [
      "current_setting('server_version_num'::text)::int4", "current_database()::text", "current_user::text", "pg_backend_pid()",
      // The session itself is READ ONLY, so its own default says nothing.
      `pg_is_in_recovery() or exists (select from pg_db_role_setting s join pg_database d on d.datname = current_database()
        where s.setdatabase in ('0', d.oid) and s.setrole in ('0', (select r.oid from pg_roles r where r.rolname = current_user)) and array_to_string(s.setconfig, ','::text) ~ 'default_transaction_read_only=(on|true|yes|1)'::text)`,
      "(select pg_catalog.json_agg(pg_catalog.json_build_array(e.extname::text, e.extversion) order by e.extname) from pg_extension e)",
    ]),
    schemas: section("the schemas", ["ns.oid::int8", "ns.nspname::text", "has_schema_privilege(ns.oid, 'USAGE'::text)"], "from ns"),
    relations: section("the tables", [
      "c.oid::int8", "c.relnamespace::int8", "c.relname::text", "c.relkind", "c.relispartition", "c.relrowsecurity",
    ], "from pg_class c join tab on tab.oid = c.oid"),
    views: viewSection,
    parents: section("which table is a partition of which", ["i.inhrelid::int8", "i.inhparent::int8"], "from pg_inherits i where i.inhseqno = '1' and i.inhrelid in (select tab.oid from tab)"),
    columns: section("the columns", [
      "a.attrelid::int8", "a.attnum", "a.attname::text", "a.atttypid::int8", "a.atttypmod",
      "case when a.attnotnull then 'n'::text else ''::text end || a.attidentity::text || a.attgenerated::text", plainCollation("a.attcollation"),
    ], "from att a"),
    types: section("the types", [
      "t.oid::int8", "x.atttypmod", "format_type(t.oid, x.atttypmod)", "case when t.typcategory = 'A' then t.typelem::int8 end", "nullif(t.typbasetype, '0')::int8", plainCollation("t.typcollation"),
    ], "from (select distinct a.atttypid, a.atttypmod from att a) x join pg_type t on t.oid = x.atttypid"),
    defaults: section("the defaults", ["d.adrelid::int8", "d.adnum", "pg_get_expr(d.adbin, d.adrelid)"], "from pg_attrdef d where d.adrelid in (select tab.oid from tab)"),
    constraints: section("the constraints", [
      "k.oid::int8", "k.conrelid::int8", "k.conname::text", "k.contype", "k.conkey", "nullif(k.confrelid, '0')::int8", "k.confkey", "k.confupdtype", "k.confdeltype",
      `case when k.condeferrable then 'd'::text else ''::text end || case when k.condeferred then 'D'::text else ''::text end || case when k.convalidated then 'v'::text else ''::text end${
        major >= 18 ? " || case when k.conenforced then ''::text else 'u'::text end || case when k.conperiod then 'p'::text else ''::text end" : ""}`,
      "nullif(k.conindid, '0')::int8", "nullif(k.conparentid, '0')::int8", "case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid, true) end",
      // A table that is left out (an extension's) can be referenced all the same.
      `case when k.contype = 'f' and k.confrelid not in (select tab.oid from tab) then (
        select pg_catalog.json_build_array(n.nspname::text, c.relname::text, (select pg_catalog.json_agg(a.attname::text order by key.place)
          from rows from (pg_catalog.unnest(k.confkey)) with ordinality key(number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = key.number))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = k.confrelid) end`,
    ], "from pg_constraint k where k.conrelid in (select tab.oid from tab) and k.contype in ('c', 'f', 'p', 'u', 'x', 't')"),
    indexes: section("the indexes", [
      "i.indrelid::int8", "i.indexrelid::int8", "c.relname::text", "c.relam::int8",
      `case when i.indisunique then 'u'::text else ''::text end || case when i.indisvalid and i.indisready then 'v'::text else ''::text end || case when i.indisreplident then 'r'::text else ''::text end${
        major >= 15 ? " || case when i.indnullsnotdistinct then 'n'::text else ''::text end" : ""}`,
      "i.indnkeyatts", "i.indkey::text", "i.indoption::text", "i.indclass::text", "i.indcollation::text", "pg_get_expr(i.indpred, i.indrelid, true)",
      `case when i.indexprs is not null then (
        select pg_catalog.json_agg(pg_get_indexdef(i.indexrelid, key.place, true) order by key.place) from generate_series('1'::int4, i.indnkeyatts::int4) key(place) where i.indkey[key.place - 1] = '0') end`,
      // Whether an expression's collation is its own or the index's, PostgreSQL tells in the whole definition alone.
      "case when i.indexprs is not null then pg_get_indexdef(i.indexrelid, '0'::int4, true) end", "c.reloptions",
      // btree (403) and hash (405) have no operator class with parameters.
      "case when c.relam not in ('403', '405') then (select pg_catalog.json_object_agg(a.attnum::text, a.attoptions) from pg_attribute a where a.attrelid = c.oid and a.attoptions is not null) end",
    ], "from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid in (select tab.oid from tab) and i.indislive"),
    classes: section("the operator classes", ["o.oid::int8", "o.opcname::text", "o.opcdefault", "o.opcmethod::int8", "o.opcintype::int8"], "from pg_opclass o"),
    methods: section("the index methods", ["m.oid::int8", "m.amname::text"], "from pg_am m where m.amtype = 'i'"),
    collations: section("the collations", ["l.oid::int8", "n.nspname::text", "l.collname::text"],
      `from pg_collation l join pg_namespace n on n.oid = l.collnamespace where l.oid <> '100' and (l.oid in (select a.attcollation from att a)
        or l.oid in (select pg_catalog.unnest(i.indcollation::oid[]) from pg_index i where i.indrelid in (select tab.oid from tab)))`),
    enums: section("the enums", ["t.oid::int8", "t.typnamespace::int8", "t.typname::text", "(select pg_catalog.json_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)"],
      `from pg_type t where t.typtype = 'e' and ${ownType}`),
    domains: section("the domains", [
      "t.typnamespace::int8", "t.typname::text", "format_type(t.typbasetype, t.typtypmod)", "t.typnotnull", "t.typdefault",
      "(select pg_catalog.json_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k where k.contypid = t.oid and k.contype = 'c')",
    ], `from pg_type t where t.typtype = 'd' and ${ownType}`),
    sequences: section("the sequences", [
      "c.relnamespace::int8", "c.relname::text", "format_type(s.seqtypid, null::int4)", "d.refobjid::int8", "d.refobjsubid",
      // As text, since numbers of JSON lose digits; hardly any sequence has options.
      `case when not (s.seqincrement = '1' and s.seqstart = '1' and s.seqmin = '1' and s.seqcache = '1' and not s.seqcycle
        and s.seqmax = case s.seqtypid when '21' then '32767'::int8 when '23' then '2147483647'::int8 else '9223372036854775807'::int8 end)
        then pg_catalog.json_build_object('increment'::text, s.seqincrement::text, 'startWith'::text, s.seqstart::text, 'minValue'::text, s.seqmin::text, 'maxValue'::text, s.seqmax::text, 'cache'::text, s.seqcache::text, 'cycle'::text, s.seqcycle) end`,
    ],
      `from pg_sequence s join pg_class c on c.oid = s.seqrelid join ns on ns.oid = c.relnamespace ${ownerOfSequence}
       where c.oid not in (select o.objid from owned o where o.classid = 'pg_class'::regclass::oid)`),
    policies: section("the policies", [
      "p.polrelid::int8", "p.polname::text", "p.polpermissive", "p.polcmd",
      // 0 stands for PUBLIC: https://www.postgresql.org/docs/current/catalog-pg-policy.html
      "case when p.polroles::text = '{0}'::text then '[\"public\"]'::json else (select pg_catalog.json_agg(r.rolname::text order by r.rolname) from pg_roles r where r.oid = any (p.polroles)) end",
      "pg_get_expr(p.polqual, p.polrelid)", "pg_get_expr(p.polwithcheck, p.polrelid)",
      `(select pg_catalog.json_agg(pg_catalog.json_build_array(d.refobjid::int8, d.refobjsubid) order by d.refobjid, d.refobjsubid) from pg_depend d
        where d.classid = 'pg_policy'::regclass::oid and d.objid = p.oid and d.refclassid = 'pg_class'::regclass::oid and d.refobjsubid > '0')`,
    ], "from pg_policy p where p.polrelid in (select tab.oid from tab)"),
    stamp: section("the change stamp", [stampExpression]),
  };
}

/** The column that owns the sequence `s`, as `d`. */
export const ownerOfSequence = `left join pg_depend d on d.classid = 'pg_class'::regclass::oid and d.objid = s.seqrelid and d.objsubid = '0'
  and d.refclassid = 'pg_class'::regclass::oid and d.refobjsubid > '0' and d.deptype in ('a', 'i')`;

const ownType = "t.typnamespace in (select ns.oid from ns) and t.oid not in (select o.objid from owned o where o.classid = 'pg_type'::regclass::oid)";

/** Null for no collation and for the database's default one, whose oid is 100 (pg_collation.dat). */
function plainCollation(oid: string): string {
  return `nullif(nullif(${oid}, '0'), '100')::int8`;
}

function section(what: string, columns: readonly string[], from = ""): Section {
  return { what, columns, from };
}
