// The words of a schema, one string for each: the same few names stand everywhere, and comparing them with the parser's
// own constants is then comparing pointers. A memory of fixed size, without influence on what is read.

const size = 1024;

const memory = new Array<string>(size).fill("");

/** `text.slice(start, end)`, for a range that is not empty. */
export function word(text: string, start: number, end: number): string {
  const slot = slotOf(text, start, end);
  const known = memory[slot]!;
  if (known.length === end - start && standsAt(known, text, start)) return known;
  const found = text.slice(start, end);
  // A long slice would keep the whole text alive if it were remembered.
  if (end - start <= 12 && !constants.has(known)) memory[slot] = found;
  return found;
}

/** A copy that does not keep the whole text alive, as a slice does. */
export function ownCopy(slice: string): string {
  return Buffer.from(slice, "utf16le").toString("utf16le");
}

function slotOf(text: string, start: number, end: number): number {
  const length = end - start;
  return (length * 131 + text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 17 + text.charCodeAt(start + (length >> 1)) * 7) % size;
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
  "db.VarChar", "db.DoublePrecision", "db.Text", "db.Uuid", "db.Timestamptz", "db.Timestamp", "db.Decimal", "db.JsonB", "db.SmallInt",
]);

for (const one of constants) memory[slotOf(one, 0, one.length)] = one;
