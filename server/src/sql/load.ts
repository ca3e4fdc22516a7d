// Loads PostgreSQL 18's own grammar (libpg-query) on first use, and takes scripts apart with it. It judges nothing: what a
// statement does is said in effects.ts.
import type { ParseResult } from "libpg-query";
import { scriptStatements } from "../dialects/postgres-script";
import { statementEffect } from "./effects";
import { isAscii, utf16OfBytes, utf16OfCharacters } from "./offsets";
import { concurrentlyDirective, lossDirective, type ParsedScript, type ParsedStatement, type SqlError, type SqlParser } from "./parser";

let loading: Promise<SqlParser> | undefined;

/** The parser, loaded once a process (1.8 MB, about 50 ms); rejects where its WebAssembly is missing or cannot run. */
export function loadSqlParser(): Promise<SqlParser> {
  loading ??= (async () => {
    const { loadModule, parseSync } = await import("libpg-query");
    await loadModule();
    return { parse: (script: string) => parseScript(script, parseSync) };
  })();
  return loading;
}

type Parse = (query: string) => ParseResult;

function parseScript(script: string, parse: Parse): ParsedScript {
  const nul = script.indexOf("\0");
  if (nul >= 0) return { statements: [], error: { message: "SQL cannot hold a NUL character.", offset: nul } };
  // psql skips a byte order mark too.
  const text = script.startsWith("\ufeff") ? ` ${script.slice(1)}` : script;
  const whole = parsePiece(text, 0, parse);
  return "error" in whole ? upTo(whole.error, text, parse) : { statements: placed(text, whole) };
}

interface Piece {
  readonly node: Readonly<Record<string, unknown>>;
  readonly start: number;
  readonly end: number;
}

/** The statements that stand before an error. */
function upTo(error: PlacedError, script: string, parse: Parse): ParsedScript {
  const pieces: Piece[] = [];
  for (const { sql, start } of scriptStatements(script)) {
    if (error.placed && start + sql.length > error.offset) break;
    const parsed = parsePiece(sql, start, parse);
    if ("error" in parsed) return { statements: placed(script, pieces), error: explained(error.placed ? error : parsed.error, script, pieces) };
    pieces.push(...parsed);
  }
  return { statements: placed(script, pieces), error: explained(error, script, pieces) };
}

/** `placed`: the parser said where. */
interface PlacedError extends SqlError {
  readonly placed: boolean;
}

/** `start`: where `sql` stands in the script. */
function parsePiece(sql: string, start: number, parse: Parse): readonly Piece[] | { readonly error: PlacedError } {
  if (sql === "") return [];
  let result: ParseResult;
  try {
    result = parse(sql);
  } catch (thrown) {
    return { error: sqlError(thrown, sql, start) };
  }
  const utf16 = utf16OfBytes(sql);
  const moved = start > 0 || !isAscii(sql);
  return (result.stmts ?? []).map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const node = stmt as Record<string, unknown>;
    if (moved) moveLocations(node, (byte) => start + utf16(byte));
    const begin = utf16(from);
    return { node, start: start + begin, end: start + withoutTail(sql, begin, length === undefined ? sql.length : utf16(from + length)) };
  });
}

/** Where the statement's last token ends: PostgreSQL's own length reaches to the semicolon, over comments. */
function withoutTail(sql: string, begin: number, end: number): number {
  const text = sql.slice(begin, end);
  if (!/--|\/\*/.test(text)) return begin + text.trimEnd().length;
  return begin + (scriptStatements(text)[0]?.sql.length ?? text.length);
}

function moveLocations(value: unknown, move: (byte: number) => number): void {
  if (Array.isArray(value)) {
    for (const one of value) moveLocations(one, move);
  } else if (typeof value === "object" && value !== null) {
    const node = value as Record<string, unknown>;
    for (const key of Object.keys(node)) {
      const inner = node[key];
      if (typeof inner === "number") {
        if (key === "location" && inner >= 0) node[key] = move(inner);
      } else moveLocations(inner, move);
    }
  }
}

/** A thrown error without a place is WebAssembly's: the stack of a deeply nested statement. */
function sqlError(thrown: unknown, sql: string, start: number): PlacedError {
  const details = (thrown as { readonly sqlDetails?: { readonly message: string; readonly cursorPosition: number } }).sqlDetails;
  if (!details) return { message: `PostgreSQL's parser gave up: ${thrown instanceof Error ? thrown.message : String(thrown)}`, offset: start, placed: false };
  return { message: details.message, offset: start + utf16OfCharacters(sql)(Math.max(details.cursorPosition, 0)), placed: true };
}

/** What psql understands and no server does, said plainly. */
function explained({ message, offset }: SqlError, script: string, earlier: readonly Piece[]): SqlError {
  if (script[offset] === "\\") {
    const command = /^[^\r\n]*/.exec(script.slice(offset))![0].trimEnd();
    return { message: `"${command}" is a command of psql, which no database understands: remove it, or put what it does into SQL.`, offset };
  }
  const copy = earlier.at(-1)?.node["CopyStmt"] as { readonly is_from?: boolean; readonly filename?: string } | undefined;
  const data = copy?.is_from === true && copy.filename === undefined;
  return { message: data ? `${message}. Data behind COPY … FROM stdin is psql's way and no SQL: use INSERT.` : message, offset };
}

/** Adds what each statement does, and the directives before it. */
function placed(script: string, pieces: readonly Piece[]): readonly ParsedStatement[] {
  let previous = 0;
  return pieces.map(({ node, start, end }) => {
    const lead = script.slice(previous, start);
    const concurrently = concurrent.test(lead) && canBeConcurrent(node);
    const effect = statementEffect(node, concurrently);
    const loss = loses.exec(lead)?.[1];
    previous = end;
    return { sql: script.slice(start, end), start, end, node, concurrently, effect: loss === undefined ? effect : { ...effect, loss } };
  });
}

const concurrent = new RegExp(`(?:^|\\n)[ \\t]*--[ \\t]*${concurrentlyDirective}[ \\t]*(?:\\r?\\n|$)`);
const loses = new RegExp(`(?:^|\\n)[ \\t]*--[ \\t]*${lossDirective}[ \\t]+(\\S[^\\r\\n]*)`);

function canBeConcurrent(node: Readonly<Record<string, unknown>>): boolean {
  const drop = node["DropStmt"] as { readonly removeType?: string; readonly objects?: readonly unknown[] } | undefined;
  return "IndexStmt" in node || (drop?.removeType === "OBJECT_INDEX" && drop.objects?.length === 1);
}
