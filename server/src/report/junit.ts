// JUnit's XML, in the form that Jenkins, GitLab, CircleCI and Azure read: a suite a file, a test case a finding, failed
// where it is a warning or an error; notes and hints pass and say what they have to say.
import type { CheckReport, PlacedFinding } from "./placed-finding";

export function junit(report: CheckReport): string {
  const suites = new Map<string, PlacedFinding[]>();
  for (const found of report.findings) {
    const file = found.place?.file ?? "plumbline";
    suites.set(file, [...(suites.get(file) ?? []), found]);
  }
  const lines = [`<?xml version="1.0" encoding="UTF-8"?>`];
  lines.push(`<testsuites name="plumbline" tests="${Math.max(report.findings.length, 1)}" failures="${failures(report.findings)}" errors="0">`);
  if (suites.size === 0) lines.push(`  <testsuite name="plumbline" tests="1" failures="0" errors="0">`, `    <testcase classname="plumbline" name="nothing found"/>`, `  </testsuite>`);
  for (const [file, findings] of suites) {
    lines.push(`  <testsuite name="${escapeXml(file)}" tests="${findings.length}" failures="${failures(findings)}" errors="0">`);
    for (const found of findings) lines.push(...testCase(found, file));
    lines.push(`  </testsuite>`);
  }
  lines.push(`</testsuites>`);
  return `${lines.join("\n")}\n`;
}

function testCase(found: PlacedFinding, file: string): readonly string[] {
  const { rule, severity, message, place } = found;
  const where = place ? `${place.file}:${place.line}:${place.column}` : file;
  const text = escapeXml(`${where}\n${message}`);
  return [
    `    <testcase classname="${escapeXml(rule)}" name="${escapeXml(`${rule} ${where}`)}" file="${escapeXml(file)}"${place ? ` line="${place.line}"` : ""}>`,
    fails(found) ? `      <failure type="${severity}" message="${escapeXml(message)}">${text}</failure>` : `      <system-out>${text}</system-out>`,
    `    </testcase>`,
  ];
}

function fails({ severity }: PlacedFinding): boolean {
  return severity === "warning" || severity === "error";
}

function failures(findings: readonly PlacedFinding[]): number {
  return findings.filter(fails).length;
}

/** Safe in text and attributes; characters that XML 1.0 has no way to write are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("\r", "&#13;").replaceAll("\n", "&#10;");
}
