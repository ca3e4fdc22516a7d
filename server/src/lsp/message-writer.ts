// Messages over a stream. A diagnostic that was sent before is not written out again, only its places are put into
// what was sent: a keystroke in a long schema sends thousands of diagnostics, and nearly all are as they were.
import type { Writable } from "node:stream";
import { AbstractMessageWriter, type Diagnostic, type DiagnosticRelatedInformation, type Message, type MessageWriter, type Range } from "vscode-languageserver/node";

/** Bytes of the buffer between messages; it stays larger, up to the most, where messages are. */
const [leastKept, mostKept] = [1 << 16, 1 << 23];

/** Bytes for a header: `Content-Length: ` with up to 16 digits and two line ends. */
const headerRoom = 36;

/**
 * As the protocol's own writer for streams, only faster where diagnostics come again; header and content go out as one.
 * For a stream that is done with a chunk when it calls back, as those of a process are: the next message takes its place.
 */
export class StreamWriter extends AbstractMessageWriter implements MessageWriter {
  private last: Promise<unknown> = Promise.resolve();
  private errors = 0;
  private buffer = Buffer.allocUnsafe(leastKept);
  private length = 0;

  constructor(private readonly stream: Writable) {
    super();
    stream.on("error", (error) => this.fireError(error));
    stream.on("close", () => this.fireClose());
  }

  /** One after the other. Rejects where the stream does, or where JSON cannot hold the message. */
  write(message: Message): Promise<void> {
    const written = this.last.then(() => this.send(message));
    this.last = written.catch((error: unknown) => this.fireError(error, message, ++this.errors));
    return written;
  }

  end(): void {
    this.stream.end();
  }

  private send(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stream.write(this.encode(message), (error) => {
        if (this.buffer.length > mostKept) this.buffer = Buffer.allocUnsafe(leastKept);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** The header, and the same value as `JSON.stringify`'s text has. Holds until the next call. */
  private encode(message: Message): Buffer {
    this.length = headerRoom;
    const { params, result } = message as { params?: { diagnostics?: unknown }; result?: { items?: unknown } | null };
    if (isDiagnostics(params?.diagnostics)) this.addList({ ...message, params: undefined }, "params", { ...params, diagnostics: undefined }, "diagnostics", params.diagnostics);
    else if (isDiagnostics(result?.items)) this.addList({ ...message, result: undefined }, "result", { ...result, items: undefined }, "items", result.items);
    else this.addText(JSON.stringify(message));
    const header = `Content-Length: ${this.length - headerRoom}\r\n\r\n`;
    const start = headerRoom - header.length;
    this.buffer.write(header, start, "latin1");
    return this.buffer.subarray(start, this.length);
  }

  /** The list as the last thing of an object, which is the last thing of the message. */
  private addList(message: object, key: string, object: object, listKey: string, list: readonly Diagnostic[]): void {
    this.addText(`${opened(message)}"${key}":${opened(object)}"${listKey}":`);
    let before = openBracket;
    for (const diagnostic of list) {
      const bytes = bytesOf(diagnostic);
      this.reserve(bytes.length + 1);
      this.buffer[this.length] = before;
      this.buffer.set(bytes, this.length + 1);
      this.length += bytes.length + 1;
      before = comma;
    }
    this.addText("]}}");
  }

  private addText(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.reserve(bytes);
    this.buffer.write(text, this.length);
    this.length += bytes;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.length + bytes));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

const [openBracket, comma, zero] = [..."[,0"].map((character) => character.charCodeAt(0)) as [number, number, number];

/** The object's text, ready for another property. */
function opened(object: object): string {
  const text = JSON.stringify(object).slice(0, -1);
  return text === "{" ? text : `${text},`;
}

function isDiagnostics(list: unknown): list is readonly Diagnostic[] {
  return Array.isArray(list) && list.length > 0 && typeof (list[0] as Partial<Diagnostic>).message === "string" && typeof (list[0] as Partial<Diagnostic>).range === "object";
}

/** A diagnostic as it was last written out. */
interface Written {
  readonly bytes: Buffer;
  readonly related: readonly DiagnosticRelatedInformation[] | undefined;
  /** The numbers of its places in turn, and where each stands in the bytes. */
  readonly numbers: number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** By the diagnostic's `data`: two that share it differ in their places alone. */
const known = new WeakMap<object, Written>();

/** Holds until the next call for a diagnostic with the same `data`. */
function bytesOf(diagnostic: Diagnostic): Buffer {
  const data: unknown = diagnostic.data;
  if (typeof data !== "object" || data === null) return Buffer.from(JSON.stringify(diagnostic));
  let written = known.get(data);
  if (!written || !moveTo(written, diagnostic)) known.set(data, (written = writeOut(diagnostic)));
  return written.bytes;
}

function writeOut(diagnostic: Diagnostic): Written {
  const { range, relatedInformation: related, ...others } = diagnostic;
  const [numbers, starts, ends]: [number[], number[], number[]] = [[], [], []];
  let text = "{";
  const addRange = ({ start, end }: Range): void => {
    for (const [before, number] of [['"range":{"start":{"line":', start.line], [',"character":', start.character], ['},"end":{"line":', end.line], [',"character":', end.character]] as const) {
      text += before;
      numbers.push(number);
      starts.push(Buffer.byteLength(text));
      text += number;
      ends.push(Buffer.byteLength(text));
    }
    text += "}}";
  };
  addRange(range);
  related?.forEach(({ location, message }, at) => {
    text += `${at === 0 ? ',"relatedInformation":[' : ","}{"location":{"uri":${JSON.stringify(location.uri)},`;
    addRange(location.range);
    text += `},"message":${JSON.stringify(message)}}`;
  });
  if (related) text += related.length === 0 ? ',"relatedInformation":[]' : "]";
  return { bytes: Buffer.from(`${text},${JSON.stringify(others).slice(1)}`), related, numbers, starts, ends };
}

/** Puts the diagnostic's places into what was written; false where more is another, or a number needs another room: the bytes are then of no use. */
function moveTo(written: Written, { range, relatedInformation: related }: Diagnostic): boolean {
  if (!moveRange(written, 0, range)) return false;
  if (related === undefined || written.related === undefined) return related === written.related;
  if (related.length !== written.related.length) return false;
  for (let at = 0; at < related.length; at++) {
    const { location, message } = related[at]!;
    const before = written.related[at]!;
    if (message !== before.message || location.uri !== before.location.uri || !moveRange(written, 4 * at + 4, location.range)) return false;
  }
  return true;
}

function moveRange(written: Written, from: number, { start, end }: Range): boolean {
  return moveNumber(written, from, start.line) && moveNumber(written, from + 1, start.character) && moveNumber(written, from + 2, end.line) && moveNumber(written, from + 3, end.character);
}

function moveNumber({ bytes, numbers, starts, ends }: Written, at: number, number: number): boolean {
  if (numbers[at] === number) return true;
  numbers[at] = number;
  const start = starts[at]!;
  let rest = number;
  let digit = 0;
  for (let position = ends[at]! - 1; position >= start; position--) {
    digit = rest % 10;
    bytes[position] = zero + digit;
    rest = (rest - digit) / 10;
  }
  // As many digits as before, without a leading zero.
  return rest === 0 && (digit > 0 || ends[at]! - start === 1);
}
