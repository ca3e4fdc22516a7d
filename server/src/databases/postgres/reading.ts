// A reading of the catalogue without the wire: which statement asks for it, and what its document means. Whatever can run
// a message of several statements (the driver, PGlite) reads a schema with the two.
import type { DatabaseReading } from "../database";
import { assembleModel } from "./assemble";
import { attributes, catalogueSections, indispensable, type CatalogueSection } from "./catalogue";
import { documentSql, pieces, rows, type Document, type Piece } from "./section";
import type { ServerVersion } from "./server-version";
import { stampExpression } from "./stamp";

/** One SELECT of one row and one column, `schema`: a JSON text for `schemaReading`. */
export function schemaSql({ major }: Pick<ServerVersion, "major">): string {
  return documentSql(catalogueSections(major), "schema", attributes);
}

/** The sections of `schemaSql`, each as a SELECT of its own: for servers that refuse the whole. */
export function schemaPieces({ major }: Pick<ServerVersion, "major">): readonly Piece[] {
  return pieces(catalogueSections(major), "schema", attributes, indispensable);
}

/** One SELECT of one row and one column, `stamp`. */
export const stampSql = `select ${stampExpression} as stamp`;

/** `name` is the connection's, `searched` the schema that it searches in place of public. `transactionPooler` is for the connection to know. */
export function schemaReading(json: string, name: string, version: ServerVersion, transactionPooler: boolean, searched?: string): DatabaseReading & { readonly backend: number } {
  const document = JSON.parse(json) as Document<CatalogueSection>;
  const [server] = rows<[version: number, database: string, user: string, backend: number, readOnly: boolean, extensions: [string, string][] | null]>(document.server);
  const [number, database, user, backend, readOnly, extensions] = server!;
  return {
    model: { ...assembleModel(document, name), ...(searched !== undefined && searched !== "public" && { searchedSchema: searched }) },
    server: { version: number, title: version.title, database, user, extensions: (extensions ?? []).map(([extension, at]) => ({ name: extension, version: at })), readOnly, transactionPooler },
    stamp: String(document.stamp[0]?.[0] ?? ""),
    problems: [...(version.doubt === undefined ? [] : [version.doubt]), ...closedSchemas(document, user)],
    backend,
  };
}

/** The catalogue is open to everybody, what it describes is not. */
function closedSchemas(document: Document<CatalogueSection>, user: string): readonly string[] {
  return rows<[number, string, boolean]>(document.schemas)
    .filter(([, , usable]) => !usable)
    .map(([, name]) => `The user "${user}" has no USAGE privilege on the schema "${name}": its definitions were read, but its rows, statistics and sequences are out of reach. To change that: GRANT USAGE ON SCHEMA "${name.replaceAll('"', '""')}" TO "${user.replaceAll('"', '""')}".`);
}
