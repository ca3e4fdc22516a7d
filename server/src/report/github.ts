// GitHub's workflow commands: annotations on the changed files of a pull request.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import type { Severity } from "../model/finding";
import type { CheckReport } from "./placed-finding";

export function github(report: CheckReport): string {
  return report.findings.map(({ rule, severity, message, place }) => {
    const properties = place
      ? [["file", place.file], ["line", place.line], ["endLine", place.endLine], ...(place.line === place.endLine ? [["col", place.column], ["endColumn", place.endColumn]] : []), ["title", rule]]
      : [["title", rule]];
    const written = properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(",");
    return `::${commands[severity]} ${written}::${escapeData(message)}\n`;
  }).join("");
}

const commands: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", information: "notice", hint: "notice" };

/** As @actions/core's `escapeData`. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As @actions/core's `escapeProperty`. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
