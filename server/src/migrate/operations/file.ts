// A SQL file by hand on a target: its text as it stands now, what it would do, and running it.
import type { Files } from "../../sources/source";
import type { MigrationPart } from "../../model/migration";
import { loadSqlParser } from "../../sql/load";
import { buildPlan } from "../plan-building";
import type { Plan } from "../plan";
import { shownFile } from "../status";
import type { RunContext, RunOptions } from "../run/context";
import { fileUnits } from "../run/file-units";
import { RunError } from "../run/progress";
import { folderOfFile, runFile } from "../run/run-file";
import { PartError, plannedSteps } from "../run/steps";
import type { FileResult, RunFileRequest } from "./operations";
import { notToRunOn } from "./planning";
import { reading, type ScratchPlace } from "./reading";

export async function planOfFile({ target, file, transaction, signal }: Pick<RunFileRequest, "target" | "file" | "transaction" | "signal">, files: Pick<Files, "read">, scratch: ScratchPlace): Promise<Plan> {
  const parser = await loadSqlParser();
  const part = partOf(file, files);
  const folder = folderOfFile(part);
  const obstacles: string[] = [];
  let units: ReturnType<typeof fileUnits> = [];
  try {
    units = fileUnits(part.sql, transaction, parser);
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    obstacles.push(`${shownFile(folder, file)}:${part.sql.slice(0, error.offset).split("\n").length}: ${error.message}`);
  }
  return reading(target, scratch, undefined, signal, async (reader) => {
    const { reading: { model, server }, facts } = await reader.readAll();
    obstacles.push(...notToRunOn(target, server));
    return buildPlan({
      direction: "up", database: reader.name, production: reader.production, schema: model, obstacles,
      migrations: [{ migration: folder.migrations[0], steps: plannedSteps(units), ...(!transaction && { oneByOne: true }) }],
      ...(facts && { facts, grantedLocks: facts.database.lockEntries }),
    });
  });
}

export async function runSqlFile({ file, transaction, expect }: Pick<RunFileRequest, "file" | "transaction" | "expect">, files: Pick<Files, "read">, context: Pick<RunContext, "by" | "connect">, options: RunOptions): Promise<FileResult> {
  const parser = await loadSqlParser();
  const start = Date.now();
  const statements = await runFile({ file: partOf(file, files), transaction, ...(expect !== undefined && { expect }) }, { ...context, parser }, options);
  return { statements, milliseconds: Date.now() - start };
}

function partOf(file: string, files: Pick<Files, "read">): MigrationPart {
  const sql = files.read(file);
  if (sql === undefined) throw new RunError(`There is no file ${file}, or it cannot be read.`, "stopped before", { done: [], status: [] });
  return { file, sql, start: 0, end: sql.length };
}
