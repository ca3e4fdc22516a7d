// Everything a database consists of beside its rows, as PostgreSQL prints it, a line an object: functions, triggers, views
// and policies too, of which the schema model knows nothing. Two such lists of one server are compared by their texts.
import type { Session } from "../../databases/session";
import { literal, postgres } from "../../dialects/postgres";
import type { QualifiedName } from "../../model/schema";

/** "index public.orders_client_id_idx" -> its definition. Comments, grants, owners and the order of columns are left out. */
export type Fingerprint = ReadonlyMap<string, string>;

/** `without`: the tables in which runs are recorded, by name. Rejects with a `SessionError`. */
export async function fingerprint(session: Session, without: readonly QualifiedName[], signal?: AbortSignal): Promise<Fingerprint> {
  const results = await session.run(fingerprintMessage(without), signal);
  return new Map(results.find(({ fields }) => fields[0] === "object")!.rows.map(([object, definition]) => [object!, definition ?? ""]));
}

/** As if the schema that the connection searches were public, where a replay lies; undefined: it is. What lies in the real public cannot be reached by bare names, and is left out. */
export function seenInPublic(actual: Fingerprint, searched: string | undefined): Fingerprint {
  if (searched === undefined || searched === "public") return actual;
  return new Map([...actual].filter(([object]) => !/^[a-z ]+ public\./.test(object)).map(([object, definition]) => [withSchema(object, searched, "public"), withSchema(definition, searched, "public")]));
}

/** What `seenInPublic` calls an object, as the database calls it. */
export function titleOf(object: string, searched: string | undefined): string {
  return searched === undefined ? object : withSchema(object, "public", searched);
}

/** What PostgreSQL has printed, with what it says to lie in `from` in `to`. A plain name is printed without quotes, unless it is a word of SQL. */
function withSchema(printed: string, from: string, to: string): string {
  const spelled = [postgres.quote(from), from].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return printed.replaceAll(new RegExp(`(?<![\\w$".])(?:${spelled.join("|")})\\.`, "g"), () => `${to === "public" ? to : postgres.quote(to)}.`);
}

/** Full sentences: what of `before` is missing or otherwise in `after`, and what is there that was not. `when`: "After down". */
export function differencesOf(before: Fingerprint, after: Fingerprint, when: string): readonly string[] {
  const sentences: string[] = [];
  for (const [object, definition] of before) {
    const now = after.get(object);
    if (now === undefined) sentences.push(`${when}, the ${object} is missing: ${shown(definition)}.`);
    else if (now !== definition) sentences.push(`${when}, the ${object} is ${shown(now)}, and was ${shown(definition)}.`);
  }
  for (const [object, definition] of after) if (!before.has(object)) sentences.push(`${when}, the ${object} is there, which was not there before: ${shown(definition)}.`);
  // A table that is missing is said once, not with each of its columns.
  const tables = [...before.keys(), ...after.keys()].filter((object) => object.startsWith("table ") && before.has(object) !== after.has(object)).map((object) => object.slice("table ".length));
  return sentences.filter((sentence) => !tables.some((table) => sentence.includes(` ${table}.`)));
}

function shown(definition: string): string {
  const line = definition.replaceAll(/\s+/g, " ").trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line || "empty";
}

/** One message whose only rows are `object` and `definition`: for a server from 13 on, in a READ ONLY transaction. */
export function fingerprintMessage(without: readonly QualifiedName[]): string {
  return `begin read only; set local search_path = pg_catalog; ${fingerprintSql(without)}; commit`;
}

