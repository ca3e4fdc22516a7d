// The objects of a dump that are neither tables nor hang on them: schemas, extensions, types, functions, sequences, views.
import { foreignOptions, idOf, notOfExtension, ownSchema, reloptions, simpleObjects, type Catalogue } from "./catalogue";
import { ranks, type DumpObject } from "./objects";

export async function definitions(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  const simple = [
    await simpleObjects(catalogue, ranks.schema, schemas),
    await simpleObjects(catalogue, ranks.extension, extensions),
    await simpleObjects(catalogue, ranks.collation, collations),
    await simpleObjects(catalogue, ranks.function, functions),
    await simpleObjects(catalogue, ranks.aggregate, aggregates),
    await simpleObjects(catalogue, ranks.cast, casts),
    await simpleObjects(catalogue, ranks.wrapper, wrappers),
    await simpleObjects(catalogue, ranks.server, servers),
    await simpleObjects(catalogue, ranks.mapping, userMappings),
    await simpleObjects(catalogue, ranks.type, `${enums} union all ${composites} union all ${ranges}`),
    await simpleObjects(catalogue, ranks.statistics, statistics),
    await simpleObjects(catalogue, ranks.eventTrigger, eventTriggers),
  ];
  return [...simple.flat(), ...(await domains(catalogue)), ...(await sequences(catalogue)), ...(await views(catalogue))];
}

const schemas = `select ${idOf("pg_namespace", "n.oid")}, 'schema ' || nspname, format('CREATE SCHEMA %I;', nspname)
  from pg_namespace n where ${ownSchema("n.oid")} and nspname <> 'public' and ${notOfExtension("pg_namespace", "n.oid")}`;

const extensions = `select ${idOf("pg_extension", "e.oid")}, 'extension ' || extname, format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I;', extname, nspname)
  from pg_extension e join pg_namespace n on n.oid = extnamespace where extname <> 'plpgsql'`;

/** The columns have other names in each version, hence by way of JSON: https://www.postgresql.org/docs/current/catalog-pg-collation.html */
const collations = `select ${idOf("pg_collation", "c.oid")}, 'collation ' || collname,
  format('CREATE COLLATION %I.%I (provider = %s%s%s%s);', nspname, collname,
    case collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
    case when collisdeterministic then '' else ', deterministic = false' end,
    case when collprovider = 'c' then format(', lc_collate = %L, lc_ctype = %L', collcollate, collctype)
      else format(', locale = %L', coalesce(to_jsonb(c)->>'colllocale', to_jsonb(c)->>'colliculocale', collcollate)) end,
    coalesce(', rules = ' || quote_literal(to_jsonb(c)->>'collicurules'), ''))
  from pg_collation c join pg_namespace n on n.oid = collnamespace where ${ownSchema("collnamespace")} and ${notOfExtension("pg_collation", "c.oid")}`;

const enums = `select ${idOf("pg_type", "t.oid")}, 'type ' || t.oid::regtype, format('CREATE TYPE %s AS ENUM (%s);', t.oid::regtype, (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid))
  from pg_type t where typtype = 'e' and ${ownSchema("typnamespace")} and ${notOfExtension("pg_type", "t.oid")}`;

const collationOf = (collation: string, type: string): string => `coalesce((select format(' COLLATE %I.%I', nspname, collname) from pg_collation l join pg_namespace m on m.oid = collnamespace where l.oid = ${collation} and ${collation} <> (select typcollation from pg_type b where b.oid = ${type})), '')`;

const composites = `select ${idOf("pg_type", "t.oid")}, 'type ' || t.oid::regtype,
  format('CREATE TYPE %s AS (%s);', t.oid::regtype, (select string_agg(format('%I %s%s', attname, format_type(atttypid, atttypmod), ${collationOf("attcollation", "atttypid")}), ', ' order by attnum) from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped))
  from pg_type t join pg_class c on c.oid = typrelid where relkind = 'c' and ${ownSchema("typnamespace")} and ${notOfExtension("pg_type", "t.oid")}`;

