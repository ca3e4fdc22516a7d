// Comments, owners and privileges of everything that is dumped. They come last, and depend on nothing but what they are about.
import { ownSchema, notOfExtension, type Catalogue } from "./catalogue";
import { ranks, type DumpObject } from "./objects";

/** `dumped`: the ids of what the dump holds, "class:oid". */
export async function additions(catalogue: Catalogue, dumped: ReadonlySet<string>): Promise<readonly DumpObject[]> {
  const isDumped = (id: string | null | undefined): boolean => id === "schema public" || dumped.has(id ?? "");
  const object = (rank: number, title: string, sql: readonly string[]): DumpObject => ({ id: `${rank}:${title}`, rank, title, sql });
  const said = [[ranks.comment, comments], [ranks.owner, owners]] as const;
  const objects: DumpObject[] = [];
  for (const [rank, sql] of said) for (const [id, title, statement] of await catalogue.ask(sql)) if (isDumped(id)) objects.push(object(rank, title!, [statement!]));
  for (const [id, kind, name, owner, whole, columns] of await catalogue.ask(privileges)) {
    if (!isDumped(id)) continue;
    const sql = privilegeStatements(kind!, name!, owner!, whole ? (JSON.parse(whole) as Access[]) : undefined, (JSON.parse(columns ?? "[]") as Access[][]).flat());
    if (sql.length > 0) objects.push(object(ranks.privilege, `privileges of ${kind} ${name}`, sql));
  }
  for (const [role, schema, kind, access] of await catalogue.ask(defaultPrivileges)) {
    objects.push(object(ranks.privilege, `default privileges of ${role} for ${kind} in ${schema ?? "all schemas"}`, defaultPrivilegeStatements(role!, schema ?? null, kind!, JSON.parse(access!) as Access[])));
  }
  return objects;
}

/** The name that pg_identify_object gives fits COMMENT ON and ALTER … OWNER, but for the kinds' own words. */
const kinds = `case when type in ('table column', 'view column', 'materialized view column', 'foreign table column', 'composite type column') then 'COLUMN'
  when type in ('table constraint', 'domain constraint') then 'CONSTRAINT' when type = 'composite type' then 'TYPE' when type = 'statistics object' then 'STATISTICS'
  when type = 'foreign-data wrapper' then 'FOREIGN DATA WRAPPER' else upper(type) end`;

const publicSchema = "case when classoid = 'pg_namespace'::regclass and objoid = (select oid from pg_namespace where nspname = 'public') then 'schema public' else classoid || ':' || objoid end";

/** initdb's own comment on the schema public is no user's. */
const comments = `select ${publicSchema.replaceAll("objoid", "d.objoid").replaceAll("classoid", "d.classoid")}, format('comment on %s %s', type, identity),
  format('COMMENT ON %s %s IS %L;', ${kinds}, case when type = 'domain constraint' then regexp_replace(identity, ' on (.*)$', ' ON DOMAIN \\1') else identity end, description)
  from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid)
  where d.objoid >= 16384 or (d.classoid = 'pg_namespace'::regclass and identity = 'public' and description <> 'standard public schema')`;

const word = (kind: string): string => `case ${kind} when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' when 'S' then 'SEQUENCE' when 'f' then 'FOREIGN TABLE' else 'TABLE' end`;
const routine = "case prokind when 'p' then 'PROCEDURE' when 'a' then 'AGGREGATE' else 'FUNCTION' end";
/** regprocedure names a routine with its input arguments alone, as ALTER wants it. */
const routineName = "case when prokind = 'a' and pronargs = 0 then format('%I.%I(*)', nspname, proname) else p.oid::regprocedure::text end";

