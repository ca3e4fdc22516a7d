// What a database holds, in PostgreSQL's own words, a line each: the judge of migrations that owes nothing to Plumbline's
// reading or comparing. The order of columns is left out: no migration can keep it.
import type { Client } from "pg";

const sql = `
select 'column ' || a.attrelid::regclass || ' ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
  || case a.attidentity when 'a' then ' identity always' when 'd' then ' identity by default' else '' end || case a.attgenerated when 's' then ' stored' when 'v' then ' virtual' else '' end
  || coalesce(' = ' || pg_get_expr(d.adbin, d.adrelid), '')
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'table ' || c.oid::regclass || ' ' || c.relkind::text || coalesce(' ' || pg_get_partkeydef(c.oid), '') from pg_class c where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'constraint ' || conrelid::regclass || ' ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where contype in ('p', 'u', 'f', 'c', 'x') and connamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'index ' || pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' INVALID' end || case when exists (select from pg_inherits where inhrelid = i.indexrelid) then ' attached' else '' end
  from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'type ' || t.oid::regtype || ' ' || (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)
  from pg_type t where typtype = 'e' and typnamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'view ' || c.oid::regclass || ' ' || pg_get_viewdef(c.oid) from pg_class c where c.relkind in ('v', 'm') and c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace)
union all select 'sequence ' || c.oid::regclass || ' ' || s.seqtypid::regtype from pg_class c join pg_sequence s on s.seqrelid = c.oid where c.relnamespace in ('public'::regnamespace, 'sales'::regnamespace)`;

/** Sorted lines. */
export async function catalogue(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(`select line from (${sql}) as lines (line) order by line`);
  return rows.map(({ line }) => line);
}

/** Both schemas of the random ones, with a table that is on either side: what is in a schema of which the code knows nothing is left alone. */
export const emptySchemas = "drop schema if exists public cascade; drop schema if exists sales cascade; create schema public; create schema sales; create table public.keeper (id int); create table sales.keeper (id int)";
