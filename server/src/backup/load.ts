// Carries a dump's script out in an open session, statement by statement and in one transaction: many in a message, rows as
// they come. What belongs to another server (databases, roles, settings that this one lacks) is left out or refused.
import type { BulkSession } from "../databases/bulk";
import { StatementError } from "../databases/bulk";
import { BackupError } from "./backup";
import { adapted, rolesIn } from "./foreign-parts";
import { copyTarget, TruncatedScript, type ScriptPart } from "./script-reader";

export interface LoadOptions {
  /** As messages call the dump. */
  readonly title: string;
  /** Roles that the dump names and the server lacks: made (a throw-away server), refused, or left out with owners and privileges altogether. */
  readonly roles: "made" | "refused" | "left out";
  /** Statements that are run first in the same transaction. */
  readonly before?: readonly string[];
  readonly onProgress?: (message: string) => void;
}

export interface Loaded {
  /** Full sentences: what was left out, and why. */
  readonly notes: readonly string[];
  /** "PostgreSQL 15.13", as the dump's head says; undefined where it says nothing. */
  readonly dumpedFrom?: string;
}

/** Bytes of one message: a thousand statements of usual length, so that a slow line costs little. */
const messageSize = 64_000;

interface Held {
  readonly sql: string;
  readonly line: number;
}

/**
 * Begins a transaction and leaves it open: the caller looks at what is there, and commits. Rejects with a `BackupError` that names the
 * dump's line for what does not restore, and with a `DatabaseError` where the connection fails.
 */
export async function load(parts: AsyncIterable<ScriptPart>, session: BulkSession, { title, roles, before = [], onProgress }: LoadOptions): Promise<Loaded> {
  const notes = new Set<string>();
  const known = await knownHere(session);
  let held: Held[] = [];
  let size = 0;
  let connected: string | undefined;
  let head: "none" | "begun" | "complete" = "none";
  let dumpedFrom: string | undefined;
  const refused = (held: Held, error: StatementError): BackupError => refusal(title, held, error, session, dumpedFrom);
  const flush = async (): Promise<void> => {
    if (held.length === 0) return;
    const sending = held;
    held = [];
    size = 0;
    await session.run(sending.map(({ sql }) => `${sql};\n`).join("")).catch((error: unknown) => {
      throw error instanceof StatementError ? refused(culprit(sending, error), error) : error;
    });
  };
  const hold = async (sql: string, line: number): Promise<void> => {
    held.push({ sql, line });
    size += sql.length;
    if (size > messageSize) await flush();
  };
  await session.run(["begin", ...before].join("; "));
  try {
    for await (const part of parts) {
      switch (part.kind) {
        case "comment":
          if (/^PostgreSQL database cluster dump/.test(part.text)) throw new BackupError(`${title} is pg_dumpall's dump of a whole server. Dump the one database with pg_dump.`, "refused");
          if (part.text === "PostgreSQL database dump") head = "begun";
          if (part.text === "PostgreSQL database dump complete") head = "complete";
          dumpedFrom ??= /^Dumped from (?:database version )?(.*)$/.exec(part.text)?.[1]?.replace(/^(?=\d)/, "PostgreSQL ");
          break;
        case "command": {
          if (/^\\(un)?restrict\b/.test(part.text)) break;
          const database = /^\\c(?:onnect)?\s+(.*)$/.exec(part.text)?.[1];
          if (database === undefined) throw new BackupError(`${title}, line ${part.line}: ${part.text.slice(0, 60)} is a command of psql's own, which no dump of pg_dump has. Remove it, or run the file with psql.`, "refused");
          if (connected !== undefined && connected !== database) throw new BackupError(`${title} holds more than one database (line ${part.line}: ${part.text}). Dump each by itself.`, "refused");
          connected = database;
          break;
        }
        case "statement": {
          const { sql, note } = adapted(part.sql, { settings: known.settings, superuser: known.superuser, roles });
          if (note !== undefined) notes.add(note);
          if (sql === undefined) break;
          const missing = rolesIn(sql).filter((role) => !known.roles.has(role));
          if (missing.length > 0 && roles === "refused") throw new BackupError(`${title}, line ${part.line}: it names the role ${missing.join(", ")}, which this server does not have. Make the role first, or leave owners and privileges out (--no-owner). Nothing was restored.`, "refused");
          if (missing.length > 0 && roles === "left out") {
            notes.add(`Policies for roles that this server lacks were left out: ${missing.join(", ")}.`);
            break;
          }
          for (const role of missing) {
            known.roles.add(role);
            await hold(`create role "${role.replaceAll('"', '""')}"`, part.line);
          }
          await hold(sql, part.line);
          break;
        }
        case "copy":
          await flush();
          onProgress?.(`Restoring ${copyTarget(part.sql)}`);
          await session.copyIn(part.sql, part.data).catch((error: unknown) => {
            throw error instanceof StatementError ? refused(part, error) : error;
          });
          break;
      }
    }
    onProgress?.("Building keys and indexes");
    await flush();
  } catch (error) {
    throw error instanceof TruncatedScript ? new BackupError(`${title} breaks off. ${error.message} Take another copy, or dump again.`, "failed") : error;
  }
  if (head === "begun") throw new BackupError(`${title} breaks off: its last line, "PostgreSQL database dump complete", is missing. Take another copy, or dump again.`, "failed");
  return { notes: [...notes], ...(dumpedFrom !== undefined && { dumpedFrom }) };
}

interface Here {
  readonly settings: ReadonlySet<string>;
  readonly roles: Set<string>;
  readonly superuser: boolean;
}

async function knownHere(session: BulkSession): Promise<Here> {
  const [settings, roles, superuser] = await session.run("select name from pg_catalog.pg_settings; select rolname from pg_catalog.pg_roles; select current_setting('is_superuser')");
  return { settings: new Set(settings!.map(([name]) => name!.toLowerCase())), roles: new Set(roles!.map(([name]) => name!)), superuser: superuser![0]![0] === "on" };
}

/** Which statement of a message it was. */
function culprit(sent: readonly Held[], { completed, offset }: StatementError): Held {
  if (offset !== undefined) {
    let start = 0;
    for (const one of sent) {
      start += one.sql.length + 2;
      if (offset < start) return one;
    }
  }
  return sent[Math.min(completed, sent.length - 1)]!;
}

/** What this server cannot hold says nothing against the dump: then the kind is "refused". */
function refusal(title: string, { sql, line }: Held, error: StatementError, { name, version }: BulkSession, dumpedFrom = ""): BackupError {
  const place = error.where === undefined ? "" : ` (${error.where.split("\n")[0]})`;
  const said = `${title}, line ${line}: ${sentence(error.message)}${place} (${error.code}) It is refused at: ${brief(sql)}`;
  const newer = Number(/\d+/.exec(dumpedFrom)?.[0] ?? 0) > version.major;
  if (newer) return new BackupError(`${said} The dump comes from ${dumpedFrom}, and "${name}" is ${version.title}: restore it where the server is as new (--database NAME).`, "refused");
  if (incapable.includes(error.code ?? "")) return new BackupError(`${said} "${name}" (${version.title}) cannot hold that: name another server (--database NAME).`, "refused");
  return new BackupError(said, "failed");
}

/** feature_not_supported (an extension that is not there, too), undefined_file, out_of_memory. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const incapable: readonly string[] = ["0A000", "58P01", "53200"];

function sentence(text: string): string {
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

function brief(sql: string): string {
  const line = sql.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
