// What hangs on a table and comes after its rows: keys, indexes, foreign keys, triggers, rules, policies, publications.
import { idOf, notOfExtension, ownSchema, reloptions, simpleObjects, type Catalogue } from "./catalogue";
import { ranks, type DumpObject } from "./objects";

export async function attachedObjects(catalogue: Catalogue): Promise<readonly DumpObject[]> {
  return [
    ...withData(await catalogue.ask(keys), ranks.constraint),
    ...withData(await catalogue.ask(indexes), ranks.index),
    ...(await simpleObjects(catalogue, ranks.attachIndex, indexPartitions)),
    ...(await simpleObjects(catalogue, ranks.marks, marks)),
    ...withData(await catalogue.ask(foreignKeys), ranks.foreignKey),
    ...withData(await catalogue.ask(rules), ranks.rule),
    ...withData(await catalogue.ask(triggers), ranks.trigger),
    ...(await simpleObjects(catalogue, ranks.policy, policies)),
    ...(await simpleObjects(catalogue, ranks.default, viewDefaults)),
    ...(await simpleObjects(catalogue, ranks.publication, publications(catalogue.major))),
  ];
}

/** Rows of (id, title, statement, oids of tables whose rows come first, further ids). */
function withData(rows: readonly (readonly (string | null)[])[], rank: number): readonly DumpObject[] {
  return rows.map(([id, title, statement, tables, also]) => ({ id: id!, also: also ? also.split(" ") : [], needs: (tables ?? "").split(" ").filter((oid) => oid !== "").map((oid) => `data:${oid}`), rank, title: title!, sql: [statement!] }));
}

const ownTable = (relation: string): string => `exists (select from pg_class o where o.oid = ${relation} and o.relpersistence <> 't' and ${ownSchema("o.relnamespace")} and ${notOfExtension("pg_class", "o.oid")})`;

/** pg_get_constraintdef leaves out an index's storage parameters and tablespace, but for exclusion constraints. */
const keys = `select ${idOf("pg_constraint", "k.oid")}, format('constraint %I on %s', conname, conrelid::regclass),
  format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s%s;', conrelid::regclass, conname,
    case when contype = 'x' then pg_get_constraintdef(k.oid) else regexp_replace(pg_get_constraintdef(k.oid), ' DEFERRABLE( INITIALLY DEFERRED)?$', '') || ${reloptions("i.reloptions")} || coalesce((select ' USING INDEX TABLESPACE ' || quote_ident(spcname) from pg_tablespace s where s.oid = i.reltablespace), '') end,
    case when contype <> 'x' and condeferrable then ' DEFERRABLE' || case when condeferred then ' INITIALLY DEFERRED' else '' end else '' end),
  conrelid::text, ${idOf("pg_class", "conindid")}
  from pg_constraint k join pg_class i on i.oid = conindid where contype in ('p', 'u', 'x') and ${ownTable("conrelid")}`;

/** An INVALID index is what an interrupted build left, so it is left out, as pg_dump does; a partitioned one is invalid until all its parts are there. */
const indexes = `select ${idOf("pg_class", "x.indexrelid")}, 'index ' || x.indexrelid::regclass,
  pg_get_indexdef(x.indexrelid) || coalesce((select ' TABLESPACE ' || quote_ident(spcname) from pg_tablespace s where s.oid = i.reltablespace and pg_get_indexdef(x.indexrelid) !~ ' TABLESPACE '), '') || ';'
    || coalesce((select string_agg(format(' ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s;', x.indexrelid::regclass, attnum, attstattarget), '' order by attnum) from pg_attribute where attrelid = x.indexrelid and attstattarget >= 0), ''),
  x.indrelid::text
  from pg_index x join pg_class i on i.oid = x.indexrelid where ((indisvalid and indisready) or relkind = 'I') and ${ownTable("x.indrelid")} and ${notOfExtension("pg_class", "x.indexrelid")}
  and not exists (select from pg_constraint where conindid = x.indexrelid and contype in ('p', 'u', 'x'))`;

const indexPartitions = `select 'part:' || inhrelid, 'part of index ' || inhrelid::regclass, format('ALTER INDEX %s ATTACH PARTITION %s;', inhparent::regclass, inhrelid::regclass)
  from pg_inherits join pg_index on indexrelid = inhrelid where ${ownTable("indrelid")}`;

const marks = `select 'marks:' || c.oid, 'marks of ' || c.oid::regclass, concat_ws(' ',
    case relreplident when 'n' then format('ALTER TABLE ONLY %s REPLICA IDENTITY NOTHING;', c.oid::regclass) when 'f' then format('ALTER TABLE ONLY %s REPLICA IDENTITY FULL;', c.oid::regclass)
      when 'i' then (select format('ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %I;', c.oid::regclass, relname) from pg_index join pg_class i on i.oid = indexrelid where indrelid = c.oid and indisreplident) end,
    (select format('ALTER TABLE %s CLUSTER ON %I;', c.oid::regclass, relname) from pg_index join pg_class i on i.oid = indexrelid where indrelid = c.oid and indisclustered))
  from pg_class c where relkind in ('r', 'p', 'm') and (relreplident <> 'd' or exists (select from pg_index where indrelid = c.oid and indisclustered)) and ${ownTable("c.oid")}`;

