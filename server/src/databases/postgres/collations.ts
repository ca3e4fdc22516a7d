// The collations of the catalogue's document by their names.
import type { CatalogueSection } from "./catalogue";
import { rows, type Document } from "./section";

/** By oid; the schema is named where it is neither the system's nor `public`. */
export function collationNames(document: Document<CatalogueSection>): ReadonlyMap<number, string> {
  return new Map(rows<[oid: number, schema: string, name: string]>(document.collations).map(([oid, schema, name]) => [oid, schema === "pg_catalog" || schema === "public" ? name : `${schema}.${name}`]));
}
