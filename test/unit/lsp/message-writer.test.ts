// Messages over a stream as the protocol's own reader takes them, diagnostics that come again among them.
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { StreamMessageReader, type Diagnostic, type Message } from "vscode-languageserver/node";
import { StreamWriter } from "../../../server/src/lsp/message-writer";

const range = (line: number) => ({ start: { line, character: 2 }, end: { line, character: 9 } });
const diagnostic = (line: number, more: Partial<Diagnostic> = {}): Diagnostic => ({ range: range(line), severity: 2, code: "fk/unindexed", source: "plumbline", message: "Ein „Schlüssel“ \"a\\b\" 🪢\n", data: { key: "k" }, ...more });
const related = (line: number, message = "the \"other\" ü") => [{ location: { uri: "file:///a%20b.ts", range: range(line) }, message }, { location: { uri: "file:///c.ts", range: range(line * 11) }, message: "🪢" }];

describe("messages over a stream", () => {
  const publish = (...diagnostics: readonly Diagnostic[]): object => ({ method: "textDocument/publishDiagnostics", params: { uri: "file:///a", version: 2, diagnostics } });

  /** Writes all at once, as a server does that does not wait. */
  async function check(...messages: readonly object[]): Promise<void> {
    const stream = new PassThrough();
    // A process's stream has handed the bytes on when it calls back; a PassThrough alone would keep them.
    const writer = new StreamWriter(new Writable({ write: (bytes: Buffer, _, done) => void stream.write(Buffer.from(bytes), done) }));
    const sent = messages.map((message) => ({ jsonrpc: "2.0", ...message }));
    const received: Message[] = [];
    const all = new Promise<void>((resolve) => new StreamMessageReader(stream).listen((message) => {
      if (received.push(message) === sent.length) resolve();
    }));
    await Promise.all(sent.map((message) => writer.write(message)));
    await all;
    assert.deepEqual(received, JSON.parse(JSON.stringify(sent)));
  }

  it("hold published diagnostics, at their places of now", async () => {
    const first = diagnostic(3, { relatedInformation: related(1), tags: [1] });
    const at = (line: number, more: Partial<Diagnostic> = {}): Diagnostic => ({ ...first, range: range(line), ...more });
    await check(publish(first, diagnostic(8)), publish(at(4, { relatedInformation: related(2) })), publish(at(5), diagnostic(9, { data: undefined })));
    // Lines with more digits, fewer, and as many.
    for (const [one, other] of [[9, 10], [10, 9], [99, 100], [0, 5], [5, 0], [12_345, 12_346], [20, 10], [101, 1]] as const) await check(publish(at(one)), publish(at(other, { relatedInformation: related(one) })), publish(at(other)));
  });

  it("hold a diagnostic with fewer related places, others, and other words", async () => {
    const first = diagnostic(3, { relatedInformation: related(1) });
    const lists = [related(2).slice(1), undefined, [], related(4, "ö"), related(4).map((one) => ({ ...one, location: { ...one.location, uri: "untitled:x" } }))];
    for (const list of lists) await check(publish(first), publish({ ...first, relatedInformation: list }), publish(first));
  });

  it("hold a diagnostic twice", () => {
    const first = diagnostic(3);
    return check(publish(first, { ...first, range: range(4) }, first));
  });

  it("hold more than the buffer does", () => {
    const many = Array.from({ length: 1500 }, (_, line) => diagnostic(line, { message: "long ü ".repeat(130) }));
    return check(publish(...many), publish(...many.slice(1).map((one) => ({ ...one, range: range(one.range.start.line + 1) }))), { method: "x" }, publish(many[0]!));
  });

  it("hold pulled diagnostics", async () => {
    const first = diagnostic(3);
    await check({ id: 7, result: { kind: "full", resultId: "3", items: [first, { ...first, range: range(90) }] } }, { id: 0, result: { items: [diagnostic(1)] } });
  });

  it("are all others as they are", () => check(
    { id: 1, result: null }, { id: 1, result: { items: [] } }, { id: 1, result: { isIncomplete: false, items: [{ label: "a" }] } }, { id: 1, error: { code: 1, message: "no" } },
    { method: "x" }, { method: "x", params: { diagnostics: [] } }, { id: 2, result: { items: [{ kind: "full", uri: "u", version: 1, items: [diagnostic(1)] }] } },
  ));

  it("say that one could not be sent, and go on", async () => {
    const written: string[] = [];
    const stream = new Writable({ write: (bytes: Buffer, _, done) => (written.push(bytes.toString()), done()) });
    const writer = new StreamWriter(stream);
    const errors: string[] = [];
    writer.onError(([error]) => errors.push(error.message));
    const endless: Record<string, unknown> = { jsonrpc: "2.0", method: "x" };
    endless.params = endless;
    const [one, other] = await Promise.allSettled([writer.write(endless as unknown as Message), writer.write({ jsonrpc: "2.0" })]);
    assert.equal(one.status, "rejected");
    assert.equal(other.status, "fulfilled");
    assert.equal(errors.length, 1);
    assert.deepEqual(written, ['Content-Length: 17\r\n\r\n{"jsonrpc":"2.0"}']);
  });
});
