// Plain SQL: NNNN_name.up.sql with .down.sql and .verify.sql beside it, or one NNNN_name.sql, cut up by `-- migrate:up`,
// `-- migrate:down` and `-- migrate:verify`. A new migration is written the way the folder's last one was.
import { basename } from "node:path/posix";
import type { FolderProblem, Migration, MigrationFolder, MigrationPart } from "../../model/migration";
import type { Files } from "../../sources/source";
import type { FolderContext, FolderFiles, FolderFormat, NewMigration, WrittenFile } from "./folder-format";
import { filePart, hasSql, nameInFile, partsBeside, remembered, script, sha256, unreadable, wayBack, wayBackText } from "./parts";
import { nextTimes, timeOf } from "./times";

export const sql: FolderFormat = { read, write };

const journal = { schema: "public", name: "schema_migrations" };

const marker = /^[ \t]*--[ \t]*migrate:(up|down|verify)\b[^\n]*(?:\n|$)/gm;

function read(folder: string, files: FolderFiles): MigrationFolder | undefined {
  const broken = files.beside?.(folder).broken.filter((name) => name.endsWith(".sql")).map((name) => `${folder}/${name}`) ?? [];
  const all = [...files.list("*.sql", folder), ...broken].filter((file) => /^\d/.test(basename(file)));
  const applied = all.filter((file) => !isBeside(file));
  if (applied.length === 0) return undefined;
  const migrations = applied.flatMap((file) => migrationIn(file, files)).sort(byVersion);
  return { folder, format: "sql", dialect: "postgresql", migrations, journal, problems: [...all.flatMap((file) => unreadable([file], files, { migration: idOf(file) })), ...problemsOf(all, migrations)] };
}

/** A way back or a verify query, beside its migration. */
function isBeside(file: string): boolean {
  return /\.(down|verify)\.sql$/.test(file);
}

function idOf(file: string): string {
  return basename(file).replace(/(?:\.up)?\.sql$/, "");
}

function migrationIn(file: string, files: Pick<Files, "read">): readonly Migration[] {
  const whole = filePart(file, files);
  if (!whole) return [];
  const id = idOf(file);
  const beside = file.replace(/(?:\.up)?\.sql$/, "");
  const { up, down, verify } = partsOf(whole);
  return [{
    id, version: /^\d+/.exec(id)![0], up, ...partsBeside(`${beside}.down.sql`, `${beside}.verify.sql`, files), ...wayBack(down),
    ...(verify && hasSql(verify.sql) && { verify }),
    // What is behind the markers of one file may change after it was applied.
    checksums: checksumsOf(up.sql),
  }];
}

/** Line ends change with the machine. */
const checksumsOf = remembered((text): readonly string[] => {
  const lines = text.replaceAll("\r\n", "\n");
  return [...new Set([text, lines, lines.replaceAll("\n", "\r\n")])].map(sha256);
});

const markersIn = remembered((text) => [...text.matchAll(marker)].map((match) => ({ name: match[1] as "up" | "down" | "verify", from: match.index, to: match.index + match[0].length })));

/** A file without `-- migrate:up` is applied up to the first other marker. */
function partsOf(whole: MigrationPart): { readonly up: MigrationPart; readonly down?: MigrationPart; readonly verify?: MigrationPart } {
  const markers = markersIn(whole.sql);
  const part = (start: number, next: number | undefined): MigrationPart => {
    const end = next ?? whole.sql.length;
    return { file: whole.file, start, end, sql: whole.sql.slice(start, end) };
  };
  const named = (name: "up" | "down" | "verify"): MigrationPart | undefined => {
    const at = markers.findIndex((one) => one.name === name);
    return at < 0 ? undefined : part(markers[at]!.to, markers[at + 1]?.from);
  };
  const down = named("down"), verify = named("verify");
  return { up: named("up") ?? part(0, markers[0]?.from), ...(down && { down }), ...(verify && { verify }) };
}

function problemsOf(all: readonly string[], migrations: readonly Migration[]): readonly FolderProblem[] {
  const problems: FolderProblem[] = [];
  migrations.forEach((one, position) => {
    const twin = migrations[position - 1];
    if (!twin || compareVersions(twin, one) !== 0) return;
    const { file, start } = one.up;
    problems.push({ kind: "duplicate", migration: one.id, at: { file, start, end: start }, message: `${basename(twin.up.file)} and ${basename(file)} have the same version ${one.version}, as a merge of two branches leaves them. Give the one that is applied nowhere yet the next number.` });
  });
  const known = new Set(all.filter((file) => !isBeside(file)).map(idOf));
  for (const file of all) {
    const id = basename(file).replace(/\.(down|verify)\.sql$/, "");
    if (!isBeside(file) || known.has(id)) continue;
    problems.push({ kind: "missing-file", migration: id, at: { file, start: 0, end: 0 }, message: `${basename(file)} belongs to no migration: there is no ${id}.up.sql and no ${id}.sql. Restore it, or remove ${basename(file)}.` });
  }
  return problems;
}

/** By number, so that 2 comes before 10, then by name. */
function byVersion(a: Migration, b: Migration): number {
  return compareVersions(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Digits alone, however many. */
function compareVersions(a: Migration, b: Migration): number {
  const isAlike = a.version.length === b.version.length;
  const [one, other] = isAlike ? [a.version, b.version] : [a.version.replace(/^0+/, ""), b.version.replace(/^0+/, "")];
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

function write({ folder, migrations }: MigrationFolder, added: readonly NewMigration[], _files: unknown, { now }: FolderContext): readonly WrittenFile[] {
  const last = migrations.at(-1);
  const versions = nextVersions(migrations, now, added.length);
  const between = (last && /^\d+([_.-]*)/.exec(last.id)?.[1]) || "_";
  return added.flatMap((one, number): readonly WrittenFile[] => {
    const at = `${folder}/${versions[number]}${between}${nameInFile(one.name)}`;
    if (last && hasMarkers(last)) return [{ file: `${at}.sql`, text: inOneFile(one) }];
    const up = last && !last.up.file.endsWith(".up.sql") ? `${at}.sql` : `${at}.up.sql`;
    return [
      { file: up, text: script(one.up) },
      { file: `${at}.down.sql`, text: wayBackText(one.down) },
      ...(one.verify ? [{ file: `${at}.verify.sql`, text: script(one.verify) }] : []),
    ];
  });
}

/** Times where the last version is one, else the next numbers, as wide as the last. */
function nextVersions(migrations: readonly Migration[], now: Date, count: number): readonly string[] {
  const last = migrations.at(-1)?.version;
  const length = last === undefined || timeOf(last) === undefined ? 0 : last.length;
  if (length > 0) {
    const times = nextTimes(migrations.map(({ version }) => version), now, count).map((time) => time.slice(0, length));
    if (BigInt(times[0]!) > BigInt(last!) && new Set(times).size === count) return times;
  }
  return Array.from({ length: count }, (_, number) => String(BigInt(last ?? "0") + BigInt(number + 1)).padStart(last?.length ?? 4, "0"));
}

function hasMarkers({ up, down, verify }: Migration): boolean {
  return up.start > 0 || down?.file === up.file || verify?.file === up.file;
}

function inOneFile({ up, down, verify }: NewMigration): string {
  const parts = [`-- migrate:up\n${script(up)}`, `-- migrate:down\n${wayBackText(down)}`, ...(verify ? [`-- migrate:verify\n${script(verify)}`] : [])];
  return parts.join("\n");
}
