// SARIF 2.1.0, for code scanning: results with their fixes as replacements.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import type { Finding, Fix, Severity } from "../model/finding";
import type { SourceRange } from "../model/schema";
import type { CheckReport, Place, PlacedFinding } from "./placed-finding";
import { projectPage, rulePage } from "./rule-page";

/** What SARIF tells besides the findings. */
export interface SarifSource {
  /** One line on a rule, and its own severity. */
  rule(id: string): { readonly summary: string; readonly severity: Severity | "off" } | undefined;
  /** The text edits of one fix; empty where it cannot be written. */
  edits(finding: Finding, fix: Fix): readonly (SourceRange & { readonly text: string })[];
  place(at: SourceRange): Place;
}

export function sarif(report: CheckReport, source: SarifSource): string {
  const ids = [...new Set(report.findings.map(({ rule }) => rule))].sort();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "Plumbline",
          version: report.version,
          informationUri: projectPage,
          rules: ids.map((id) => descriptor(id, source)),
        },
      },
      columnKind: "utf16CodeUnits",
      results: report.findings.map((found) => result(found, ids, source)),
    }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(id: string, source: SarifSource) {
  const rule = source.rule(id);
  return {
    id,
    ...(rule && { shortDescription: { text: rule.summary } }),
    helpUri: rulePage(id),
    ...(rule && { defaultConfiguration: { level: levels[rule.severity] } }),
  };
}

function result(found: PlacedFinding, ids: readonly string[], source: SarifSource) {
  const fixes = found.finding.fixes.flatMap((fix) => {
    const edits = source.edits(found.finding, fix);
    return edits.length === 0 ? [] : [{ description: { text: fix.title }, artifactChanges: changes(edits, source) }];
  });
  return {
    ruleId: found.rule,
    ruleIndex: ids.indexOf(found.rule),
    level: levels[found.severity],
    message: { text: found.message },
    locations: found.place ? [{ physicalLocation: location(found.place) }] : [],
    ...(found.related.length > 0 && {
      relatedLocations: found.related.map(({ message, place }, id) => ({ id, message: { text: message }, physicalLocation: location(place) })),
    }),
    partialFingerprints: { "plumblineKey/v1": found.key },
    ...(fixes.length > 0 && { fixes }),
  };
}

function changes(edits: readonly (SourceRange & { readonly text: string })[], source: SarifSource) {
  const files = new Map<string, object[]>();
  for (const { file, start, end, text } of edits) {
    const place = source.place({ file, start, end });
    const replacements = files.get(place.file) ?? [];
    replacements.push({ deletedRegion: region(place), insertedContent: { text } });
    files.set(place.file, replacements);
  }
  return [...files].map(([file, replacements]) => ({ artifactLocation: { uri: uri(file) }, replacements }));
}

function location(place: Place) {
  return { artifactLocation: { uri: uri(place.file) }, region: region(place) };
}

function region({ line, column, endLine, endColumn }: Place) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A relative path as a URI reference. */
function uri(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}

const levels: Readonly<Record<Severity | "off", "error" | "warning" | "note" | "none">> = { error: "error", warning: "warning", information: "note", hint: "note", off: "none" };
