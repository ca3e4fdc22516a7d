// A Prisma project on disk with a database of its own, for the tests in which Plumbline and Prisma's engine take turns.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaults } from "../../../server/src/config";
import { settingsFromUrl } from "../../../server/src/databases/connections/settings";
import type { RenameAnswers } from "../../../server/src/migrate/generate/renames";
import { openOperations } from "../../../server/src/migrate/operations/open";
import type { GeneratedFiles, Operations, Target } from "../../../server/src/migrate/operations/operations";
import type { SchemaModel } from "../../../server/src/model/schema";
import { prisma } from "../../../server/src/sources/prisma";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { runtime, temporaryFolder } from "../../database/embedded/runtime";
import { migrateEngine, type MigrateEngine, type Scripts } from "../../oracles/prisma/migrate-engine";
import type { Postgres } from "../../oracles/postgres";

export interface PrismaTestProject {
  readonly root: string;
  readonly migrations: string;
  readonly connection: Postgres["connection"];
  readonly target: Target;
  readonly operations: Operations;
  /** Prisma's engine on the project as it stands now. */
  engine(scripts?: Scripts): MigrateEngine;
  schema(text: string): void;
  write(files: Readonly<Record<string, string>>): void;
  /** Generates against the database and writes the files. */
  generate(name: string, renames?: RenameAnswers): Promise<GeneratedFiles>;
  /** "20240101000000_init applied", in order. */
  states(): Promise<readonly string[]>;
}

const made: string[] = [];
after(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export interface ProjectOptions {
  /** `?schema=` of its URL. */
  readonly searched?: string;
  /** Read from the database; "folder" replays the migrations on the embedded one. */
  readonly from?: "folder";
  /** A database that is there already; `searched` is then a schema of its own in it, which costs a hundredth of a database. */
  readonly within?: string;
}

let scratch: { readonly runtime: string; readonly cache: string } | undefined;

/** With `schema` as prisma/schema.prisma, and an empty database called `name`. */
export async function prismaProject(server: Postgres, name: string, schema: string, { searched, from, within }: ProjectOptions = {}): Promise<PrismaTestProject> {
  const embedded = (scratch ??= { runtime: await runtime(), cache: temporaryFolder() });
  const root = mkdtempSync(join(tmpdir(), "plumbline-prisma-"));
  made.push(root);
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  let text = schema;
  write({ "prisma/schema.prisma": text });
  const connection = { ...server.connection, database: within ?? name };
  if (within === undefined) await server.query(`create database "${name}"`);
  const url = `postgresql://${connection.user}@/${encodeURIComponent(connection.database)}?host=${encodeURIComponent(connection.host)}${searched === undefined ? "" : `&schema=${encodeURIComponent(searched)}`}`;
  const target: Target = { kind: "connection", settings: settingsFromUrl(url, "test", { environment: {} }) };
  const model = (): SchemaModel => {
    const session = prisma.open(diskFiles(root));
    return session.read(session.discover()[0]!).model;
  };
  // Files are read once by each: so is a command.
  const operations = (): Operations => openOperations({ files: diskFiles(root), config: defaults, schema: model, embedded, by: "anna@laptop", now: () => new Date() });
  const migrations = join(root, "prisma/migrations");
  return {
    root, migrations, connection, target, write,
    get operations() {
      return operations();
    },
    engine: (scripts) => migrateEngine({ migrations, schema: text, server: connection, ...(searched !== undefined && { searched }), ...(scripts && { scripts }) }),
    schema: (changed) => write({ "prisma/schema.prisma": (text = changed) }),
    async generate(called, renames) {
      const made = await operations().generate({ name: called, from: from ?? target, proof: from === "folder", ...(renames && { renames }) });
      for (const { file, text: whole } of made.written) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, whole);
      }
      return made;
    },
    states: async () => (await operations().status(target)).migrations.map(({ id, state }) => `${id} ${state}`),
  };
}

export const header = `generator client {
  provider        = "prisma-client"
  output          = "./client"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

`;
