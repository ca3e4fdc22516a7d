// The least that an introspection can cost, by hand: one SELECT of narrow sections over the catalogue, in one JSON document
// that is joined by oid. It is what Plumbline's reading is measured against, and gives no model of Plumbline's.
const NS = `select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`;
const REL = `select c.oid from pg_class c where c.relnamespace in (select oid from ns) and c.relkind in ('r','p','v','m','f')
  and c.oid not in (select d.objid from pg_depend d where d.refclassid = 'pg_extension'::regclass and d.classid = 'pg_class'::regclass and d.deptype = 'e')`;
const ATT = `select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation from pg_attribute a where a.attrelid in (select oid from rel) and a.attnum > 0 and not a.attisdropped`;

const SECTIONS = {
  server: [['version', 'lockTimeout', 'maxLocks', 'maxConnections', 'standby', 'user', 'database', 'extensions'],
    `select current_setting('server_version_num')::int, current_setting('lock_timeout'), current_setting('max_locks_per_transaction')::int, current_setting('max_connections')::int, pg_is_in_recovery(), current_user::text, current_database()::text, (select string_agg(extname || ' ' || extversion, ',' order by extname) from pg_extension)`],
  schemas: [['oid', 'name'], `select oid::int8, nspname::text from ns`],
  relations: [['oid', 'schema', 'name', 'kind', 'rls', 'persistence', 'rows', 'pages', 'viewdef', 'partkey', 'partbound'],
    `select c.oid::int8, c.relnamespace::int8, c.relname::text, c.relkind::text, c.relrowsecurity, c.relpersistence::text, greatest(c.reltuples, 0)::int8, c.relpages,
      case when c.relkind in ('v','m') then pg_get_viewdef(c.oid) end, case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end, case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end
     from pg_class c join rel on rel.oid = c.oid`],
  columns: [['rel', 'num', 'name', 'typeOid', 'typmod', 'flags', 'collation'],
    `select a.attrelid::int8, a.attnum::int, a.attname::text, a.atttypid::int8, a.atttypmod, case when a.attnotnull then 'n' else '' end || a.attidentity::text || a.attgenerated::text, nullif(nullif(a.attcollation, 0), 100)::regcollation::text from att a`],
  types: [['oid', 'typmod', 'name'], `select x.atttypid::int8, x.atttypmod, format_type(x.atttypid, x.atttypmod) from (select distinct a.atttypid, a.atttypmod from att a) x`],
  defaults: [['rel', 'num', 'expr'], `select ad.adrelid::int8, ad.adnum::int, pg_get_expr(ad.adbin, ad.adrelid) from pg_attrdef ad where ad.adrelid in (select oid from rel)`],
  comments: [['cls', 'oid', 'sub', 'text'], `select d.classoid::regclass::text, d.objoid::int8, d.objsubid, d.description from pg_description d
     where d.classoid in ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_type'::regclass, 'pg_namespace'::regclass, 'pg_proc'::regclass) and d.objoid >= 16384`],
  constraints: [['oid', 'rel', 'name', 'type', 'cols', 'ref', 'refCols', 'onUpdate', 'onDelete', 'match', 'flags', 'index', 'def'],
    `select k.oid::int8, k.conrelid::int8, k.conname::text, k.contype::text, array_to_string(k.conkey, ' '), k.confrelid::int8, array_to_string(k.confkey, ' '), k.confupdtype::text, k.confdeltype::text, k.confmatchtype::text,
      concat(case when k.condeferrable then 'd' end, case when k.condeferred then 'D' end, case when k.convalidated then 'v' end), k.conindid::int8, case when k.contype in ('c','x') then pg_get_constraintdef(k.oid) end
     from pg_constraint k join rel on rel.oid = k.conrelid where k.contype in ('c','f','p','u','x')`],
  indexes: [['rel', 'oid', 'name', 'method', 'flags', 'nkeys', 'cols', 'options', 'opclasses', 'predicate', 'def', 'pages', 'storage'],
    `select i.indrelid::int8, i.indexrelid::int8, c.relname::text, c.relam::int8, concat(case when i.indisunique then 'u' end, case when i.indisprimary then 'p' end, case when i.indisvalid then 'v' end, case when i.indisready then 'r' end),
      i.indnkeyatts::int, i.indkey::text, i.indoption::text, i.indclass::text, pg_get_expr(i.indpred, i.indrelid), case when i.indexprs is not null then pg_get_indexdef(i.indexrelid) end, c.relpages, array_to_string(c.reloptions, ',')
     from pg_index i join pg_class c on c.oid = i.indexrelid join rel on rel.oid = i.indrelid`],
  opclasses: [['oid', 'name', 'isDefault'], `select oid::int8, opcname::text, opcdefault from pg_opclass`],
  methods: [['oid', 'name'], `select oid::int8, amname::text from pg_am where amtype = 'i'`],
  enums: [['oid', 'schema', 'name', 'labels'], `select t.oid::int8, t.typnamespace::int8, t.typname::text, json_agg(e.enumlabel order by e.enumsortorder)::text from pg_enum e join pg_type t on t.oid = e.enumtypid join ns on ns.oid = t.typnamespace group by t.oid`],
  domains: [['oid', 'schema', 'name', 'base', 'notNull', 'default', 'checks'], `select t.oid::int8, t.typnamespace::int8, t.typname::text, format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
      (select json_agg(pg_get_constraintdef(k.oid))::text from pg_constraint k where k.contypid = t.oid) from pg_type t join ns on ns.oid = t.typnamespace where t.typtype = 'd'`],
  sequences: [['oid', 'schema', 'name', 'type', 'start', 'increment', 'min', 'max', 'cache', 'cycle', 'ownerRel', 'ownerCol', 'ownerKind'],
    `select c.oid::int8, c.relnamespace::int8, c.relname::text, s.seqtypid::int8, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.refobjid::int8, d.refobjsubid, d.deptype::text
     from pg_sequence s join pg_class c on c.oid = s.seqrelid join ns on ns.oid = c.relnamespace left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a','i') and d.refclassid = 'pg_class'::regclass`],
  triggers: [['rel', 'name', 'enabled', 'def'], `select t.tgrelid::int8, t.tgname::text, t.tgenabled::text, pg_get_triggerdef(t.oid) from pg_trigger t join rel on rel.oid = t.tgrelid where not t.tgisinternal`],
  policies: [['rel', 'name', 'cmd', 'permissive', 'roles', 'using', 'check'], `select p.polrelid::int8, p.polname::text, p.polcmd::text, p.polpermissive, array_to_string(array(select r::regrole::text from unnest(p.polroles) r), ','), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
     from pg_policy p join rel on rel.oid = p.polrelid`],
};
const CTE = `with ns as materialized (${NS}), rel as materialized (${REL}), att as materialized (${ATT}) `;
const JSON_SQL = CTE + 'select json_build_array(' + Object.values(SECTIONS).map(([c, s]) =>
  `(select coalesce(json_agg(json_build_array(${c.map((_, i) => `x.c${i}`).join(',')})), '[]') from (${s}) x(${c.map((_, i) => `c${i}`).join(',')}))`).join(', ') + ')::text as doc';

