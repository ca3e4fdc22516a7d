// GitLab's code quality report. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
import type { Severity } from "../model/finding";
import type { CheckReport } from "./placed-finding";

export function gitlab(report: CheckReport): string {
  const seen = new Map<string, number>();
  const issues = report.findings.map(({ rule, severity, message, place, key }) => {
    // GitLab drops issues that share a fingerprint, so that a second one of the same key gets a number.
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return {
      description: message,
      check_name: rule,
      fingerprint: count === 0 ? key : `${key}-${count + 1}`,
      severity: severities[severity],
      location: { path: place?.file ?? ".", lines: { begin: place?.line ?? 1, end: place?.endLine ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

const severities: Readonly<Record<Severity, string>> = { error: "critical", warning: "major", information: "minor", hint: "info" };
