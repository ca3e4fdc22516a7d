// The facade: parse, link, run rules, write fixes, compare. Pure but for its own memory of what it has read:
// text comes from `Files`, nothing is written, no clock, no process. Both doors (server.ts, cli.ts) stand on it.
import type { Config } from "./config";
import type { Finding, Fix, SchemaReading } from "./model/finding";
import type { Files, TextEdit } from "./sources/source";

export interface Report {
  readonly schemas: readonly SchemaReading[];
  /** All findings that no comment suppresses, in order of file, then place; `suppression/unused` and `source/unreadable` among them. */
  readonly findings: readonly Finding[];
  /** Failures of Plumbline itself, contained: a rule or parser that threw. Each is reported once. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** The rule's id or the source's name. */
  readonly where: string;
  readonly file?: string;
  readonly error: string;
}

/** Fixes as text. */
export interface WrittenFixes {
  /** Sorted by file and start, not overlapping, against the current texts. */
  readonly edits: readonly TextEdit[];
  /** Fixes that cannot be written into the code safely, with the reason. */
  readonly refused: readonly { readonly fix: Fix; readonly reason: string }[];
}

export interface Project {
  /** `file` has another text, appeared or went. `edits`: the steps, where the caller knows them. */
  changed(file: string, edits?: readonly Omit<TextEdit, "file">[]): void;
  /** The configuration changed. */
  configure(config: Config): void;
  /** Reads what changed and runs the rules where something that they read has changed. */
  report(): Report;
  /** The text edits of several findings' fixes together: names new indexes by the convention, merges a suggestion that is the prefix of another, writes the paired schema too. */
  write(fixes: readonly { readonly finding: Finding; readonly fix: Fix }[]): WrittenFixes;
}

export interface ProjectOptions {
  /** Schemas from these paths alone (absolute; files, directories, globs) instead of discovery. */
  readonly paths?: readonly string[];
}

export function openProject(_files: Files, _config: Config, _options: ProjectOptions = {}): Project {
  throw new Error("not written yet");
}
