// The embedded PostgreSQL as a database to restore into: a process of its own with an empty database, which is gone with it.
import { join } from "node:path";
import { StatementError, type BulkRows, type BulkSession } from "../bulk";
import { serverVersion, type ServerVersion } from "../postgres/server-version";
import { loadedExtensions } from "./recipe";
import { EmbeddedProcess } from "./process";
import { DatabaseError } from "../database";

export interface EmbeddedBulkOptions {
  /** Folder of embedded.js and pglite/: where the bundle lies, if nothing else is said. */
  readonly runtime?: string;
  /** Names; those that are not shipped are left out, and CREATE EXTENSION says so. */
  readonly extensions: readonly string[];
  readonly signal?: AbortSignal;
}

/** Bytes of one COPY: the whole piece lies in the process's memory twice. */
const pieceSize = 4_000_000;

/** Rejects with a `DatabaseError`. */
export async function openEmbeddedBulkSession({ runtime = __dirname, extensions, signal }: EmbeddedBulkOptions): Promise<BulkSession> {
  const process = new EmbeddedProcess({ runtime, idle: 3_600_000 });
  try {
    await process.ask({ kind: "open", snapshot: join(runtime, "pglite", "prepared.snapshot"), extensions: loadedExtensions({ from: "nothing", scripts: [], extensions }, runtime) }, "done", signal);
    const { reply } = await process.ask({ kind: "message", sql: "show server_version" }, "reply", signal);
    return new EmbeddedBulkSession(process, serverVersion(new Map([["server_version", reply.results[0]!.rows[0]![0]!]])), signal);
  } catch (error) {
    await process.end();
    throw error;
  }
}

class EmbeddedBulkSession implements BulkSession {
  readonly name = "embedded";

  constructor(private readonly process: EmbeddedProcess, readonly version: ServerVersion, private readonly signal: AbortSignal | undefined) {}

  async run(sql: string): Promise<readonly BulkRows[]> {
    const { reply: { results, error } } = await this.process.ask({ kind: "message", sql }, "reply", this.signal);
    if (!error) return results.map(({ rows }) => rows);
    const { message, code = "XX000", detail, position } = error;
    // PostgreSQL counts characters from 1.
    const offset = position === undefined ? undefined : [...sql].slice(0, Number(position) - 1).join("").length;
    throw new StatementError(`${message}${detail === undefined ? "" : ` (${detail})`}`, code, results.length, offset);
  }

  async copyIn(sql: string, data: AsyncIterable<Uint8Array>): Promise<number> {
    let rows = 0;
    let held: Uint8Array[] = [];
    let size = 0;
    const send = async (bytes: Uint8Array): Promise<void> => {
      if (bytes.length > 0) rows += (await this.process.ask({ kind: "copy", sql: sql.replace(/\bFROM\s+stdin\b/i, "FROM '/dev/blob'"), data: bytes }, "copied", this.signal)).rows;
    };
    for await (const piece of data) {
      held.push(piece);
      size += piece.length;
      if (size < pieceSize) continue;
      const all = Buffer.concat(held);
      const end = all.lastIndexOf(0x0a) + 1;
      await send(all.subarray(0, end));
      held = [all.subarray(end)];
      size = all.length - end;
    }
    await send(Buffer.concat(held));
    return rows;
  }

  copyOut(): AsyncIterable<Uint8Array> {
    throw new DatabaseError("The embedded database is not dumped: it is made from files.", "unsupported");
  }

  async close(): Promise<void> {
    await this.process.end();
  }
}