/** A range's multirange type has a name of its own from PostgreSQL 14 on. */
const ranges = `select ${idOf("pg_type", "t.oid")}, 'type ' || t.oid::regtype,
  format('CREATE TYPE %s AS RANGE (subtype = %s, subtype_opclass = %s%s%s%s);', t.oid::regtype, format_type(rngsubtype, null),
    (select format('%I.%I', nspname, opcname) from pg_opclass o join pg_namespace m on m.oid = opcnamespace where o.oid = rngsubopc),
    coalesce((select format(', collation = %I.%I', nspname, collname) from pg_collation l join pg_namespace m on m.oid = collnamespace where l.oid = rngcollation and rngcollation <> (select typcollation from pg_type b where b.oid = rngsubtype)), ''),
    case when rngsubdiff::oid = 0 then '' else ', subtype_diff = ' || rngsubdiff end,
    coalesce(', multirange_type_name = ' || ((to_jsonb(r)->>'rngmultitypid')::oid)::regtype, ''))
  from pg_type t join pg_range r on rngtypid = t.oid where typtype = 'r' and ${ownSchema("typnamespace")} and ${notOfExtension("pg_type", "t.oid")}`;

async function domains(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  const rows = await catalogue.ask(`select ${idOf("pg_type", "t.oid")}, t.oid::regtype, format_type(typbasetype, typtypmod) || ${collationOf("t.typcollation", "typbasetype")} || coalesce(' DEFAULT ' || pg_get_expr(typdefaultbin, 0), ''), typnotnull,
    (select json_agg(json_build_array(${idOf("pg_constraint", "k.oid")}, contype, quote_ident(conname), pg_get_constraintdef(k.oid), convalidated) order by conname) from pg_constraint k where contypid = t.oid)
    from pg_type t where typtype = 'd' and ${ownSchema("typnamespace")} and ${notOfExtension("pg_type", "t.oid")}`);
  return rows.map(([id, name, base, notNull, json]): DumpObject => {
    const constraints = (JSON.parse(json ?? "[]") as [string, string, string, string, boolean][]).map(([constraint, kind, title, definition, valid]) => ({ constraint, kind, title, definition, valid }));
    const inline = constraints.filter(({ valid }) => valid).map(({ title, definition }) => ` CONSTRAINT ${title} ${definition}`);
    // Before PostgreSQL 17, NOT NULL of a domain had no name.
    const unnamed = notNull === "t" && !constraints.some(({ kind }) => kind === "n") ? " NOT NULL" : "";
    const late = constraints.filter(({ valid }) => !valid).map(({ title, definition }) => `ALTER DOMAIN ${name} ADD CONSTRAINT ${title} ${definition};`);
    return { id: id!, also: constraints.map(({ constraint }) => constraint), rank: ranks.type, title: `domain ${name}`, sql: [`CREATE DOMAIN ${name} AS ${base}${unnamed}${inline.join("")};`, ...late] };
  });
}

const functions = `select ${idOf("pg_proc", "p.oid")}, 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) || ';'
  from pg_proc p where prokind in ('f', 'p', 'w') and ${ownSchema("pronamespace")} and ${notOfExtension("pg_proc", "p.oid")}
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`;

const operatorName = (oid: string): string => `(select format('OPERATOR(%I.%s)', nspname, oprname) from pg_operator o join pg_namespace m on m.oid = oprnamespace where o.oid = ${oid})`;

