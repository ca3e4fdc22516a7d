// A plain CREATE INDEX or DROP INDEX as a concurrent one, and the index of a CREATE INDEX for comparing: texts are cut at
// places that the parser gave, and what comes out is parsed again. Pure.
import type { QualifiedName } from "../../model/schema";
import type { ParsedStatement, SqlParser } from "../../sql/parser";

interface IndexNode {
  readonly idxname?: string;
  readonly relation?: { readonly schemaname?: string; readonly relname?: string; readonly location?: number };
  readonly concurrent?: boolean;
  readonly unique?: boolean;
}

interface DropNode {
  readonly removeType?: string;
  readonly concurrent?: boolean;
}

/** The statement as it is run. Throws where the rewritten one would not be the same but for CONCURRENTLY. */
export function concurrentSql({ sql, node, concurrently }: ParsedStatement, parser: SqlParser): string {
  const content = (node["IndexStmt"] ?? node["DropStmt"]) as IndexNode & DropNode;
  if (!concurrently || content.concurrent) return sql;
  let at = 0;
  for (const word of "IndexStmt" in node ? ["create", ...(content.unique ? ["unique"] : []), "index"] : ["drop", "index"]) at = afterWord(sql, at, word);
  const rewritten = `${sql.slice(0, at)} CONCURRENTLY${sql.slice(at)}`;
  const [again, ...more] = parser.parse(rewritten).statements;
  const other = (again?.node["IndexStmt"] ?? again?.node["DropStmt"]) as (IndexNode & DropNode) | undefined;
  if (more.length > 0 || !other?.concurrent || shape({ ...other, concurrent: undefined }) !== shape(content)) throw new Error(`CONCURRENTLY could not be put into: ${sql}`);
  return rewritten;
}

export interface IndexParts {
  readonly table: QualifiedName;
  /** Undefined: PostgreSQL makes one up. */
  readonly name?: string;
  readonly unique: boolean;
  /** What stands behind the table's name: `USING btree (a) WHERE …`. */
  readonly rest: string;
}

/** Undefined for what is no CREATE INDEX. */
export function indexParts({ sql, start, node }: ParsedStatement): IndexParts | undefined {
  const content = node["IndexStmt"] as IndexNode | undefined;
  const { relation } = content ?? {};
  if (!content || relation?.relname === undefined || relation.location === undefined) return undefined;
  let end = afterIdentifier(sql, relation.location - start);
  const dot = afterBlank(sql, end);
  if (sql[dot] === ".") end = afterIdentifier(sql, afterBlank(sql, dot + 1));
  return { table: { schema: relation.schemaname ?? null, name: relation.relname }, unique: content.unique === true, rest: sql.slice(end), ...(content.idxname !== undefined && content.idxname !== "" && { name: content.idxname }) };
}

/** Trees without places. */
function shape(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (/location$/.test(key) || value === false ? undefined : value));
}

/** Where the word ends that comes next, behind spaces and comments. */
function afterWord(sql: string, from: number, word: string): number {
  const at = afterBlank(sql, from);
  if (sql.slice(at, at + word.length).toLowerCase() !== word) throw new Error(`${word.toUpperCase()} was expected at ${at}: ${sql}`);
  return at + word.length;
}

function afterBlank(sql: string, from: number): number {
  const line = /(?:\s|--[^\n]*(?:\n|$))*/y;
  for (let at = from; ; ) {
    line.lastIndex = at;
    line.exec(sql);
    at = line.lastIndex;
    if (!sql.startsWith("/*", at)) return at;
    // Comments nest.
    for (let depth = 0; at < sql.length; ) {
      if (sql.startsWith("/*", at)) depth++, (at += 2);
      else if (sql.startsWith("*/", at)) {
        at += 2;
        if (--depth === 0) break;
      } else at++;
    }
  }
}

function afterIdentifier(sql: string, from: number): number {
  const identifier = /(?:[uU]&)?"(?:""|[^"])*"|[\w$\u0080-\uffff]+/y;
  identifier.lastIndex = from;
  identifier.exec(sql);
  return identifier.lastIndex;
}
