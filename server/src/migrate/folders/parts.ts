// The files that stand beside an owner's migration and that the owner ignores: the way back, and the queries that prove
// what was done. Formats that hold all in one file cut it up themselves.
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path/posix";
import type { FolderProblem, Migration, MigrationPart } from "../../model/migration";
import type { Files } from "../../sources/source";

/** A whole file as one part; undefined where there is no such file. */
export function filePart(file: string, files: Pick<Files, "read">): MigrationPart | undefined {
  const sql = files.read(file);
  return sql === undefined ? undefined : { file, start: 0, end: sql.length, sql };
}

/** Of these files of a migration, those that are there and cannot be read: passed over, they would be migrations that nobody hears of. */
export function unreadable(paths: readonly string[], files: Pick<Files, "read" | "exists" | "beside">, migration?: Pick<FolderProblem, "migration" | "when">): readonly FolderProblem[] {
  return paths.filter((file) => files.read(file) === undefined).flatMap((file): readonly FolderProblem[] => {
    const why = files.exists(file) ? "it is no UTF-8 text, or this user may not open it. Save it as UTF-8, or see to its permissions." : isBroken(file, files) ? "it is a symbolic link that leads nowhere. Restore what it leads to, or remove it." : undefined;
    return why === undefined ? [] : [{ kind: "unreadable", ...migration, at: { file, start: 0, end: 0 }, message: `${file} is there but cannot be read: ${why}` }];
  });
}

function isBroken(file: string, { beside }: Pick<Files, "beside">): boolean {
  return beside?.(dirname(file)).broken.includes(basename(file)) ?? false;
}

/** Files called `name`, each in a folder of its own in `folder`; links that lead nowhere included. */
export function filesInFolders(name: string, folder: string, files: Pick<Files, "list" | "beside">): readonly string[] {
  const broken = files.beside?.(folder).folders.map((one) => `${folder}/${one}/${name}`).filter((file) => isBroken(file, files)) ?? [];
  return [...files.list(`*/${name}`, folder), ...broken];
}

/** What stands in the files `down` and `verify`; an empty file counts as none. */
export function partsBeside(down: string, verify: string, files: Pick<Files, "read">): Pick<Migration, "down" | "irreversible" | "verify"> {
  const verifying = filePart(verify, files);
  return { ...wayBack(filePart(down, files)), ...(verifying && hasSql(verifying.sql) && { verify: verifying }) };
}

/** A down part, or why there is none: the text behind `-- irreversible:`. */
export function wayBack(part: MigrationPart | undefined): Pick<Migration, "down" | "irreversible"> {
  if (!part) return {};
  const { irreversible, holds } = wayBackIn(part.sql);
  return irreversible !== undefined ? { irreversible } : holds ? { down: part } : {};
}

const wayBackIn = remembered((sql): { readonly irreversible?: string; readonly holds: boolean } => {
  const reason = /^[ \t]*--[ \t]*irreversible:[ \t]*(.*)$/m.exec(sql)?.[1]?.trim();
  return reason === undefined ? { holds: hasSql(sql) } : { irreversible: reason === "" ? "its author marked it as irreversible" : reason, holds: false };
});

/** The text of a down part, with a newline at its end. */
export function wayBackText(down: readonly string[] | string, separator = "\n"): string {
  return typeof down === "string" ? `-- irreversible: ${down.replaceAll(/\s*\n\s*/g, " ")}\n` : script(down, separator);
}

/** Statements as a script, each with its semicolon. */
export function script(statements: readonly string[], separator = "\n"): string {
  return statements.length === 0 ? "" : `${statements.map(ended).join(separator)}\n`;
}

/** With its semicolon; a comment that waits for a statement has none. */
export function ended(statement: string): string {
  return hasSql(statement) ? `${statement};` : statement;
}

/** SHA-256 of the text as UTF-8, lower-case hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * `make` of each text, once a text: a folder of hundreds is read again at each keystroke in one of its files. Of texts that
 * are no longer asked for, some thousands are kept.
 */
export function remembered<Result extends object>(make: (text: string) => Result): (text: string) => Result {
  const room = 2_000;
  let before = new Map<string, Result>(), now = new Map<string, Result>();
  return (text) => {
    const known = now.get(text);
    if (known) return known;
    if (now.size >= room) [before, now] = [now, new Map()];
    const found = before.get(text) ?? make(text);
    now.set(text, found);
    return found;
  };
}

/** `name` as a part of a file's name: "Add client index" -> "add_client_index". */
export function nameInFile(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_").replaceAll(/^_+|_+$/g, "") || "migration";
}

/** More than white space and comments. */
export function hasSql(text: string): boolean {
  return text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").trim() !== "";
}

/** A UUID (version 8, RFC 9562) by content: the same migration written again has the same one. */
export function contentId(text: string): string {
  const hex = sha256(text);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
