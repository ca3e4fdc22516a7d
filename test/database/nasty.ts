// A database with everything that a reading of the catalogue may trip over (nasty*.sql), and the model that it must give
// (nasty-model*.json, checked by eye, one line for each column, key and index).
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import type { SchemaModel, Table } from "../../server/src/model/schema";
import type { Postgres } from "../oracles/postgres";

/** Versions from which on more can be made, or the same reads otherwise (from 17 on, partitions share the identity of their table). */
const versions = [15, 17, 18] as const;

export async function createNasty(server: Postgres): Promise<Postgres["connection"]> {
  const connection = await server.createDatabase(`nasty ${Math.random()}`);
  const client = new Client(connection);
  await client.connect();
  try {
    for (const file of files(server, "nasty", ".sql")) await client.query(readFileSync(file, "utf8"));
    // Two rows are alike: what PostgreSQL leaves behind is an invalid index.
    await client.query("create unique index concurrently broken_idx on broken (a)").catch(() => undefined);
  } finally {
    await client.end();
  }
  return connection;
}

/** The model with its tables by "schema.name", as the JSON files have them: without `relations`, and without what is empty. */
export function expectedModel(server: Postgres): unknown {
  const parts = files(server, "nasty-model", ".json").map((file) => JSON.parse(readFileSync(file, "utf8")) as { readonly tables: Readonly<Record<string, unknown>> });
  return { ...parts[0], tables: Object.assign({}, ...parts.map(({ tables }) => tables)) as unknown };
}

export function comparable(model: SchemaModel): unknown {
  const { tables, enums, sequences, domains } = model;
  return JSON.parse(JSON.stringify({
    tables: Object.fromEntries(tables.map((table) => [`${table.name.schema}.${table.name.name}`, briefTable(table)])),
    enums, sequences, domains,
  })) as unknown;
}

function briefTable(table: Table): unknown {
  const { columns, uniques, foreignKeys, indexes, checks, name: _name, property: _property, relations: _relations, complete, ...others } = table;
  const filled = Object.entries({ uniques, foreignKeys, indexes, checks }).filter(([, list]) => list.length > 0);
  return {
    ...others,
    ...(complete ? {} : { complete }),
    columns: columns.map(({ property: _same, type, ...column }) => ({ ...column, type: type.name, ...(type.enum && { enum: type.enum }) })),
    ...Object.fromEntries(filled),
  };
}

/** The file of that name, and those of it for versions up to the server's. */
function files(server: Postgres, name: string, ending: string): readonly string[] {
  const later = versions.filter((version) => server.version >= version).map((version) => `${name}-${version}${ending}`);
  return [`${name}${ending}`, ...later].map((file) => join(__dirname, file)).filter(existsSync);
}
