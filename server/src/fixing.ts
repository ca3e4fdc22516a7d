// Turns the fixes of several findings into text edits: changes are gathered by schema, made one, named, and written
// by the schema's source. A fix that its source cannot write safely is refused with the reason, the others are written.
import type { Config } from "./config";
import type { WrittenFixes } from "./engine";
import { mergeIndexes } from "./indexes/merge";
import { nameIndexes } from "./indexes/naming";
import type { Change } from "./model/change";
import type { Finding, Fix, SchemaReading } from "./model/finding";
import { sources } from "./sources/registry";
import type { Files, TextEdit } from "./sources/source";

interface Wanted {
  readonly finding: Finding;
  readonly fix: Fix;
}

export function writeFixes(fixes: readonly Wanted[], schemas: readonly SchemaReading[], files: Files, config: Config): WrittenFixes {
  const edits: TextEdit[] = [];
  const refused: { fix: Fix; reason: string }[] = [];
  for (const [schemaId, wanted] of groupBySchema(fixes)) {
    const reading = schemas.find((schema) => schema.model.id === schemaId);
    const source = sources.find((one) => one.name === reading?.model.source);
    if (!reading || !source) {
      for (const { fix } of wanted) refused.push({ fix, reason: `the schema ${schemaId} is no longer there` });
      continue;
    }
    const write = (some: readonly Wanted[]): readonly TextEdit[] | undefined => source.edit(prepare(some.flatMap(({ fix }) => fix.changes), reading, config), reading.model, files);
    let written = write(wanted);
    if (!written) {
      const possible = wanted.filter((one) => write([one]) !== undefined);
      for (const one of wanted) if (!possible.includes(one)) refused.push({ fix: one.fix, reason: "the code that makes this table cannot be edited safely: change it by hand, or write a migration" });
      written = possible.length > 0 ? write(possible) : [];
    }
    edits.push(...(written ?? []));
  }
  edits.sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1));
  return { edits, refused };
}

function groupBySchema(fixes: readonly Wanted[]): Map<string, Wanted[]> {
  const groups = new Map<string, Wanted[]>();
  for (const one of fixes) {
    const id = one.fix.schema ?? one.finding.schema;
    const group = groups.get(id);
    if (group) group.push(one);
    else groups.set(id, [one]);
  }
  return groups;
}

/** Changes as they are written: each once, an index that serves several in place of each, named. */
function prepare(changes: readonly Change[], reading: SchemaReading, config: Config): readonly Change[] {
  const seen = new Set<string>();
  const once = changes.filter((change) => {
    const text = JSON.stringify(change, (key, value: unknown) => (key === "at" || key === "nameAt" ? undefined : value));
    return !seen.has(text) && seen.add(text);
  });
  return nameIndexes(mergeIndexes(once, reading.model), reading.model, config.indexName);
}
