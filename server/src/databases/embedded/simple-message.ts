// A message of PostgreSQL's simple protocol to PGlite, bytes and all, so that several statements, errors in the middle of
// them and transactions behave as they do over the wire.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY
import type { PGlite } from "@electric-sql/pglite";
import type { Reply } from "./protocol";

interface BackendMessage {
  readonly name: string;
}

/** Never rejects for what PostgreSQL refuses: that is the reply's `error`. */
export async function simpleMessage(database: PGlite, sql: string): Promise<Reply> {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(5);
  head.write("Q");
  head.writeInt32BE(4 + text.length, 1);
  const notices: string[] = [];
  const { messages } = await database.execProtocol(Buffer.concat([head, text]), { throwOnError: false });
  const results: Reply["results"][number][] = [];
  let fields: readonly string[] = [];
  let rows: (readonly (string | null)[])[] = [];
  let error: Reply["error"];
  for (const message of messages as readonly BackendMessage[]) {
    switch (message.name) {
      case "rowDescription":
        fields = (message as BackendMessage & { readonly fields: readonly { readonly name: string }[] }).fields.map(({ name }) => name);
        break;
      case "dataRow":
        rows.push((message as BackendMessage & { readonly fields: readonly (string | null)[] }).fields);
        break;
      case "commandComplete":
        results.push({ command: (message as BackendMessage & { readonly text: string }).text, fields, rows });
        fields = [];
        rows = [];
        break;
      case "notice":
        notices.push((message as BackendMessage & { readonly message?: string }).message ?? "");
        break;
      case "error": {
        const { message: said, code, position, detail, hint } = message as BackendMessage & NonNullable<Reply["error"]>;
        error = { message: said, code, position, detail, hint };
      }
    }
  }
  return { results, notices, error };
}
