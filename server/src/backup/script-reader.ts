// Takes a dump in plain SQL apart while it is being read, as psql does: statements, and the rows behind COPY … FROM stdin as
// bytes. Nothing is held but the statement at hand, so a dump may be of any size. It judges no statement.
// https://www.postgresql.org/docs/current/app-psql.html

export type ScriptPart =
  /** Without its semicolon and without the comments before it. `line` counts from 1. */
  | { readonly kind: "statement"; readonly sql: string; readonly line: number }
  /** `data` must be read to its end before the next part is asked for: COPY's text format, without the `\.` line. */
  | { readonly kind: "copy"; readonly sql: string; readonly line: number; readonly data: AsyncIterable<Uint8Array> }
  /** A line that begins with a backslash, where no statement is open: psql's own. */
  | { readonly kind: "command"; readonly text: string; readonly line: number }
  /** `-- text` on a line of its own. */
  | { readonly kind: "comment"; readonly text: string; readonly line: number };

/** The script ends where it must not: in a string, a statement, or the rows of a COPY. */
export class TruncatedScript extends Error {}

/** Where the reader stands in a statement. */
interface Lexer {
  /** What is open: a quote ('…', E'…', "…"), a dollar quote with its tag, a comment with its depth. */
  open: { readonly kind: "'" | "e" | '"' } | { readonly kind: "$"; readonly tag: string } | { readonly kind: "*"; depth: number } | undefined;
  /** Parentheses end nothing inside (CREATE RULE … DO (…; …)), nor do BEGIN ATOMIC … END. */
  parentheses: number;
  blocks: number;
  word: string;
}

const newline = 0x0a;

/**
 * The parts of a script. Lines are scanned as latin1, in which every byte of UTF-8 above ASCII is no letter of SQL's
 * grammar, and decoded as UTF-8 when a statement is whole. Throws `TruncatedScript`.
 */
export async function* scriptParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<ScriptPart, void, undefined> {
  const lines = new Lines(source);
  let lexer = fresh();
  let held: string[] = [];
  let start = 0;
  for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
    let at = 0;
    if (held.length === 0 && lexer.open === undefined) {
      if (line.startsWith("\\")) {
        yield { kind: "command", text: decoded(line.trimEnd()), line: lines.number };
        continue;
      }
      if (line.startsWith("-- ")) {
        yield { kind: "comment", text: decoded(line.slice(3).trimEnd()), line: lines.number };
        continue;
      }
    }
    while (at < line.length) {
      const { end, semicolon, blank } = scan(line, at, lexer, held.length === 0);
      const text = line.slice(at, semicolon ? end - 1 : end);
      if (!blank) {
        if (held.length === 0) start = lines.number;
        held.push(text);
      }
      at = end;
      if (!semicolon) continue;
      const sql = decoded(held.join("").trim());
      held = [];
      lexer = fresh();
      if (sql === "") continue;
      if (!/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(sql)) {
        yield { kind: "statement", sql, line: start };
        continue;
      }
      const data = lines.copyData(sql);
      yield { kind: "copy", sql, line: start, data };
      for await (const _ of data) continue;
      break;
    }
  }
  if (lexer.open !== undefined && lexer.open.kind !== "*") throw new TruncatedScript(`The script ends inside a quotation that began in the statement of line ${start}.`);
  if (held.join("").trim() !== "") throw new TruncatedScript(`The script ends in the middle of the statement of line ${start}.`);
}

function fresh(): Lexer {
  return { open: undefined, parentheses: 0, blocks: 0, word: "" };
}