/** Over a connected client of node-postgres. */
export const introspectFloor = async (client) => assemble(JSON.parse((await client.query(JSON_SQL)).rows[0].doc));
/** Rows of every section, in the order of SECTIONS: tables with their columns, constraints and indexes. */
function assemble(sections) {
  const [[server], schemaRows, relations, columns, typeRows, defaultRows, commentRows, constraints, indexes, opclassRows, methodRows, enums, domains, sequences, triggers, policies] = sections;
  const names = (rows) => { const m = new Map(); for (const r of rows) m.set(+r[0], r[1]); return m; };
  const schemas = names(schemaRows), methods = names(methodRows), opclasses = new Map();
  for (const o of opclassRows) if (!o[2]) opclasses.set(+o[0], o[1]);
  const types = new Map();
  for (const [oid, mod, name] of typeRows) { let m = types.get(+oid); if (!m) types.set(+oid, (m = new Map())); m.set(mod, name); }
  const tables = new Map();
  for (const [oid, schema, name, kind, rls, persistence, rows, pages, viewdef, partkey, partbound] of relations)
    tables.set(+oid, { oid: +oid, schema: schemas.get(+schema), name, kind, rls, persistence, rows: +rows, pages, viewdef, partkey, partbound, comment: undefined, columns: [], constraints: [], indexes: [], triggers: [], policies: [] });
  // attnum -> column, sparse array per table; dropped columns leave holes
  const attrs = new Map();
  for (const [rel, num, name, typeOid, typmod, flags, collation] of columns) {
    let a = attrs.get(+rel);
    if (!a) attrs.set(+rel, (a = []));
    a[num] = { num, name, type: types.get(+typeOid).get(typmod), notNull: flags.charCodeAt(0) === 110, identity: flags.includes('d') ? 'by default' : flags.includes('a') ? 'always' : undefined, generated: flags.includes('s'), default: undefined, comment: undefined, collation };
  }
  for (const [rel, num, expr] of defaultRows) attrs.get(+rel)[num].default = expr;
  const constraintComments = new Map(), otherComments = new Map();
  for (const [cls, oid, sub, text] of commentRows) {
    if (cls !== 'pg_class') (cls === 'pg_constraint' ? constraintComments : otherComments).set(+oid, text);
    else if (sub === 0) { const t = tables.get(+oid); if (t) t.comment = text; else otherComments.set(+oid, text); }
    else { const c = attrs.get(+oid)?.[sub]; if (c) c.comment = text; }
  }
  for (const [oid, t] of tables) for (const c of attrs.get(oid) ?? []) if (c) t.columns.push(c);
  const colNames = (a, list) => (list ? list.split(' ').map((x) => a?.[+x]?.name ?? null) : []);
  for (const [oid, rel, name, type, cols, ref, refCols, onUpdate, onDelete, match, flags, index, def] of constraints) {
    const rt = ref && +ref ? tables.get(+ref) : undefined;
    tables.get(+rel).constraints.push({ name, type, cols: colNames(attrs.get(+rel), cols), ref: rt && { schema: rt.schema, table: rt.name, cols: colNames(attrs.get(+ref), refCols) }, onUpdate, onDelete, match, deferrable: flags.includes('d'), deferred: flags.includes('D'), validated: flags.includes('v'), index: +index, def, comment: constraintComments.get(+oid) });
  }
  for (const [rel, oid, name, method, flags, nkeys, cols, options, classes, predicate, def, pages, storage] of indexes) {
    const opt = options.split(' ');
    tables.get(+rel).indexes.push({ oid: +oid, name, method: methods.get(+method), unique: flags.includes('u'), primary: flags.includes('p'), valid: flags.includes('v'), ready: flags.includes('r'), nkeys, cols: colNames(attrs.get(+rel), cols),
      options: opt.map(Number), opclasses: classes.split(' ').map((o) => opclasses.get(+o) ?? null), predicate, def, pages, storage, comment: otherComments.get(+oid) });
  }
  for (const [rel, name, enabled, def] of triggers) tables.get(+rel).triggers.push({ name, enabled, def });
  for (const [rel, name, cmd, permissive, roles, using, check] of policies) tables.get(+rel).policies.push({ name, cmd, permissive, roles, using, check });
  return { server, tables: [...tables.values()], enums: enums.map(([oid, schema, name, labels]) => ({ schema: schemas.get(+schema), name, labels: JSON.parse(labels), comment: otherComments.get(+oid) })), domains, sequences };
}
