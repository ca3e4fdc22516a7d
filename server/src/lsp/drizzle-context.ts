// Whether the cursor stands where an index is written: in the third argument of a Drizzle table. A light scan of the
// statement's text, which may be half-typed; it knows brackets, strings and comments, and no more of TypeScript.

export type DrizzleContext =
  /**
   * Where an element of the third argument begins: in an array, as a property of an object, or as the value of a property whose
   * key stands there. `keys` are the object's; `comma`: one is to follow the element.
   */
  | { readonly kind: "element"; readonly parameter: string; readonly style: "array" | "property" | "value"; readonly keys: readonly string[]; readonly comma: boolean }
  /** Behind `table.` in a call such as `.on(`; `written` are the columns before it in the same call. */
  | { readonly kind: "column"; readonly parameter: string; readonly written: readonly string[] };

interface Open {
  readonly bracket: string;
  readonly at: number;
  commas: number;
}

/** `before`: the table's statement up to the cursor; `after`: the rest of it. */
export function drizzleContext(before: string, after: string): DrizzleContext | undefined {
  const open = openBrackets(before);
  if (open === undefined) return undefined;
  const call = open.findIndex(({ bracket, commas }) => bracket === "(" && commas === 2);
  if (call < 0) return undefined;
  const third = thirdArgument(before, open[call]!);
  const parameter = /^\s*\(?\s*([A-Za-z_$][\w$]*)/.exec(third)?.[1];
  // Without a parameter, or with one that is taken apart, there is no name to reach the columns by.
  if (parameter === undefined) return undefined;
  const inner = open.slice(call + 1).filter(({ bracket, at }) => !(bracket === "(" && /=>\s*$/.test(before.slice(0, at))));
  const last = inner.at(-1);
  const line = before.slice((last?.at ?? 0) + 1);
  if (last?.bracket === "(") {
    const column = new RegExp(`(?:^|[^\\w$.])${escape(parameter)}\\.(\\w*)$`).exec(line);
    if (!column) return undefined;
    return { kind: "column", parameter, written: [...line.matchAll(new RegExp(`${escape(parameter)}\\.(\\w+)\\s*,`, "g"))].map((match) => match[1]!) };
  }
  if (inner.length !== 1 || !last) return undefined;
  // At the beginning of an element, a word of it at the most.
  const begun = /(?:^|,)(?:\s|\/\/[^\n]*\n)*([\w$]+\s*:\s*)?\w*$/.exec(line);
  const inObject = last.bracket === "{";
  if (!begun || (begun[1] !== undefined && !inObject) || /^\w/.test(after)) return undefined;
  return {
    kind: "element", parameter,
    style: !inObject ? "array" : begun[1] === undefined ? "property" : "value",
    keys: inObject ? [...keysOf(line.slice(0, begun.index)), ...keysOf(after)] : [],
    // A list on one line ends without a comma; what follows may have it already.
    comma: !/^\s*,/.test(after) && !/^[ \t]*[\])}]/.test(after),
  };
}

/** The keys of an object's properties, up to the bracket that closes it. */
function keysOf(text: string): readonly string[] {
  const keys: string[] = [];
  let depth = 0;
  let begins = true;
  for (let at = 0; at < text.length; at++) {
    if (begins && depth === 0) {
      const key = /^\s*(?:\/\/[^\n]*\n\s*)*(["']?)([\w$]+)\1\s*:/.exec(text.slice(at));
      if (key) keys.push(key[2]!);
    }
    begins = false;
    const skipped = skip(text, at);
    if (skipped === undefined) break;
    if (skipped > at) at = skipped - 1;
    else if ("([{".includes(text[at]!)) depth++;
    else if (")]}".includes(text[at]!) && depth-- === 0) break;
    else if (text[at] === ",") begins = true;
  }
  return keys;
}

function thirdArgument(before: string, call: Open): string {
  let depth = 0;
  let commas = 0;
  for (let at = call.at + 1; at < before.length; at++) {
    const skipped = skip(before, at);
    if (skipped === undefined) return "";
    if (skipped > at) {
      at = skipped - 1;
      continue;
    }
    const character = before[at]!;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "," && depth === 0 && ++commas === 2) return before.slice(at + 1);
  }
  return "";
}

/** The brackets that are open at the end; undefined inside a string or a comment. */
function openBrackets(text: string): readonly Open[] | undefined {
  const open: Open[] = [];
  for (let at = 0; at < text.length; at++) {
    const skipped = skip(text, at);
    if (skipped === undefined) return undefined;
    if (skipped > at) {
      at = skipped - 1;
      continue;
    }
    const character = text[at]!;
    if ("([{".includes(character)) open.push({ bracket: character, at, commas: 0 });
    else if (")]}".includes(character)) open.pop();
    else if (character === "," && open.length > 0) open.at(-1)!.commas++;
  }
  return open;
}

/** The end of the string or comment that begins at `at`, `at` itself where none does, undefined where it does not end. */
function skip(text: string, at: number): number | undefined {
  const character = text[at]!;
  if (character === "/" && text[at + 1] === "/") return end(text.indexOf("\n", at), 1);
  if (character === "/" && text[at + 1] === "*") return end(text.indexOf("*/", at + 2), 2);
  if (character !== '"' && character !== "'" && character !== "`") return at;
  for (let next = at + 1; next < text.length; next++) {
    if (text[next] === "\\") next++;
    else if (text[next] === character) return next + 1;
    else if (text[next] === "\n" && character !== "`") return next;
  }
  return undefined;
}

function end(found: number, length: number): number | undefined {
  return found < 0 ? undefined : found + length;
}

function escape(name: string): string {
  return name.replace(/\$/g, "\\$");
}
