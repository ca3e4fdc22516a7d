// What a dump over the connection does not hold. It is looked for before anything is written: a dump that loses something
// without a word is worse than none.
import { idOf, notOfExtension, ownSchema, type Catalogue } from "./catalogue";

/** Titles of what there is of it: "operator public.+++". */
export async function unsupportedObjects(catalogue: Catalogue): Promise<readonly string[]> {
  return (await catalogue.ask(sql)).map(([title]) => title!);
}

/** Catalogue, condition beside being a user's own. */
const kinds: readonly (readonly [catalogue: string, schema: string | undefined, condition: string])[] = [
  ["pg_operator", "oprnamespace", "true"],
  ["pg_opclass", "opcnamespace", "true"],
  ["pg_opfamily", "opfnamespace", "true"],
  ["pg_conversion", "connamespace", "true"],
  ["pg_ts_config", "cfgnamespace", "true"],
  ["pg_ts_dict", "dictnamespace", "true"],
  ["pg_ts_parser", "prsnamespace", "true"],
  ["pg_ts_template", "tmplnamespace", "true"],
  ["pg_language", undefined, "o.oid >= 16384"],
  ["pg_am", undefined, "o.oid >= 16384"],
  ["pg_transform", undefined, "o.oid >= 16384"],
  // Base types and shells are made in C; a range with a canonical function needs a shell first.
  ["pg_type", "typnamespace", "((typtype in ('b', 'p') and typelem = 0 and typtype <> 'd') or o.oid in (select rngtypid from pg_range where rngcanonical::oid <> 0))"],
  ["pg_largeobject_metadata", undefined, "true"],
];

const sql = `${kinds.map(([catalogue, schema, condition]) => `select format('%s %s', type, identity) from ${catalogue} o, pg_identify_object('${catalogue}'::regclass, o.oid, 0)
  where ${schema === undefined ? "true" : ownSchema(schema)} and ${condition} and ${notOfExtension(catalogue, "o.oid")}`).join("\nunion all ")}
union all select 'aggregate ' || aggfnoid::regprocedure from pg_aggregate join pg_proc p on p.oid = aggfnoid where aggkind <> 'n' and ${ownSchema("pronamespace")} and ${notOfExtension("pg_proc", "p.oid")}
union all select distinct 'security label of ' || provider from pg_seclabels
union all select 'subscription ' || subname from pg_stat_subscription where relid is null
union all select format('rows of %s, which the extension %I keeps', t::regclass, extname) from pg_extension, unnest(extconfig) t where extname <> 'plpgsql' and pg_relation_size(t) > 0 and ${idOf("pg_extension", "pg_extension.oid")} is not null`;
