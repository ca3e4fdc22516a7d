// How a reading is asked for: named sections, each one SELECT, sent together as one statement that answers with one JSON
// document. The oids in it are joined by the client, so that the server runs nothing per table.

/** One part of the document: a SELECT over the expressions below. */
export interface Section {
  /** What it tells, for "… could not be read". */
  readonly what: string;
  /** Its columns, in the order in which the assembling code takes them apart. */
  readonly columns: readonly string[];
  /** Everything after the columns. */
  readonly from: string;
}

export type Sections<Name extends string> = Readonly<Record<Name, Section>>;

/** The document: for each section its rows, each an array of values in the order of the section's columns. */
export type Document<Name extends string> = Readonly<Record<Name, readonly (readonly unknown[])[]>>;

/**
 * What the sections select from. Functions and operators are called with the exact types of their pg_catalog versions, and
 * polymorphic ones by their full name: nothing that somebody put into the schema `public` can take their place.
 * https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058
 */
const expressions = `
  ns as materialized (
    select n.oid, n.nspname from pg_namespace n where left(n.nspname::text, 3) <> 'pg_' and n.nspname <> 'information_schema'),
  owned as materialized (
    select d.classid, d.objid from pg_depend d where d.refclassid = 'pg_extension'::regclass::oid and d.deptype = 'e'),
  rel as materialized (
    select c.oid, c.relkind from pg_class c
    where c.relnamespace in (select ns.oid from ns) and c.relkind in ('r', 'p', 'f', 'v', 'm')
      and c.oid not in (select o.objid from owned o where o.classid = 'pg_class'::regclass::oid)),
  tab as materialized (select rel.oid from rel where rel.relkind in ('r', 'p', 'f'))`;

/** One SELECT that gives `{"section": [[…], …], …}` as text in a column called `column`; `more` are expressions of the caller's own. */
export function documentSql<Name extends string>(sections: Partial<Sections<Name>>, column: string, more = ""): string {
  const parts = Object.entries<Section | undefined>(sections).flatMap(([name, section]) => (section ? [`'${name}', ${rowsSql(section)}`] : []));
  return `with ${expressions}${more && `, ${more}`} select pg_catalog.json_build_object(${parts.join(",\n")})::text as ${column}`;
}

/** A section that is asked for alone. */
export interface Piece {
  /** What it tells. */
  readonly what: string;
  /** One SELECT of a document with this section alone. */
  readonly sql: string;
  /** The document without it, or undefined where there is no document without it. */
  readonly without?: Readonly<Record<string, readonly never[]>>;
}

export function pieces<Name extends string>(sections: Sections<Name>, column: string, more: string, indispensable: ReadonlySet<Name>): readonly Piece[] {
  return Object.entries<Section>(sections).map(([name, section]) => ({
    what: section.what,
    sql: documentSql({ [name]: section } as Partial<Sections<Name>>, column, more),
    ...(!indispensable.has(name as Name) && { without: { [name]: [] } }),
  }));
}

function rowsSql({ columns, from }: Section): string {
  return `(select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(${columns.join(", ")})), '[]'::json) ${from})`;
}

/** Rows of a section by the types that its columns have where it is asked for. */
export function rows<Row extends readonly unknown[]>(section: readonly (readonly unknown[])[]): readonly Row[] {
  return section as readonly Row[];
}