/** https://www.postgresql.org/docs/current/sql-createaggregate.html; ordered-set and hypothetical ones are refused elsewhere. */
const aggregates = `select ${idOf("pg_proc", "p.oid")}, 'aggregate ' || p.oid::regprocedure,
  format('CREATE AGGREGATE %s (%s);', format('%I.%I(%s)', nspname, proname, case when pronargs = 0 then '*' else pg_get_function_arguments(p.oid) end), concat_ws(', ',
    'sfunc = ' || aggtransfn::regproc, 'stype = ' || format_type(aggtranstype, null), case when aggtransspace > 0 then 'sspace = ' || aggtransspace end,
    case when aggfinalfn::oid <> 0 then 'finalfunc = ' || aggfinalfn::regproc end, case when aggfinalextra then 'finalfunc_extra' end,
    case when aggfinalfn::oid <> 0 then 'finalfunc_modify = ' || case aggfinalmodify when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end end,
    case when aggcombinefn::oid <> 0 then 'combinefunc = ' || aggcombinefn::regproc end, case when aggserialfn::oid <> 0 then 'serialfunc = ' || aggserialfn::regproc end,
    case when aggdeserialfn::oid <> 0 then 'deserialfunc = ' || aggdeserialfn::regproc end, 'initcond = ' || quote_literal(agginitval),
    case when aggmtransfn::oid <> 0 then 'msfunc = ' || aggmtransfn::regproc || ', minvfunc = ' || aggminvtransfn::regproc || ', mstype = ' || format_type(aggmtranstype, null) end,
    case when aggmtransspace > 0 then 'msspace = ' || aggmtransspace end, case when aggmfinalfn::oid <> 0 then 'mfinalfunc = ' || aggmfinalfn::regproc end, case when aggmfinalextra then 'mfinalfunc_extra' end,
    'minitcond = ' || quote_literal(aggminitval), case when aggsortop <> 0 then 'sortop = ' || ${operatorName("aggsortop")} end,
    case proparallel when 's' then 'parallel = safe' when 'r' then 'parallel = restricted' end))
  from pg_aggregate a join pg_proc p on p.oid = aggfnoid join pg_namespace n on n.oid = pronamespace where aggkind = 'n' and ${ownSchema("pronamespace")} and ${notOfExtension("pg_proc", "p.oid")}`;

/** Those of the system have smaller numbers (FirstNormalObjectId). */
const casts = `select ${idOf("pg_cast", "c.oid")}, format('cast %s as %s', format_type(castsource, null), format_type(casttarget, null)),
  format('CREATE CAST (%s AS %s) %s%s;', format_type(castsource, null), format_type(casttarget, null),
    case castmethod when 'f' then 'WITH FUNCTION ' || castfunc::regprocedure when 'i' then 'WITH INOUT' else 'WITHOUT FUNCTION' end, case castcontext when 'i' then ' AS IMPLICIT' when 'a' then ' AS ASSIGNMENT' else '' end)
  from pg_cast c where c.oid >= 16384 and ${notOfExtension("pg_cast", "c.oid")}`;

const wrappers = `select ${idOf("pg_foreign_data_wrapper", "w.oid")}, 'foreign-data wrapper ' || fdwname,
  format('CREATE FOREIGN DATA WRAPPER %I%s%s%s;', fdwname, case when fdwhandler <> 0 then ' HANDLER ' || fdwhandler::regproc else '' end, case when fdwvalidator <> 0 then ' VALIDATOR ' || fdwvalidator::regproc else '' end, ${foreignOptions("fdwoptions")})
  from pg_foreign_data_wrapper w where ${notOfExtension("pg_foreign_data_wrapper", "w.oid")}`;

const servers = `select ${idOf("pg_foreign_server", "s.oid")}, 'server ' || srvname,
  format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s;', srvname, coalesce(' TYPE ' || quote_literal(srvtype), ''), coalesce(' VERSION ' || quote_literal(srvversion), ''), fdwname, ${foreignOptions("srvoptions")})
  from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = srvfdw where ${notOfExtension("pg_foreign_server", "s.oid")}`;

const userMappings = `select 'mapping:' || umid, format('user mapping %s on %s', usename, srvname), format('CREATE USER MAPPING FOR %s SERVER %I%s;', case when umuser = 0 then 'PUBLIC' else quote_ident(usename) end, srvname, ${foreignOptions("umoptions")}) from pg_user_mappings`;

const statistics = `select ${idOf("pg_statistic_ext", "s.oid")}, 'statistics ' || stxname, pg_get_statisticsobjdef(s.oid) || ';'
  from pg_statistic_ext s where ${ownSchema("stxnamespace")} and ${notOfExtension("pg_statistic_ext", "s.oid")}`;

