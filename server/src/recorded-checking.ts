// Runs the rules that hold the code against what the folder of migrations says that its newest migration leaves. It reads
// that record once a folder, and asks no database.
import { toFinding, type ActiveRule, type OnFailure } from "./checking";
import { recordedTables, unrecorded } from "./migrate/folders/drizzle-unrecorded";
import type { OwnedFolder } from "./migration-folders";
import type { Finding, SchemaReading } from "./model/finding";
import type { MigrationFolder } from "./model/migration";
import type { Files } from "./sources/source";

export interface RecordedChecker {
  /** `readings`: all schemas of the code. */
  check(folders: readonly OwnedFolder[], readings: readonly SchemaReading[]): readonly Finding[];
}

export function createRecordedChecker(rules: readonly ActiveRule[], files: Pick<Files, "read">, onFailure: OnFailure): RecordedChecker {
  const active = rules.filter(({ rule }) => rule.checkUnrecorded);
  const records = new WeakMap<MigrationFolder, { readonly tables: ReturnType<typeof recordedTables> }>();

  function recordOf(folder: MigrationFolder): ReturnType<typeof recordedTables> {
    let record = records.get(folder);
    if (!record) records.set(folder, (record = { tables: folder.format === "drizzle v0" ? recordedTables(folder, files) : undefined }));
    return record.tables;
  }

  return {
    check(folders, readings) {
      const findings: Finding[] = [];
      for (const { folder, schemas } of active.length > 0 ? folders : []) {
        const record = recordOf(folder);
        const own = readings.filter(({ model }) => schemas.includes(model));
        // What no config names may be a part of what drizzle-kit reads, and what a config says in a way that cannot be read may name every column.
        if (!record || own.some(({ model, problems }) => model.config === undefined || problems.some(({ at }) => at?.file === model.config))) continue;
        for (const one of active) {
          try {
            const tables = unrecorded(own.map(({ model }) => model), record, own.every(({ problems, model }) => problems.length === 0 && model.tables.length > 0 && !model.part));
            for (const detection of one.rule.checkUnrecorded!(tables)) findings.push(toFinding(one, detection, detection.schema));
          } catch (error) {
            onFailure(one.id, undefined, error);
          }
        }
      }
      return findings;
    },
  };
}
