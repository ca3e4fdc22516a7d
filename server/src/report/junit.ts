// JUnit's XML, in the form that Jenkins, GitLab, CircleCI and Azure read: a suite a file, a test case a finding.
import type { CheckReport, PlacedFinding } from "./placed-finding";

export function junit(report: CheckReport): string {
  const suites = new Map<string, PlacedFinding[]>();
  for (const found of report.findings) {
    const file = found.place?.file ?? "plumbline";
    suites.set(file, [...(suites.get(file) ?? []), found]);
  }
  const lines = [`<?xml version="1.0" encoding="UTF-8"?>`];
  const total = Math.max(report.findings.length, 1);
  lines.push(`<testsuites name="plumbline" tests="${total}" failures="${report.findings.length}" errors="0">`);
  if (suites.size === 0) lines.push(`  <testsuite name="plumbline" tests="1" failures="0" errors="0">`, `    <testcase classname="plumbline" name="nothing found"/>`, `  </testsuite>`);
  for (const [file, findings] of suites) {
    lines.push(`  <testsuite name="${escapeXml(file)}" tests="${findings.length}" failures="${findings.length}" errors="0">`);
    for (const { rule, severity, message, place } of findings) {
      const where = place ? `${place.file}:${place.line}:${place.column}` : file;
      lines.push(
        `    <testcase classname="${escapeXml(rule)}" name="${escapeXml(`${rule} ${where}`)}" file="${escapeXml(file)}"${place ? ` line="${place.line}"` : ""}>`,
        `      <failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`${where}\n${message}`)}</failure>`,
        `    </testcase>`,
      );
    }
    lines.push(`  </testsuite>`);
  }
  lines.push(`</testsuites>`);
  return `${lines.join("\n")}\n`;
}

/** Safe in text and attributes; characters that XML 1.0 has no way to write are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("\r", "&#13;").replaceAll("\n", "&#10;");
}
