// Drizzle 0.x: NNNN_name.sql, ordered by meta/_journal.json, with a snapshot of the schema after each. Reading takes every
// dialect; writing is PostgreSQL's alone.
import { getNodeValue, parseTree, type Node, type ParseError } from "jsonc-parser/lib/esm/main.js";
import type { FolderProblem, Migration, MigrationFolder } from "../../model/migration";
import type { Files } from "../../sources/source";
import { checksumsOf, journalTable, snapshotDialect } from "./drizzle";
import { emptySnapshot, nextSnapshot, type Json } from "./drizzle-snapshot-v0";
import { FolderError, type FolderContext, type FolderFiles, type FolderFormat, type NewMigration, type WrittenFile } from "./folder-format";
import { ended, filePart, nameInFile, partsBeside, remembered, script, unreadable, wayBackText } from "./parts";
import { nextTimes } from "./times";

export const drizzleV0: FolderFormat = { read, write };

interface Entry {
  readonly idx: number;
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly start: number;
  readonly end: number;
}

/** As drizzle-kit 0.31 writes: `writeResult` and `prepareMigrationMetadata` in its sources. */
function write({ folder, dialect, migrations }: MigrationFolder, added: readonly NewMigration[], files: Pick<Files, "read">, { now, before, after }: FolderContext): readonly WrittenFile[] {
  if (dialect !== "postgresql") throw new FolderError(`${folder} is for ${dialect}, and Plumbline writes Drizzle migrations for PostgreSQL alone. Generate it with drizzle-kit.`);
  const file = `${folder}/meta/_journal.json`;
  const text = files.read(file);
  const { entries, problems } = text === undefined ? { entries: [], problems: [] } : journal(file, text);
  if (problems[0]) throw new FolderError(problems[0].message);
  const document = text === undefined ? { version: "7", dialect: "postgresql", entries: [] as object[] } : (JSON.parse(text) as { entries: object[] });
  const listed = [...document.entries];
  let snapshot = previousSnapshot(folder, entries.at(-1), files);
  let idx = Math.max(-1, ...entries.map((entry) => entry.idx));
  let when = Math.max(now.getTime() - 1, ...entries.map((entry) => entry.when));
  let prefix = numberOf(entries.at(-1)?.tag);
  const written: WrittenFile[] = [];
  const times = nextTimes(migrations.map(({ version }) => version).filter((version) => version.length === 14), now, added.length);
  for (const [position, { name, up, down, verify }] of added.entries()) {
    idx++;
    when++;
    prefix = prefixOf(prefix, idx, times[position]!, when);
    const tag = `${prefix}_${nameInFile(name)}`;
    snapshot = nextSnapshot(snapshot, position === 0 ? before : after[position - 1]!, after[position]!, up);
    listed.push({ idx, version: "7", when, tag, breakpoints: true });
    written.push(
      { file: `${folder}/${tag}.sql`, text: up.map(ended).join("--> statement-breakpoint\n") },
      { file: `${folder}/${tag}.down.sql`, text: wayBackText(down) },
      ...(verify && verify.length > 0 ? [{ file: `${folder}/${tag}.verify.sql`, text: script(verify) }] : []),
      { file: `${folder}/meta/${prefix}_snapshot.json`, text: JSON.stringify(snapshot, undefined, 2) },
    );
  }
  return [...written, { file, text: JSON.stringify({ ...document, entries: listed }, undefined, 2) }];
}

/** In the manner of the one before: a number, a time, or seconds since 1970, of which no two migrations have the same. */
function prefixOf(last: string | undefined, idx: number, time: string, when: number): string {
  return last?.length === 14 ? time : last?.length === 10 ? String(Math.max(Math.floor(when / 1000), Number(last) + 1)) : String(idx).padStart(4, "0");
}

function numberOf(tag: string | undefined): string | undefined {
  return /^\d+/.exec(tag ?? "")?.[0];
}

function previousSnapshot(folder: string, last: Entry | undefined, files: Pick<Files, "read">): Json {
  if (!last) return emptySnapshot;
  const file = `${folder}/meta/${/^[^_]*/.exec(last.tag)![0]}_snapshot.json`;
  const text = files.read(file);
  try {
    const read = JSON.parse(text ?? "") as Json;
    if (read["version"] === "7" && typeof read["tables"] === "object") return { ...emptySnapshot, ...read };
  } catch {
    // Told below, with what was expected.
  }
  throw new FolderError(`${file} ${text === undefined ? "is missing" : "is no snapshot of version 7"}: the next one is made from it. ${text === undefined ? "Restore it from version control." : "Bring it up to date with `drizzle-kit up`."}`);
}