/** Those of partitions come with their parent's. */
const foreignKeys = `select ${idOf("pg_constraint", "k.oid")}, format('foreign key %I on %s', conname, conrelid::regclass),
  format('ALTER TABLE %s%s ADD CONSTRAINT %I %s;', case when relkind = 'p' then '' else 'ONLY ' end, conrelid::regclass, conname, pg_get_constraintdef(k.oid)),
  conrelid || ' ' || confrelid || ' ' || coalesce((select string_agg(relid::text, ' ') from (select relid from pg_partition_tree(conrelid) union select relid from pg_partition_tree(confrelid)) t), '')
  from pg_constraint k join pg_class c on c.oid = conrelid where contype = 'f' and conparentid = 0 and ${ownTable("conrelid")}`;

const rules = `select ${idOf("pg_rewrite", "r.oid")}, format('rule %I on %s', rulename, ev_class::regclass),
  pg_get_ruledef(r.oid) || case ev_enabled when 'O' then '' else format(' ALTER TABLE %s %s RULE %I;', ev_class::regclass, case ev_enabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' else 'ENABLE ALWAYS' end, rulename) end, ev_class::text
  from pg_rewrite r where rulename <> '_RETURN' and ${ownTable("ev_class")} and ${notOfExtension("pg_rewrite", "r.oid")}`;

/** What a partition has of its parent's trigger is made with that one, and may be switched off by itself. */
const triggers = `select ${idOf("pg_trigger", "t.oid")}, format('trigger %I on %s', tgname, tgrelid::regclass),
  case when tgparentid = 0 then pg_get_triggerdef(t.oid) || ';' else '' end
    || case when tgenabled = 'O' and tgparentid = 0 then '' else format(' ALTER TABLE ONLY %s %s TRIGGER %I;', tgrelid::regclass, case tgenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' when 'A' then 'ENABLE ALWAYS' else 'ENABLE' end, tgname) end,
  tgrelid::text, case when tgconstraint <> 0 then ${idOf("pg_constraint", "tgconstraint")} end
  from pg_trigger t where not tgisinternal and (tgparentid = 0 or tgenabled <> (select p.tgenabled from pg_trigger p where p.oid = t.tgparentid)) and ${ownTable("tgrelid")} and ${notOfExtension("pg_trigger", "t.oid")}`;

const policies = `select ${idOf("pg_policy", "p.oid")}, format('policy %I on %s', polname, polrelid::regclass),
  format('CREATE POLICY %I ON %s%s FOR %s TO %s%s%s;', polname, polrelid::regclass, case when polpermissive then '' else ' AS RESTRICTIVE' end,
    case polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
    (select string_agg(case when role = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(role)) end, ', ') from unnest(polroles) role),
    coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', ''), coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', ''))
  from pg_policy p where ${ownTable("polrelid")}`;

const viewDefaults = `select ${idOf("pg_attrdef", "d.oid")}, format('default of %s.%I', adrelid::regclass, attname), format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', adrelid::regclass, attname, pg_get_expr(adbin, adrelid))
  from pg_attrdef d join pg_class c on c.oid = adrelid join pg_attribute on attrelid = adrelid and attnum = adnum where relkind = 'v' and ${ownTable("adrelid")}`;

/** Column lists, conditions and whole schemas are new in PostgreSQL 15, publish_via_partition_root in 13, generated columns in 18. */
const publications = (major: number): string => `select ${idOf("pg_publication", "p.oid")}, 'publication ' || pubname,
  format('CREATE PUBLICATION %I%s WITH (publish = %L%s%s);', pubname, case when puballtables then ' FOR ALL TABLES' else '' end,
    concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end, case when pubtruncate then 'truncate' end),
    case when pubviaroot then ', publish_via_partition_root = true' else '' end, case to_jsonb(p)->>'pubgencols' when 's' then ', publish_generated_columns = stored' else '' end)
  || coalesce((select string_agg(format(' ALTER PUBLICATION %I ADD TABLE ONLY %s%s%s;', pubname, prrelid::regclass,
    ${major < 15 ? "'', ''" : "coalesce((select ' (' || string_agg(quote_ident(attname), ', ') || ')' from unnest(prattrs) n join pg_attribute on attrelid = prrelid and attnum = n), ''), coalesce(' WHERE (' || pg_get_expr(prqual, prrelid) || ')', '')"}), '' order by prrelid::regclass::text) from pg_publication_rel where prpubid = p.oid), '')
  ${major < 15 ? "" : "|| coalesce((select string_agg(format(' ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I;', pubname, nspname), '') from pg_publication_namespace join pg_namespace n on n.oid = pnnspid where pnpubid = p.oid), '')"}
  from pg_publication p where ${notOfExtension("pg_publication", "p.oid")}`;
