// Parses a scalar expression of PostgreSQL, as people write it and as the server prints it, into a `Tree`. It knows no
// subqueries, window or aggregate clauses: for those, and for what is no expression, it answers undefined.
import { sqlWords, type SqlWord } from "../../indexes/expression-text";
import { comparesAny, operation, type Tree } from "./tree";

/** Undefined where the text is not understood in whole. `table`: its name before a column is left out. */
export function parseExpression(sql: string, table: string): Tree | undefined {
  try {
    const reader = new Reader(sqlWords(sql), table);
    const tree = reader.expression(0);
    return reader.atEnd() ? tree : undefined;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

class NotUnderstood extends Error {}

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE, loosest first. */
const binding = { or: 1, and: 2, not: 3, is: 4, comparison: 5, matching: 6, other: 7, sum: 8, product: 9, power: 10, zone: 11, collate: 12, sign: 13 } as const;

const comparisons = new Set(["=", "<", ">", "<=", ">=", "<>"]);
const matching: Readonly<Record<string, string>> = { like: "~~", ilike: "~~*" };
const negated: Readonly<Record<string, string>> = { "~~": "!~~", "~~*": "!~~*" };
/** Types that may stand before a literal: `date '2024-01-01'`. */
const literalTypes = new Set(["date", "time", "timestamp", "timestamptz", "interval", "json", "jsonb", "uuid", "text", "numeric", "integer", "boolean", "inet", "bigint"]);
const clocks: Readonly<Record<string, string>> = { current_timestamp: "now", transaction_timestamp: "now" };
const bareCalls = new Set(["current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "current_user", "session_user", "current_role", "user"]);

class Reader {
  private readonly tokens: readonly SqlWord[];
  private at = 0;

  constructor(words: readonly SqlWord[], private readonly table: string) {
    this.tokens = joinedOperators(words);
  }

  atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  expression(least: number): Tree {
    let left = this.prefix();
    for (;;) {
      const next = this.infix(left, least);
      if (!next) return left;
      left = next;
    }
  }

  private prefix(): Tree {
    if (this.takesWord("not")) return operation("not", this.expression(binding.not));
    if (this.takesSymbol("+")) return this.expression(binding.sign);
    if (this.takesSymbol("-")) {
      const of = this.expression(binding.sign);
      return of.kind === "number" ? { kind: "number", text: of.text.startsWith("-") ? of.text.slice(1) : `-${of.text}` } : operation("-", of);
    }
    return this.suffixed(this.primary());
  }

  /** Casts, subscripts, COLLATE and AT TIME ZONE bind tighter than any operator between two. */
  private suffixed(tree: Tree): Tree {
    for (;;) {
      if (this.takesSymbol("::")) tree = { kind: "cast", to: this.typeName(), of: tree };
      else if (this.takesSymbol("[")) {
        const index = this.expression(0);
        this.expectSymbol("]");
        tree = operation("[]", tree, index);
      } else if (this.takesWord("collate")) tree = operation(`collate ${this.qualifiedName()}`, tree);
      else if (this.peekWord("at") && this.peekWord("time", 1) && this.peekWord("zone", 2)) {
        this.at += 3;
        tree = { kind: "call", name: "timezone", items: [this.suffixed(this.primary()), tree] };
      } else return tree;
    }
  }

  private infix(left: Tree, least: number): Tree | undefined {
    const token = this.tokens[this.at];
    if (!token) return undefined;
    const start = this.at;
    if (token.kind === "identifier") {
      const found = this.wordInfix(left, least, token.text);
      if (!found) this.at = start;
      return found;
    }
    if (token.kind !== "symbol" || /^[()[\],;.]$/.test(token.text) || token.text === "::") return undefined;
    const operator = token.text === "!=" ? "<>" : token.text;
    const power = comparisons.has(operator) ? binding.comparison : operator === "+" || operator === "-" ? binding.sum : /^[*/%]$/.test(operator) ? binding.product : operator === "^" ? binding.power : binding.other;
    if (power < least) return undefined;
    this.at++;
    for (const quantifier of ["any", "some", "all"] as const) {
      if (!this.takesWord(quantifier)) continue;
      this.expectSymbol("(");
      const list = this.expression(0);
      this.expectSymbol(")");
      return comparesAny(left, operator, quantifier === "some" ? "any" : quantifier, list);
    }
    return comparison(operator, left, this.expression(power + 1));
  }

  private wordInfix(left: Tree, least: number, word: string): Tree | undefined {
    this.at++;
    if ((word === "and" || word === "or") && binding[word] >= least) return operation(word, left, this.expression(binding[word] + 1));
    if (word === "isnull" && binding.is >= least) return operation("is null", left);
    if (word === "notnull" && binding.is >= least) return operation("is not null", left);
    if (word === "is" && binding.is >= least) {
      const not = this.takesWord("not") ? "not " : "";
      if (this.takesWord("distinct")) {
        this.expectWord("from");
        const differs = operation("is distinct from", left, this.expression(binding.is + 1));
        return not === "" ? differs : operation("not", differs);
      }
      for (const what of ["null", "true", "false", "unknown"]) if (this.takesWord(what)) return operation(`is ${not}${what}`, left);
      throw new NotUnderstood();
    }
    if (word === "overlaps" && left.kind === "call" && left.name === "row") {
      const right = this.primary();
      if (right.kind !== "call" || right.name !== "row") throw new NotUnderstood();
      return { kind: "call", name: "overlaps", items: [...left.items, ...right.items] };
    }
    if (binding.matching < least) return undefined;
    const not = word === "not";
    const verb = not ? this.tokens[this.at++]?.text : word;
    if (verb === "in") return this.inList(left, not);
    if (verb === "between") {
      const symmetric = this.takesWord("symmetric");
      if (symmetric) throw new NotUnderstood();
      const low = this.expression(binding.matching + 1);
      this.expectWord("and");
      const high = this.expression(binding.matching + 1);
      return not ? operation("or", operation("<", left, low), operation(">", left, high)) : operation("and", operation(">=", left, low), operation("<=", left, high));
    }
    const operator = matching[verb ?? ""];
    if (!operator) return undefined;
    const pattern = this.expression(binding.matching + 1);
    if (this.peekWord("escape")) throw new NotUnderstood();
    return operation(not ? negated[operator]! : operator, left, pattern);
  }

  private inList(left: Tree, not: boolean): Tree {
    this.expectSymbol("(");
    const items = this.list(")");
    return comparesAny(left, not ? "<>" : "=", not ? "all" : "any", { kind: "array", items });
  }

  private primary(): Tree {
    const token = this.tokens[this.at++];
    if (!token) throw new NotUnderstood();
    switch (token.kind) {
      case "literal": return literal(token.text);
      case "quoted": return this.named(token.text);
      case "identifier": return this.word(token.text);
      case "symbol": {
        if (token.text !== "(") throw new NotUnderstood();
        const inner = this.expression(0);
        // (a, b): a row.
        if (this.takesSymbol(",")) return { kind: "call", name: "row", items: [inner, ...this.list(")")] };
        this.expectSymbol(")");
        return inner;
      }
    }
  }

  private word(text: string): Tree {
    if (text === "true" || text === "false" || text === "null") return { kind: "word", text };
    if (text === "case") return this.caseTree();
    if (text === "cast" && this.takesSymbol("(")) {
      const of = this.expression(0);
      this.expectWord("as");
      const to = this.typeName();
      this.expectSymbol(")");
      return { kind: "cast", to, of };
    }
    if (text === "array" && this.takesSymbol("[")) return { kind: "array", items: this.list("]") };
    if (text === "row" && this.takesSymbol("(")) return { kind: "call", name: "row", items: this.list(")") };
    if (text === "extract" && this.takesSymbol("(")) {
      const field = this.tokens[this.at++]!;
      this.expectWord("from");
      const of = this.expression(0);
      this.expectSymbol(")");
      // What it is before PostgreSQL 14, and prints as; apart from its type it is the same later.
      return { kind: "call", name: "date_part", items: [{ kind: "string", text: (field.kind === "literal" ? unquoted(field.text) : field.text).toLowerCase() }, of] };
    }
    if (text === "position" && this.takesSymbol("(")) {
      const part = this.expression(binding.matching + 1);
      this.expectWord("in");
      const whole = this.expression(0);
      this.expectSymbol(")");
      return { kind: "call", name: "position", items: [whole, part] };
    }
    if (text === "trim" && this.takesSymbol("(")) return this.trim();
    if (text === "substring" && this.takesSymbol("(")) return this.parted(text, ["from", "for"]);
    if (text === "overlay" && this.takesSymbol("(")) return this.parted(text, ["placing", "from", "for"]);
    if (bareCalls.has(text) && !this.peekSymbol("(") && !this.peekSymbol(".")) return { kind: "call", name: clocks[text] ?? text, items: [] };
    if (literalTypes.has(text) && this.tokens[this.at]?.kind === "literal") return { kind: "cast", to: text, of: literal(this.tokens[this.at++]!.text) };
    return this.named(text);
  }

  /** A column, behind its table's name or not, or a call. */
  private named(first: string): Tree {
    const parts = [first];
    while (this.takesSymbol(".")) parts.push(this.nameToken());
    if (!this.takesSymbol("(")) {
      const name = parts.length > 1 && parts.at(-2) === this.table ? parts.slice(-1) : parts;
      return { kind: "name", name: name.join(".") };
    }
    // Where a function stands is found by the search path; the catalogue's own and those of the first schema are the same with and without it.
    const name = parts.filter((part, position) => position === parts.length - 1 || (part !== "pg_catalog" && part !== "public")).join(".");
    if (this.takesSymbol(")")) return { kind: "call", name: clocks[name] ?? name, items: [] };
    return { kind: "call", name: clocks[name] ?? name, items: this.list(")") };
  }

  private trim(): Tree {
    const side = this.takesWord("leading") ? "ltrim" : this.takesWord("trailing") ? "rtrim" : (this.takesWord("both"), "btrim");
    if (this.takesWord("from")) return { kind: "call", name: side, items: this.list(")") };
    const first = this.expression(0);
    if (!this.takesWord("from")) {
      const rest = this.takesSymbol(",") ? this.list(")") : (this.expectSymbol(")"), []);
      return { kind: "call", name: side, items: [first, ...rest] };
    }
    return { kind: "call", name: side, items: [...this.list(")"), first] };
  }

  /** A call whose arguments words may part instead of commas. */
  private parted(name: string, words: readonly string[]): Tree {
    const items = [this.expression(0)];
    while (words.some((word) => this.takesWord(word)) || this.takesSymbol(",")) items.push(this.expression(0));
    this.expectSymbol(")");
    return { kind: "call", name, items };
  }

  private caseTree(): Tree {
    const items: Tree[] = [];
    let shape = "case";
    if (!this.peekWord("when")) {
      items.push(this.expression(0));
      shape += " of";
    }
    while (this.takesWord("when")) {
      items.push(this.expression(0));
      this.expectWord("then");
      items.push(this.expression(0));
    }
    // No ELSE is ELSE NULL, which PostgreSQL prints.
    items.push(this.takesWord("else") ? this.expression(0) : { kind: "word", text: "null" });
    this.expectWord("end");
    return operation(shape, ...items);
  }

  /** Up to and with `end`; the opening one is behind. */
  private list(end: ")" | "]"): Tree[] {
    if (this.takesSymbol(end)) return [];
    const items = [this.expression(0)];
    while (this.takesSymbol(",")) items.push(this.expression(0));
    this.expectSymbol(end);
    return items;
  }

  /** `character varying(10)[]`, `public.status`, `timestamp(3) with time zone`. */
  private typeName(): string {
    let name = this.qualifiedName();
    const second: Readonly<Record<string, readonly string[]>> = { character: ["varying"], double: ["precision"], bit: ["varying"] };
    for (const word of second[name] ?? []) if (this.takesWord(word)) name += ` ${word}`;
    if (this.takesSymbol("(")) {
      const items = this.list(")");
      name += `(${items.map((item) => (item.kind === "number" ? item.text : "?")).join(",")})`;
    }
    if (/^time(stamp)?(\(|$)/.test(name)) {
      for (const word of ["with", "without"]) if (this.peekWord(word) && this.peekWord("time", 1) && this.peekWord("zone", 2)) {
        this.at += 3;
        name += ` ${word} time zone`;
      }
    }
    while (this.peekSymbol("[")) {
      this.at++;
      if (!this.takesSymbol("]")) throw new NotUnderstood();
      name += "[]";
    }
    return name;
  }

  private qualifiedName(): string {
    const parts = [this.nameToken()];
    while (this.takesSymbol(".")) parts.push(this.nameToken());
    return parts.filter((part, position) => position === parts.length - 1 || (part !== "pg_catalog" && part !== "public")).join(".");
  }

  private nameToken(): string {
    const token = this.tokens[this.at++];
    if (token?.kind !== "identifier" && token?.kind !== "quoted") throw new NotUnderstood();
    return token.text;
  }

  private peekWord(text: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token?.kind === "identifier" && token.text === text;
  }

  private takesWord(text: string): boolean {
    const found = this.peekWord(text);
    if (found) this.at++;
    return found;
  }

  private peekSymbol(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === "symbol" && token.text === text;
  }

  private takesSymbol(text: string): boolean {
    const found = this.peekSymbol(text);
    if (found) this.at++;
    return found;
  }

  private expectSymbol(text: string): void {
    if (!this.takesSymbol(text)) throw new NotUnderstood();
  }

  private expectWord(text: string): void {
    if (!this.takesWord(text)) throw new NotUnderstood();
  }
}

/** Rows are equal where all their parts are. */
function comparison(operator: string, left: Tree, right: Tree): Tree {
  const rows = left.kind === "call" && right.kind === "call" && left.name === "row" && right.name === "row" && left.items.length === right.items.length;
  if (rows && operator === "=") return operation("and", ...left.items.map((item, position) => operation("=", item, right.items[position]!)));
  if (rows && operator === "<>") return operation("or", ...left.items.map((item, position) => operation("<>", item, right.items[position]!)));
  return operation(operator, left, right);
}

/** Neighbouring operator characters are one operator: `~~*`, `!~`, `?|`. */
function joinedOperators(words: readonly SqlWord[]): readonly SqlWord[] {
  const joined: SqlWord[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const joins = last?.kind === "symbol" && word.kind === "symbol" && last.end === word.start && /^[-+*/<>=~!@#%^&|`?]+$/.test(last.text + word.text)
      // A sign after another operator is a sign: `a =-1`.
      && !(/^[-+]$/.test(word.text) && !/[~!@#%^&|`?]/.test(last.text));
    if (joins) joined[joined.length - 1] = { kind: "symbol", text: last.text + word.text, start: last.start, end: word.end };
    else joined.push(word);
  }
  return joined;
}

function literal(text: string): Tree {
  if (/^\d|^\.\d/.test(text)) return { kind: "number", text };
  if (/^\$|^[bBxX]/.test(text)) throw new NotUnderstood();
  return { kind: "string", text: unquoted(text) };
}

/** The value of a string constant; C-style escapes beyond the quote itself are not understood. */
function unquoted(text: string): string {
  const body = text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'");
  if (/^[eE]/.test(text) && body.includes("\\")) throw new NotUnderstood();
  return body;
}