function read(folder: string, files: FolderFiles): MigrationFolder | undefined {
  const file = `${folder}/meta/_journal.json`;
  const text = files.read(file);
  if (text === undefined) {
    const problems = unreadable([file], files);
    return problems.length === 0 ? undefined : { folder, format: "drizzle v0", dialect: "postgresql", migrations: [], journal: journalTable, problems };
  }
  const { dialect, entries, problems: ofJournal } = journal(file, text);
  const problems = [...ofJournal];
  const migrations = entries.flatMap((entry): readonly Migration[] => {
    const [sql, down, verify] = ["", ".down", ".verify"].map((part) => `${folder}/${entry.tag}${part}.sql`) as [string, string, string];
    const up = filePart(sql, files);
    const about = { migration: entry.tag, when: entry.when };
    const unread = unreadable([sql, down, verify], files, about);
    problems.push(...unread);
    if (!up) {
      if (!unread.some(({ at }) => at?.file === sql)) problems.push({ kind: "missing-file", ...about, at: { file, start: entry.start, end: entry.end }, message: `${file} names the migration "${entry.tag}", but there is no ${sql}. Restore it, or take the entry out of the journal.` });
      return [];
    }
    return [{
      id: entry.tag, version: numberOf(entry.tag) ?? String(entry.idx), up, when: entry.when,
      ...partsBeside(down, verify, files),
      checksums: checksumsOf(up.sql),
    }];
  });
  return { folder, format: "drizzle v0", dialect: snapshotDialect(dialect), migrations, journal: journalTable, problems };
}

interface Journal {
  readonly dialect: string | undefined;
  readonly entries: readonly Entry[];
  readonly problems: readonly FolderProblem[];
}

/** By file: its name stands in the problems. */
const journals = remembered(() => new Map<string, Journal>());

/** The entries in the order in which they stand, which is the one that drizzle-orm goes by, whatever their `idx`. */
function journal(file: string, text: string): Journal {
  const known = journals(text);
  const found = known.get(file) ?? journalIn(file, text);
  known.set(file, found);
  return found;
}

function journalIn(file: string, text: string): Journal {
  const problems: FolderProblem[] = [];
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors);
  const child = (name: string): Node | undefined => tree?.type === "object" ? tree.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1] : undefined;
  const list = child("entries");
  const [error] = errors;
  if (error || list?.type !== "array") {
    const at = error ? { start: error.offset, end: error.offset + error.length } : { start: tree?.offset ?? 0, end: (tree?.offset ?? 0) + (tree?.length ?? 0) };
    problems.push({ kind: "unreadable", at: { file, ...at }, message: `${file} is no journal of drizzle-kit: expected {"entries": [{"idx": 0, "when": 1700000000000, "tag": "0000_name", …}]}. Restore it from version control.` });
  }
  const entries: Entry[] = [];
  const seen: SeenEntries = { idx: new Set(), tags: new Set(), newest: -Infinity };
  for (const node of list?.type === "array" ? (list.children ?? []) : []) {
    const { idx, tag, when } = (getNodeValue(node) ?? {}) as Readonly<Record<string, unknown>>;
    const at = { file, start: node.offset, end: node.offset + node.length };
    if (typeof idx !== "number" || typeof tag !== "string" || typeof when !== "number") {
      problems.push({ kind: "unreadable", at, message: `An entry of ${file} cannot be read: expected {"idx": 0, "version": "7", "when": 1700000000000, "tag": "0000_name", "breakpoints": true}. Restore it from version control.` });
      continue;
    }
    const one: Entry = { idx, tag, when, start: at.start, end: at.end };
    const problem = misplaced(file, one, entries, seen);
    if (problem) problems.push({ ...problem, migration: tag, at });
    entries.push(one);
    seen.idx.add(idx);
    seen.tags.add(tag);
    seen.newest = Math.max(seen.newest, when);
  }
  const dialect: unknown = child("dialect")?.value;
  return { dialect: typeof dialect === "string" ? dialect : undefined, entries, problems };
}

/** Of the entries before one: whether any of them has to be looked for. */
interface SeenEntries {
  readonly idx: Set<number>;
  readonly tags: Set<string>;
  newest: number;
}

function misplaced(file: string, one: Entry, before: readonly Entry[], seen: SeenEntries): Pick<FolderProblem, "kind" | "message"> | undefined {
  const twin = !seen.idx.has(one.idx) && !seen.tags.has(one.tag) ? undefined : before.find(({ idx, tag }) => idx === one.idx || tag === one.tag);
  if (twin) {
    const both = twin.tag === one.tag ? `the migration "${one.tag}" twice` : `"${twin.tag}" and "${one.tag}" with the same idx ${one.idx}`;
    return { kind: "duplicate", message: `${file} has ${both}, as a merge of two branches leaves it. Generate the later one again on top of the other.` };
  }
  const later = seen.newest < one.when ? undefined : before.find(({ when }) => when >= one.when);
  if (later) {
    const same = later.when === one.when;
    return { kind: same ? "duplicate" : "out-of-order", message: `In ${file} "${one.tag}" has ${same ? "the same" : "an older"} "when" (${one.when}) ${same ? "as" : "than"} "${later.tag}" before it (${later.when}): drizzle-orm skips it for ever in a database that has the other. Give it a "when" above ${seen.newest}, unless it was applied already.` };
  }
  const last = before.at(-1);
  if (last && last.idx > one.idx) return { kind: "out-of-order", message: `In ${file} "${one.tag}" (idx ${one.idx}) stands behind "${last.tag}" (idx ${last.idx}), and drizzle-orm applies them as they stand. Put them into the order of their idx.` };
  return undefined;
}
