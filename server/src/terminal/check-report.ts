// Makes what the formats print out of what the engine reports.
import { version } from "../../../package.json";
import type { Report } from "../engine";
import type { Finding } from "../model/finding";
import { placeFinding, placer, type CheckReport, type Summary } from "../report/placed-finding";
import type { Workspace } from "./workspace";

/** `findings` are those to print; `baseline` counts the ones that a baseline keeps back. `base` is the folder that files are named from, absolute. */
export function checkReport(workspace: Workspace, report: Report, findings: readonly Finding[], baseline: number, relative: (file: string) => string): CheckReport {
  const absolute = new Map<string, string>();
  const place = placer(workspace.files.read, (file) => {
    const name = relative(file);
    absolute.set(name, file);
    return name;
  });
  const placed = findings.map((finding) => placeFinding(finding, place));
  return {
    findings: placed,
    summary: summarise(report, findings, baseline),
    version,
    read: (name) => {
      const file = absolute.get(name);
      return file === undefined ? undefined : workspace.files.read(file);
    },
  };
}

function summarise(report: Report, findings: readonly Finding[], baseline: number): Summary {
  const count = (severity: Finding["severity"]): number => findings.filter((finding) => finding.severity === severity).length;
  // Where there is no code, the databases' own schemas were checked.
  const models = report.schemas.length > 0 ? report.schemas.map(({ model }) => model) : report.databases.map(({ database }) => database.model);
  const tables = models.flatMap((model) => model.tables);
  return {
    error: count("error"),
    warning: count("warning"),
    information: count("information"),
    hint: count("hint"),
    baseline,
    // What only a database has stands in no file that a fix could be written into.
    fixable: findings.filter((finding) => finding.at !== undefined && finding.fixes.length > 0).length,
    schemas: models.length,
    tables: tables.length,
    foreignKeys: tables.reduce((sum, table) => sum + table.foreignKeys.length, 0),
  };
}
