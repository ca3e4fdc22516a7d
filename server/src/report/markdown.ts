// Markdown for pull request comments and job summaries, and the one function that makes text safe to stand in Markdown.
import { counted } from "./counted";
import type { CheckReport, PlacedFinding } from "./placed-finding";
import { rulePage } from "./rule-page";

/** The text on one line so that Markdown (GitHub's and GitLab's) shows it as it is: no markup, HTML, link, mention or table cell. */
export function escapeMarkdown(text: string): string {
  return text.replace(special, (found) => {
    if (/[\r\n]/.test(found)) return " ";
    if (found.startsWith("www")) return `${found.slice(0, 3)}&#46;`;
    switch (found) {
      case "&": return "&amp;";
      case "<": return "&lt;";
      case ">": return "&gt;";
      case ":": return "&#58;";
      // An empty comment parts the sign from the name, so that nobody is mentioned and no issue is linked.
      case "@": return "@<!-- -->";
      case "#": return "#<!-- -->";
      default: return `\\${found}`;
    }
  });
}

const special = /\s*[\r\n]+\s*|[&<>]|[\\`*_[\]|~$]|^[-+=](?=\s|[-=]|$)|(?<=^\d+)[.)](?=\s)|:(?=\/\/|[a-z0-9_+-]+:)|\bwww\.|@(?=\w)|^#|#(?=\w)/gi;

/** A summary line and a table for each file. */
export function markdown(report: CheckReport): string {
  const { summary } = report;
  const counts = (["error", "warning", "information", "hint"] as const).filter((severity) => summary[severity] > 0)
    .map((severity) => counted(summary[severity], severity === "information" ? "note" : severity));
  const scope = `${counted(summary.tables, "table")}, ${counted(summary.foreignKeys, "foreign key")}`;
  const lines = ["## Plumbline", "", `${counts.length > 0 ? `**${counts.join(", ")}**` : "Nothing found"} (${scope}${summary.baseline > 0 ? `, ${summary.baseline} in the baseline` : ""})`];
  for (const [file, findings] of byFile(report.findings)) {
    lines.push("", `### ${escapeMarkdown(file)}`, "", "| Line | Severity | Rule | Finding |", "|---:|---|---|---|");
    for (const found of findings) {
      const fixes = found.finding.fixes.map((fix) => `<br>Fix: ${escapeMarkdown(fix.title)}`).join("");
      lines.push(`| ${found.place?.line ?? ""} | ${found.severity} | [${escapeMarkdown(found.rule)}](${rulePage(found.rule)}) | ${escapeMarkdown(found.message)}${fixes} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function byFile(findings: readonly PlacedFinding[]): ReadonlyMap<string, readonly PlacedFinding[]> {
  const files = new Map<string, PlacedFinding[]>();
  for (const found of findings) {
    const file = found.place?.file ?? "Without a place";
    const list = files.get(file);
    if (list) list.push(found);
    else files.set(file, [found]);
  }
  return files;
}