function decoded(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** One lexical piece outside quotes. */
const piece = /--[^\n]*|\/\*|[eE]'|'|"|\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)?\$|[\w\x80-\xff][\w$\x80-\xff]*|\s+|[^\s]/gy;

/** Reads from `at` to the statement's end or the line's. `blank`: nothing but space and comments was seen, where `first`. */
function scan(line: string, at: number, lexer: Lexer, first: boolean): { readonly end: number; readonly semicolon: boolean; readonly blank: boolean } {
  let blank = first;
  while (at < line.length) {
    if (lexer.open !== undefined) {
      if (lexer.open.kind !== "*") blank = false;
      at = closing(line, at, lexer);
      continue;
    }
    piece.lastIndex = at;
    const text = piece.exec(line)![0];
    at = piece.lastIndex;
    if (text.startsWith("--") || /^\s/.test(text)) continue;
    if (text === "/*") {
      lexer.open = { kind: "*", depth: 1 };
      continue;
    }
    if (text === ";" && lexer.parentheses <= 0 && lexer.blocks === 0) return { end: at, semicolon: true, blank: false };
    blank = false;
    if (text === "'" || text === '"') lexer.open = { kind: text };
    else if (text.length === 2 && text.endsWith("'")) lexer.open = { kind: "e" };
    else if (text.startsWith("$") && text.endsWith("$") && text.length > 1) lexer.open = { kind: "$", tag: text };
    else if (text === "(") lexer.parentheses++;
    else if (text === ")") lexer.parentheses--;
    const word = text.toLowerCase();
    if (word === "atomic" && lexer.word === "begin") lexer.blocks = 1;
    else if (lexer.blocks > 0 && word === "case") lexer.blocks++;
    else if (lexer.blocks > 0 && word === "end") lexer.blocks--;
    lexer.word = word;
  }
  return { end: at, semicolon: false, blank };
}

/** The place behind what is open, or the line's end. */
function closing(line: string, at: number, lexer: Lexer): number {
  const open = lexer.open!;
  switch (open.kind) {
    case "$": {
      const end = line.indexOf(open.tag, at);
      if (end < 0) return line.length;
      lexer.open = undefined;
      return end + open.tag.length;
    }
    case "*": {
      const marks = /\/\*|\*\//g;
      marks.lastIndex = at;
      for (let mark = marks.exec(line); mark; mark = marks.exec(line)) {
        open.depth += mark[0] === "/*" ? 1 : -1;
        if (open.depth > 0) continue;
        lexer.open = undefined;
        return marks.lastIndex;
      }
      return line.length;
    }
    case "e":
      for (; at < line.length; at++) {
        if (line[at] === "\\") at++;
        else if (line[at] === "'") {
          lexer.open = undefined;
          return at + 1;
        }
      }
      return line.length;
    // A doubled quote closes and opens again.
    case "'": case '"': {
      const end = line.indexOf(open.kind, at);
      if (end < 0) return line.length;
      lexer.open = undefined;
      return end + 1;
    }
  }
}

/** Lines with their ends, as latin1, of a source of bytes; and the bytes of COPY between them. */
class Lines {
  /** Of the line that was read last, from 1. */
  number = 0;
  private readonly source: AsyncIterator<Uint8Array>;
  private buffer = Buffer.alloc(0);
  private ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    let searched = 0;
    let end = this.buffer.indexOf(newline);
    while (end < 0 && !this.ended) {
      searched = this.buffer.length;
      await this.more();
      end = this.buffer.indexOf(newline, searched);
    }
    const length = end < 0 ? this.buffer.length : end + 1;
    if (length === 0) return undefined;
    this.number++;
    return this.take(length).toString("latin1");
  }

  /** Rows up to the line `\.`, in pieces of whole lines. */
  async *copyData(sql: string): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const end = this.endOfData();
      if (end !== undefined) {
        if (end > 0) yield this.counted(this.take(end));
        await this.next();
        return;
      }
      const whole = this.buffer.lastIndexOf(newline) + 1;
      if (whole > 0) yield this.counted(this.take(whole));
      if (this.ended) throw new TruncatedScript(`The rows of ${copyTarget(sql)} break off at line ${this.number + 1}: the line \\. that ends them is missing.`);
      await this.more();
    }
  }

  /** Where the line `\.` begins in the buffer. */
  private endOfData(): number | undefined {
    for (let at = 0; at >= 0; ) {
      const found = this.buffer.indexOf("\\.", at);
      if (found < 0) return undefined;
      const startsLine = found === 0 || this.buffer[found - 1] === newline;
      const after = this.buffer[found + 2];
      const endsLine = after === newline || (after === 0x0d && this.buffer[found + 3] === newline) || (after === undefined && this.ended);
      if (startsLine && endsLine) return found;
      at = found + 2;
    }
    return undefined;
  }

  private take(length: number): Buffer {
    const taken = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    return taken;
  }

  private counted(bytes: Buffer): Buffer {
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) this.number++;
    return bytes;
  }

  private async more(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done === true) this.ended = true;
    else this.buffer = this.buffer.length === 0 ? Buffer.from(value) : Buffer.concat([this.buffer, value]);
  }
}

/** The table of a COPY, as it is spelled there. */
export function copyTarget(sql: string): string {
  return /^copy\s+(?:only\s+)?((?:"(?:""|[^"])*"|[^\s("])+)/i.exec(sql)?.[1] ?? "a table";
}
