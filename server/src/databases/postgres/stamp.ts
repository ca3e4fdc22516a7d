// The change stamp: one text that differs after any committed DDL on what a SchemaModel holds, and that rows, ANALYZE and
// VACUUM leave alone. A catalogue row that is made, changed or dropped moves a sum over (oid, xmin), or the count.

/** Temporary tables come and go without concerning anybody else. */
const lasting = (relation: string): string => `${relation} not in (select temporary.oid from temporary)`;

/** Table, what identifies a row, and which rows count: system objects (oid below 16384, FirstNormalObjectId) do not. */
const watched: readonly (readonly [table: string, id: string, where: string])[] = [
  // TOAST tables follow those that they belong to.
  ["pg_class", "oid::int8", "oid >= '16384' and relkind <> 't' and relpersistence <> 't'"],
  ["pg_attribute", "attrelid::int8 * '1600'::int8 + attnum::int8", `attrelid >= '16384' and attnum > '0' and ${lasting("attrelid")}`],
  ["pg_constraint", "oid::int8", `oid >= '16384' and ${lasting("conrelid")}`],
  ["pg_index", "indexrelid::int8", `indexrelid >= '16384' and ${lasting("indrelid")}`],
  ["pg_attrdef", "oid::int8", lasting("adrelid")],
  ["pg_enum", "oid::int8", "oid >= '16384'"],
  // Tables have types too, and those have arrays.
  ["pg_type", "oid::int8", "oid >= '16384' and typtype in ('e', 'd')"],
  ["pg_sequence", "seqrelid::int8", lasting("seqrelid")],
  ["pg_policy", "oid::int8", "true"],
  ["pg_rewrite", "oid::int8", "oid >= '16384'"],
  ["pg_namespace", "oid::int8", "left(nspname::text, '3'::int4) <> 'pg_'"],
  ["pg_extension", "oid::int8", "true"],
];

/** An SQL expression of type text. The factor spreads oid and xmin over one another; any odd large number would do. */
export const stampExpression = `(with temporary as materialized (select c.oid from pg_class c where c.relpersistence = 't')
  select string_agg(part.stamp, ','::text order by part.place) from (${[
  ...watched.map(([table, id, where], place) => part(place, `${id} * '4294967'::int8 + xmin::text::int8`, `${table} where ${where}`)),
  // OWNED BY is a dependency and nothing else.
  part(watched.length, "d.objid::int8 * '4294967'::int8 + d.xmin::text::int8", `pg_sequence s join pg_depend d on d.classid = 'pg_class'::regclass::oid and d.objid = s.seqrelid where ${lasting("s.seqrelid")}`),
].join(" union all ")}) part)`;

function part(place: number, hashed: string, from: string): string {
  return `select ${place} as place, count(*)::text || ':'::text || coalesce(sum(hashint8(${hashed})), '0')::text as stamp from ${from}`;
}