function fingerprintSql(without: readonly QualifiedName[]): string {
  const names = without.map(({ schema, name }) => `(n.nspname = ${literal(schema ?? "public")} and c.relname = ${literal(name)})`).join(" or ") || "false";
  const ofExtension = (catalogue: string, oid: string): string => `exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
  const own = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
  return `with recorded as (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${names}),
    tables as (select c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as title from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${own} and c.relkind in ('r', 'p', 'f', 'v', 'm') and c.oid not in (select oid from recorded) and not ${ofExtension("pg_class", "c.oid")})
    select 'table ' || title as object, format('%s%s%s%s%s', case relkind when 'p' then 'partitioned by ' || pg_get_partkeydef(oid) when 'f' then 'a foreign table' else 'a table' end,
        case when relispartition then ' ' || pg_get_expr(relpartbound, oid) end, case when relrowsecurity then ' with row level security' end, case when relforcerowsecurity then ', forced' end, ' ' || reloptions::text) as definition
      from tables where relkind in ('r', 'p', 'f')
    union all select case relkind when 'v' then 'view ' else 'materialized view ' end || title, pg_get_viewdef(oid) from tables where relkind in ('v', 'm')
    union all select 'column ' || t.title || '.' || quote_ident(a.attname), format('%s%s%s%s%s', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' end,
        case when a.attgenerated <> '' then ' generated ' || pg_get_expr(e.adbin, e.adrelid) else ' default ' || pg_get_expr(e.adbin, e.adrelid) end,
        case a.attidentity when 'a' then ' identity always' when 'd' then ' identity' end, case when a.attcollation <> y.typcollation then ' collate ' || a.attcollation::regcollation::text end)
      from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped join pg_type y on y.oid = a.atttypid left join pg_attrdef e on e.adrelid = a.attrelid and e.adnum = a.attnum where t.relkind in ('r', 'p', 'f')
    union all select 'constraint ' || t.title || '.' || quote_ident(k.conname), pg_get_constraintdef(k.oid) from tables t join pg_constraint k on k.conrelid = t.oid where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
    union all select 'index ' || format('%I.%I', t.nspname, c.relname), pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' INVALID' end || case when i.indisreplident then ' replica identity' else '' end from tables t join pg_index i on i.indrelid = t.oid join pg_class c on c.oid = i.indexrelid
    union all select 'trigger ' || t.title || '.' || quote_ident(g.tgname), pg_get_triggerdef(g.oid) || case g.tgenabled when 'D' then ' disabled' else '' end from tables t join pg_trigger g on g.tgrelid = t.oid where not g.tgisinternal and g.tgparentid = 0
    union all select 'policy ' || t.title || '.' || quote_ident(p.polname), format('%s %s using %s check %s to %s', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), (select string_agg(coalesce(r.rolname, 'public'), ', ' order by r.rolname) from unnest(p.polroles) one left join pg_roles r on r.oid = one)) from tables t join pg_policy p on p.polrelid = t.oid
    union all select 'rule ' || t.title || '.' || quote_ident(r.rulename), pg_get_ruledef(r.oid) from tables t join pg_rewrite r on r.ev_class = t.oid where r.rulename <> '_RETURN'
    union all select 'sequence ' || format('%I.%I', n.nspname, c.relname), format('%s from %s by %s (%s to %s)%s%s', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, case when s.seqcache > 1 then ' cache ' || s.seqcache end, case when s.seqcycle then ' cycle' end) from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      where ${own} and not ${ofExtension("pg_class", "c.oid")} and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i') and d.refobjid in (select oid from recorded))
    union all select 'type ' || format('%I.%I', n.nspname, y.typname), case y.typtype when 'e' then (select 'enum (' || string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder) || ')' from pg_enum l where l.enumtypid = y.oid)
        when 'd' then format('domain of %s%s%s%s', format_type(y.typbasetype, y.typtypmod), case when y.typnotnull then ' not null' end, ' default ' || y.typdefault, (select ' ' || string_agg(pg_get_constraintdef(k.oid), ' ' order by k.conname) from pg_constraint k where k.contypid = y.oid and k.contype = 'c'))
        when 'r' then 'range of ' || (select rngsubtype::regtype::text from pg_range where rngtypid = y.oid) else (select '(' || string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = y.typrelid and not a.attisdropped) end
      from pg_type y join pg_namespace n on n.oid = y.typnamespace where ${own} and (y.typtype in ('e', 'd', 'r') or (y.typtype = 'c' and (select relkind from pg_class where oid = y.typrelid) = 'c')) and not ${ofExtension("pg_type", "y.oid")}
    union all select case f.prokind when 'p' then 'procedure ' else 'function ' end || format('%I.%I(%s)', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)), pg_get_functiondef(f.oid) from pg_proc f join pg_namespace n on n.oid = f.pronamespace where ${own} and f.prokind in ('f', 'p', 'w') and not ${ofExtension("pg_proc", "f.oid")}
    union all select 'extension ' || extname, '' from pg_extension where extname <> 'plpgsql'
    order by 1`;
}