/** Owner by owner: (class, oid, kind, name, owner, access list, kind in GRANT, letter of acldefault). Sequences that belong to a column follow its table's owner. */
const owned = `
  select 'pg_namespace'::regclass::oid as class, n.oid, 'SCHEMA' as kind, quote_ident(nspname) as name, nspowner as owner, nspacl as acl, 'SCHEMA' as granted, 'n' as letter from pg_namespace n where ${ownSchema("n.oid")} and ${notOfExtension("pg_namespace", "n.oid")}
  union all select 'pg_class'::regclass, c.oid, ${word("relkind")}, c.oid::regclass::text, relowner, relacl, case relkind when 'S' then 'SEQUENCE' else 'TABLE' end, case relkind when 'S' then 's' else 'r' end from pg_class c where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all select 'pg_type'::regclass, t.oid, case typtype when 'd' then 'DOMAIN' else 'TYPE' end, t.oid::regtype::text, typowner, typacl, 'TYPE', 'T' from pg_type t where typtype in ('e', 'd', 'r') or exists (select from pg_class c where c.oid = typrelid and relkind = 'c')
  union all select 'pg_proc'::regclass, p.oid, ${routine}, ${routineName}, proowner, proacl, case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, 'f' from pg_proc p join pg_namespace n on n.oid = pronamespace where ${ownSchema("pronamespace")}
  union all select 'pg_collation'::regclass, l.oid, 'COLLATION', format('%I.%I', nspname, collname), collowner, null, null, null from pg_collation l join pg_namespace n on n.oid = collnamespace where ${ownSchema("collnamespace")}
  union all select 'pg_statistic_ext'::regclass, s.oid, 'STATISTICS', format('%I.%I', nspname, stxname), stxowner, null, null, null from pg_statistic_ext s join pg_namespace n on n.oid = stxnamespace
  union all select 'pg_foreign_data_wrapper'::regclass, w.oid, 'FOREIGN DATA WRAPPER', quote_ident(fdwname), fdwowner, fdwacl, 'FOREIGN DATA WRAPPER', 'F' from pg_foreign_data_wrapper w
  union all select 'pg_foreign_server'::regclass, s.oid, 'SERVER', quote_ident(srvname), srvowner, srvacl, 'FOREIGN SERVER', 'S' from pg_foreign_server s
  union all select 'pg_publication'::regclass, p.oid, 'PUBLICATION', quote_ident(pubname), pubowner, null, null, null from pg_publication p
  union all select 'pg_event_trigger'::regclass, e.oid, 'EVENT TRIGGER', quote_ident(evtname), evtowner, null, null, null from pg_event_trigger e`;

/** What is under the owner's name of a schema public that nobody changed: https://www.postgresql.org/docs/15/release-15.html */
const untouchedPublic = "o.kind = 'SCHEMA' and o.name = 'public' and (o.owner = 10 or pg_get_userbyid(o.owner) = 'pg_database_owner')";

const owners = `select class || ':' || oid, format('owner of %s %s', kind, name), format('ALTER %s %s OWNER TO %I;', kind, name, pg_get_userbyid(owner)) from (${owned}) o where not (${untouchedPublic})`;

interface Access {
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
  /** Quoted, where it is about a column. */
  readonly column: string | null;
}

const accessJson = (acl: string, column: string): string => `(select json_agg(json_build_object('grantee', case when grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end, 'privilege', privilege_type, 'grantable', is_grantable, 'column', ${column}) order by grantee, privilege_type) from aclexplode(${acl}))`;

/** (id, kind, name, owner, access of the whole or null where nobody changed it, access of its columns). */
const privileges = `select case when o.kind = 'SCHEMA' and o.name = 'public' then 'schema public' else class || ':' || o.oid end, granted, o.name, quote_ident(pg_get_userbyid(o.owner)),
  case when acl is not null and not exists (select from pg_init_privs i where i.objoid = o.oid and i.classoid = o.class and i.objsubid = 0 and i.initprivs @> acl and acl @> i.initprivs) then coalesce(${accessJson("acl", "null::text")}, '[]') end,
  (select json_agg(access) from pg_attribute, lateral (select ${accessJson("attacl", "quote_ident(attname)")} as access) a where o.class = 'pg_class'::regclass and attrelid = o.oid and attacl is not null)
  from (${owned}) o where granted is not null and (acl is not null or o.class = 'pg_class'::regclass)`;

/** Everything is taken away and given again, so that nothing depends on what a new object has by itself. */
function privilegeStatements(kind: string, name: string, owner: string, whole: readonly Access[] | undefined, columns: readonly Access[]): readonly string[] {
  const revoked = whole === undefined ? [] : ["PUBLIC", owner].map((role) => `REVOKE ALL ON ${kind} ${name} FROM ${role};`);
  return [...revoked, ...[...(whole ?? []), ...columns].map(({ grantee, privilege, grantable, column }) =>
    `GRANT ${privilege}${column === null ? "" : ` (${column})`} ON ${kind} ${name} TO ${grantee}${grantable ? " WITH GRANT OPTION" : ""};`)];
}

/** (role, schema or null, kind, access). */
const defaultPrivileges = `select quote_ident(pg_get_userbyid(defaclrole)), quote_ident(nspname), case defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS' when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end,
  coalesce(${accessJson("defaclacl", "null::text")}, '[]') from pg_default_acl left join pg_namespace n on n.oid = defaclnamespace`;

function defaultPrivilegeStatements(role: string, schema: string | null, kind: string, access: readonly Access[]): readonly string[] {
  const alter = `ALTER DEFAULT PRIVILEGES FOR ROLE ${role}${schema === null ? "" : ` IN SCHEMA ${schema}`}`;
  // Those of one schema add to the general ones, and take nothing away.
  const revoked = schema === null ? ["PUBLIC", role].map((from) => `${alter} REVOKE ALL ON ${kind} FROM ${from};`) : [];
  return [...revoked, ...access.map(({ grantee, privilege, grantable }) => `${alter} GRANT ${privilege} ON ${kind} TO ${grantee}${grantable ? " WITH GRANT OPTION" : ""};`)];
}
