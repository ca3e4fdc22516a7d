// The workspace's folders of migrations, found for each schema of the code and read again only when a file of theirs has
// changed, and their statements, parsed once a text. It judges nothing.
import { findFolder } from "./migrate/folders/find";
import type { MigrationsSetting } from "./configured-migrations";
import type { MigrationFolder } from "./model/migration";
import type { SchemaModel } from "./model/schema";
import type { Files } from "./sources/source";
import type { ParsedScript, SqlParser } from "./sql/parser";

/** A folder with the schema of the code that owns it; undefined: the project has none. */
export interface OwnedFolder {
  readonly folder: MigrationFolder;
  readonly schema: SchemaModel | undefined;
  /** All schemas that the folder belongs to, `schema` among them. */
  readonly schemas: readonly SchemaModel[];
}

export interface MigrationFolders {
  /** Those for PostgreSQL, each once; the same objects as long as no file of theirs has changed. */
  of(models: readonly SchemaModel[]): readonly OwnedFolder[];
  /** `file` has another text, appeared or went; `typed`: a document that was there and is being edited. */
  changed(file: string, typed: boolean): void;
  /** Forgets all that was found. */
  forget(): void;
}

/** `migrationsOf` gives the setting that counts for a schema, or for the project (undefined). */
export function migrationFolders(files: Files, migrationsOf: (model: SchemaModel | undefined) => MigrationsSetting | undefined): MigrationFolders {
  let known: readonly { readonly owner: string; readonly folder: MigrationFolder | undefined }[] | undefined;
  let owned: readonly OwnedFolder[] = [];
  let ownedOf: readonly (SchemaModel | undefined)[] = [];

  function find(owner: string, model: SchemaModel | undefined): MigrationFolder | undefined {
    const remembered = known?.find((one) => one.owner === owner);
    if (remembered) return remembered.folder;
    const folder = findFolder(files, model, migrationsOf(model));
    const judged = folder && isPostgres(folder) ? folder : undefined;
    known = [...(known ?? []), { owner, folder: judged }];
    return judged;
  }

  return {
    of(models) {
      const relational = models.filter(isPostgres);
      // A project without a schema of the code may have plain SQL.
      const owners = models.length === 0 ? [undefined] : relational;
      if (known && owners.length === ownedOf.length && owners.every((one, at) => one === ownedOf[at])) return owned;
      const found: OwnedFolder[] = [];
      for (const model of owners) {
        const folder = find(ownerOf(model), model);
        if (!folder) continue;
        const known = found.findIndex((one) => one.folder.folder === folder.folder);
        if (known < 0) found.push({ folder, schema: model, schemas: model ? [model] : [] });
        else if (model) found[known] = { ...found[known]!, schemas: [...found[known]!.schemas, model] };
      }
      known ??= [];
      ownedOf = owners;
      return (owned = found);
    },
    changed(file, typed) {
      if (!known || !belongs.test(file)) return;
      const inside = known.some(({ folder }) => folder !== undefined && file.startsWith(`${folder.folder}/`));
      // A file that is typed in elsewhere makes no folder.
      if (inside || !typed || !file.endsWith(".sql")) known = undefined;
    },
    forget: () => void (known = undefined),
  };
}

/** Migrations, what orders them, and the files that say where they lie. */
const belongs = /\.sql$|\/(_journal\.json|(\d+_)?snapshot\.json|migration_lock\.toml|package\.json)$|(drizzle|prisma|\.config)[^/]*\.[cm]?[jt]s$|\.config\.json$/;

const isPostgres = ({ dialect }: { readonly dialect: string }): boolean => dialect === "postgresql" || dialect === "cockroachdb";

/** What `findFolder` looks at of a schema. */
function ownerOf(model: SchemaModel | undefined): string {
  return model === undefined ? "" : JSON.stringify([model.source, model.dialect, model.config, model.tables.find(({ at }) => at)?.at?.file, model.tables.some(({ ormVersion }) => ormVersion === 1)]);
}

/** Parses each text once; texts that are not asked for twice in a row are forgotten. */
export function parsedScripts(parser: SqlParser): { parse(sql: string): ParsedScript; settle(): void } {
  let before = new Map<string, ParsedScript>();
  let now = new Map<string, ParsedScript>();
  return {
    parse(sql) {
      const found = now.get(sql) ?? before.get(sql) ?? parser.parse(sql);
      now.set(sql, found);
      return found;
    },
    settle() {
      before = now;
      now = new Map();
    },
  };
}
