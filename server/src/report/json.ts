// `check --format json`: stable, version 1. The documented shape is in server/README.md.
import type { CheckReport } from "./placed-finding";

export function json(report: CheckReport): string {
  const findings = report.findings.map(({ rule, severity, message, place, table, columns, key, finding }) => ({
    rule,
    severity,
    message,
    file: place?.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    endLine: place?.endLine ?? null,
    endColumn: place?.endColumn ?? null,
    table: table ?? null,
    columns,
    key,
    fixes: finding.fixes.map(({ title }) => ({ title })),
  }));
  return `${JSON.stringify({ version: 1, findings, summary: report.summary }, undefined, 2)}\n`;
}
