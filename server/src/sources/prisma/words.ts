// The words of a schema, one string for each: the same few names stand everywhere, and comparing them with the parser's
// own constants is then comparing pointers. A memory of fixed size, without influence on what is read.

const size = 1024;

const memory = new Array<string>(size).fill("");

/** `text.slice(start, end)`, for a range that is not empty. */
export function word(text: string, start: number, end: number): string {
  const length = end - start;
  // A long slice would keep the whole text alive if it were remembered.
  if (length > 12) return text.slice(start, end);
  const slot = (length * 131 + text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 17 + text.charCodeAt(start + (length >> 1)) * 7) % size;
  const known = memory[slot]!;
  if (known.length === length && standsAt(known, text, start)) return known;
  const found = text.slice(start, end);
  if (!constants.has(known)) memory[slot] = found;
  return found;
}

/** `text.startsWith(known, start)`, without the call into the runtime. */
function standsAt(known: string, text: string, start: number): boolean {
  for (let at = 0; at < known.length; at++) if (known.charCodeAt(at) !== text.charCodeAt(start + at)) return false;
  return true;
}

const constants: ReadonlySet<string> = new Set([
  "String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported",
  "id", "unique", "default", "updatedAt", "relation", "map", "ignore", "index", "schema", "fields", "references", "onDelete", "onUpdate", "name", "type", "sort", "ops",
  "Cascade", "SetNull", "Restrict", "NoAction", "Desc", "Asc", "now", "uuid", "cuid", "autoincrement", "dbgenerated", "true", "false",
  "db.VarChar", "db.Text", "db.Uuid", "db.Timestamptz", "db.Timestamp", "db.Decimal", "db.JsonB", "db.SmallInt",
]);

for (const one of constants) {
  const last = one.length - 1;
  memory[(one.length * 131 + one.charCodeAt(0) * 31 + one.charCodeAt(last) * 17 + one.charCodeAt(one.length >> 1) * 7) % size] = one;
}
