// Takes a PostgreSQL script apart into its statements, as psql does: semicolons in strings, quoted names, comments,
// dollar quotes and BEGIN ATOMIC bodies end nothing. It judges no statement.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html

export interface ScriptStatement {
  /** Without its semicolon and without the comments before it. */
  readonly sql: string;
  /** Where it begins in the script, in UTF-16 units. */
  readonly start: number;
}

/** The statements in turn; lines that begin with a backslash are psql's own and left out. */
export function scriptStatements(script: string): readonly ScriptStatement[] {
  const statements: ScriptStatement[] = [];
  let start = -1;
  let end = 0;
  // BEGIN ATOMIC … END, and the CASE … END within it.
  let blocks = 0;
  let before = "";
  const close = (): void => {
    if (start >= 0) statements.push({ sql: script.slice(start, end), start });
    start = -1;
    blocks = 0;
    before = "";
  };
  piece.lastIndex = 0;
  for (let match = piece.exec(script); match; match = piece.exec(script)) {
    const text = match[0];
    if (text.startsWith("--") || text.startsWith("/*")) {
      if (text.startsWith("/*")) piece.lastIndex = endOfComment(script, match.index);
      continue;
    }
    if (text === ";" && blocks === 0) {
      close();
      continue;
    }
    if (start < 0 && text === "\\" && (match.index === 0 || script[match.index - 1] === "\n")) {
      const newline = script.indexOf("\n", match.index);
      piece.lastIndex = newline < 0 ? script.length : newline;
      continue;
    }
    if (text.startsWith("$")) {
      const close = script.indexOf(text, match.index + text.length);
      piece.lastIndex = close < 0 ? script.length : close + text.length;
    }
    const word = text.toLowerCase();
    if (word === "atomic" && before === "begin") blocks = 1;
    else if (blocks > 0 && word === "case") blocks++;
    else if (blocks > 0 && word === "end") blocks--;
    before = word;
    if (start < 0) start = match.index;
    end = piece.lastIndex;
  }
  close();
  return statements;
}

/** One lexical piece; a comment of several lines and a dollar quote are recognised by how they begin. A string that is not closed reaches to the end. */
const piece = /--[^\n]*|\/\*|[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|"(?:""|[^"])*(?:"|$)|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[\w\u0080-\uffff][\w$\u0080-\uffff]*|[^\s]/g;

/** Comments nest. */
function endOfComment(script: string, start: number): number {
  let depth = 0;
  for (let at = start; at < script.length; ) {
    if (script.startsWith("/*", at)) depth++, (at += 2);
    else if (script.startsWith("*/", at)) {
      at += 2;
      if (--depth === 0) return at;
    } else at++;
  }
  return script.length;
}
