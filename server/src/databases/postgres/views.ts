// Views as the catalogue has them: what they read, which is in the way of changes, and what goes with one that is dropped.
import type { QualifiedName, View } from "../../model/schema";
import type { Section } from "./section";
import { rows } from "./section";

type ViewRow = [
  oid: number, schema: number, name: string, materialized: boolean, definition: string, options: string[] | null, method: string | null, tablespace: string | null, output: string[] | null,
  uses: [schema: string, name: string, columns: (string | null)[]][] | null, indexes: [name: string, definition: string, columns: string[] | null][] | null, besides: string,
];

/** One row a view; nothing else of it is asked for. */
export const viewSection: Section = {
  what: "the views",
  columns: [
    "c.oid::int8", "c.relnamespace::int8", "c.relname::text", "c.relkind = 'm'", "pg_get_viewdef(c.oid)", "c.reloptions",
    "(select nullif(m.amname::text, 'heap'::text) from pg_am m where m.oid = c.relam)", "(select s.spcname::text from pg_tablespace s where s.oid = c.reltablespace)",
    "(select pg_catalog.json_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > '0' and not a.attisdropped)",
    `(select pg_catalog.json_agg(pg_catalog.json_build_array(x.nspname::text, x.relname::text, x.columns) order by x.nspname, x.relname) from (
      select n.nspname, r.relname, pg_catalog.json_agg(a.attname::text order by a.attnum) as columns
      from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass::oid and d.objid = w.oid and d.refclassid = 'pg_class'::regclass::oid and d.refobjid <> c.oid
        join pg_class r on r.oid = d.refobjid and r.relkind in ('r', 'p', 'f', 'v', 'm') join pg_namespace n on n.oid = r.relnamespace
        left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attnum > '0'
      where w.ev_class = c.oid group by n.nspname, r.relname) x)`,
    `case when c.relkind = 'm' then (select pg_catalog.json_agg(pg_catalog.json_build_array(k.relname::text, pg_get_indexdef(i.indexrelid), case when i.indexprs is null and i.indpred is null then
      (select pg_catalog.json_agg(a.attname::text) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (i.indkey::int2[])) end) order by k.relname)
      from pg_index i join pg_class k on k.oid = i.indexrelid where i.indrelid = c.oid) end`,
    `case when c.relacl is not null then 'privileges '::text else ''::text end || case when exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) then 'triggers '::text else ''::text end
      || case when exists (select from pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN') then 'rules '::text else ''::text end
      || case when exists (select from pg_description p where p.objoid = c.oid and p.classoid = 'pg_class'::regclass::oid) then 'comments '::text else ''::text end`,
  ],
  from: "from pg_class c where c.oid in (select rel.oid from rel where rel.relkind in ('v', 'm'))",
};

export function viewsOf(section: readonly (readonly unknown[])[], named: (schema: number, name: string) => QualifiedName): readonly View[] {
  return rows<ViewRow>(section).map(([, schema, name, materialized, definition, options, using, tablespace, output, uses, indexes, besides]): View => ({
    name: named(schema, name), materialized, definition,
    ...(options && options.length > 0 && { options: Object.fromEntries(options.map((option) => { const at = option.indexOf("="); return [option.slice(0, at), option.slice(at + 1)]; })) }),
    ...(using !== null && { using }), ...(tablespace !== null && { tablespace }), ...(output && { output }),
    ...(uses && { uses: uses.map(([from, relation, columns]) => ({ name: { schema: from, name: relation }, columns: columns.filter((column) => column !== null) })) }),
    ...(indexes && { indexes: indexes.map(([index, text, columns]) => ({ name: index, definition: text, ...(columns && { columns }) })) }),
    ...(besides !== "" && { besides: besides.trim().split(" ") }),
  }));
}
