// What the rules about the record of migrations share: the lines of one state over all connected databases, and where a
// finding about a whole migration stands. It judges nothing.
import type { FolderProblem, Migration, MigrationFolder, MigrationStatus } from "../model/migration";
import type { SourceRange } from "../model/schema";
import type { Detection, FolderContext } from "./rule";

/** What the folder's format itself has found; where that is about a whole file, its first line is underlined. */
export function problemsOf({ problems }: MigrationFolder, kind: FolderProblem["kind"], { files }: FolderContext): readonly Detection[] {
  const line = (at: SourceRange): SourceRange => (at.end > at.start ? at : { ...at, end: at.start + /^[^\r\n]*/.exec((files.read(at.file) ?? "").slice(at.start))![0].length });
  return problems.filter((problem) => problem.kind === kind).map(({ message, at, migration }) => ({ message, ...(at && { at: line(at) }), name: migration ?? message }));
}

/** Each migration once that is in this state in a connected database, by what `message` says of it; the databases' names are listed. */
export function recordedAs(state: MigrationStatus["state"], { databases }: FolderContext, message: (line: MigrationStatus, databases: string) => string): readonly Detection[] {
  const found = new Map<string, { readonly line: MigrationStatus; readonly names: string[] }>();
  for (const { name, status } of databases)
    for (const line of status) {
      if (line.state !== state) continue;
      const known = found.get(line.id);
      if (known) known.names.push(name);
      else found.set(line.id, { line, names: [name] });
    }
  return [...found.values()].map(({ line, names }) => ({ message: message(line, names.join(", ")), ...(line.migration && { at: headOf(line.migration) }), name: line.id }));
}

/** The first line of what is applied: a finding about the whole file underlines no more. */
export function headOf({ up }: Migration): SourceRange {
  const blank = /^\s*/.exec(up.sql)![0].length;
  const line = /^[^\r\n]*/.exec(up.sql.slice(blank))![0].length;
  return { file: up.file, start: up.start + blank, end: up.start + blank + line };
}
