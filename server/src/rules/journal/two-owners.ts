import { dirname } from "node:path/posix";
import { packageScripts, pushes } from "../../migrate/package-scripts";
import type { MigrationFormat } from "../../model/migration";
import type { FolderContext, Rule } from "../rule";

const rule: Rule = {
  summary: "A script of package.json changes the database of this migration folder past its migrations.",
  why: `\`drizzle-kit push\` and \`prisma db push\` change a database without a migration: the folder does not know of it, the next migration fails on what is there already, and the change never reaches the other
databases. Two tools that both migrate one database undo each other's work in the same way. Decide for one way: take the script out, or let it run the migrations.

A script that names its own database, schema or config (\`DATABASE_URL=…\`, \`dotenv\`, \`--config\`, \`--schema\`, \`--url\`) is taken to mean another one, such as a test's, and is left alone.`,
  severity: "error",
  bad: {
    migrations: {
      "drizzle/0000_clients.sql": "CREATE TABLE clients (id bigint PRIMARY KEY);\n",
      "package.json": `{
  "dependencies": { "drizzle-orm": "0.45.4" },
  "scripts": {
    "db:push": "drizzle-kit push"
//  ^^^^^^^^^ past the migrations in drizzle
  }
}
`,
    },
  },
  good: {
    migrations: {
      "drizzle/0000_clients.sql": "CREATE TABLE clients (id bigint PRIMARY KEY);\n",
      "package.json": `{
  "dependencies": { "drizzle-orm": "0.45.4" },
  "scripts": {
    "db:migrate": "drizzle-kit migrate",
    "test:prepare": "dotenv -e .env.test -- drizzle-kit push"
  }
}
`,
    },
  },
  *checkFolder({ folder, format, migrations }, { files }) {
    const manifest = manifestOf(folder, files);
    if (!manifest || migrations.length === 0) return;
    for (const { name, command, start, end } of packageScripts(manifest.text)) {
      const tool = otherOwner(command, format);
      if (tool === undefined) continue;
      yield { message: `The script "${name}" (${tool}) changes the database past the migrations in ${shown(folder, manifest.file)}, which then no longer lead to what is there. Let it run the migrations, or name the other database that it is for.`, at: { file: manifest.file, start, end }, name };
    }
  },
};

export default rule;

interface Manifest {
  readonly file: string;
  readonly text: string;
}

/** The nearest package.json. */
function manifestOf(folder: string, files: FolderContext["files"]): Manifest | undefined {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const file = `${at}/package.json`;
    const text = files.read(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}

/** The words that change a database behind the back of a folder's owner. */
function otherOwner(command: string, format: MigrationFormat): string | undefined {
  if (/\bDATABASE_URL=|\bdotenv(x)?\b|\benv-cmd\b|--env-file|\.env\.|--config\b|--schema\b|--url\b/.test(command)) return undefined;
  const pushed = pushes(command);
  if (pushed !== undefined) return { drizzle: "drizzle-kit push", prisma: "prisma db push" }[pushed];
  const migrators = [...(format.startsWith("drizzle") ? [] : [/\bdrizzle-kit\s+migrate\b/]), ...(format === "prisma" ? [] : [/\bprisma\s+migrate\s+(?:deploy|dev)\b/])];
  for (const migrator of migrators) {
    const found = migrator.exec(command);
    if (found) return found[0].replace(/\s+/g, " ");
  }
  return undefined;
}

function shown(folder: string, manifest: string): string {
  return folder.slice(dirname(manifest).length + 1);
}