const eventTriggers = `select ${idOf("pg_event_trigger", "e.oid")}, 'event trigger ' || evtname,
  format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s();%s', evtname, evtevent, coalesce(' WHEN TAG IN (' || (select string_agg(quote_literal(tag), ', ') from unnest(evttags) tag) || ')', ''), evtfoid::regproc,
    case evtenabled when 'O' then '' else format(' ALTER EVENT TRIGGER %I %s;', evtname, case evtenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' else 'ENABLE ALWAYS' end) end)
  from pg_event_trigger e where ${notOfExtension("pg_event_trigger", "e.oid")}`;

/** All that is in pg_sequence, as options of CREATE SEQUENCE or of an identity column. */
export const sequenceOptions = "format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', seqstart, seqincrement, seqmin, seqmax, seqcache, case when seqcycle then ' CYCLE' else '' end)";

/** Those of identity columns are made with their tables; the position of each is set when the rows are in. */
async function sequences(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  const rows = await catalogue.ask(`select ${idOf("pg_class", "c.oid")}, c.oid::regclass, relpersistence, format_type(seqtypid, null), ${sequenceOptions}, d.deptype, d.refobjid::regclass || '.' || quote_ident(attname), ${idOf("pg_class", "d.refobjid")}
    from pg_class c join pg_sequence on seqrelid = c.oid
    left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    left join pg_attribute on attrelid = d.refobjid and attnum = d.refobjsubid
    where relkind = 'S' and relpersistence <> 't' and ${ownSchema("relnamespace")} and ${notOfExtension("pg_class", "c.oid")}`);
  const objects: DumpObject[] = [];
  for (const [id, name, persistence, type, options, dependency, owner, table] of rows) {
    const [position] = await catalogue.ask(`select last_value, is_called from ${name}`);
    const [last, called] = position!;
    if (dependency !== "i") {
      objects.push({ id: id!, rank: ranks.sequence, title: `sequence ${name}`, sql: [`CREATE ${persistence === "u" ? "UNLOGGED " : ""}SEQUENCE ${name} AS ${type} ${options};`] });
      if (owner !== null && owner !== undefined) objects.push({ id: `owned:${id}`, needs: [id!, table!], rank: ranks.owned, title: `owner of sequence ${name}`, sql: [`ALTER SEQUENCE ${name} OWNED BY ${owner};`] });
    }
    objects.push({ id: `position:${id}`, needs: [dependency === "i" ? table! : id!], rank: ranks.position, title: `position of sequence ${name}`, sql: [`SELECT pg_catalog.setval(${literal(name!)}, ${last}, ${called === "t"});`] });
  }
  return objects;
}

async function views(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  const rows = await catalogue.ask(`select ${idOf("pg_class", "c.oid")}, c.oid::regclass, relkind, ${reloptions("reloptions")}, rtrim(pg_get_viewdef(c.oid), ';'), relispopulated, (select ${idOf("pg_type", "t.oid")} from pg_type t where typrelid = c.oid), (select ${idOf("pg_rewrite", "r.oid")} from pg_rewrite r where ev_class = c.oid and rulename = '_RETURN')
    from pg_class c where relkind in ('v', 'm') and relpersistence <> 't' and ${ownSchema("relnamespace")} and ${notOfExtension("pg_class", "c.oid")}`);
  return rows.flatMap(([id, name, kind, options, definition, populated, type, rule]): readonly DumpObject[] => {
    const materialized = kind === "m";
    const object: DumpObject = {
      id: id!, also: [type!, rule!], rank: ranks.view, title: `view ${name}`,
      sql: [`CREATE ${materialized ? "MATERIALIZED " : ""}VIEW ${name}${options} AS\n${definition}${materialized ? "\n  WITH NO DATA" : ""};`],
    };
    return materialized && populated === "t" ? [object, { id: `refresh:${id}`, needs: [id!], rank: ranks.refresh, title: `rows of ${name}`, sql: [`REFRESH MATERIALIZED VIEW ${name};`] }] : [object];
  });
}

/** A text as an SQL literal; standard_conforming_strings is on in every dump. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
