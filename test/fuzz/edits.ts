// Random edits of the kinds that a person at an editor makes, and of the kinds that nobody should. All of it follows
// from the numbers that it is given: the same seed gives the same edits.
import type { TextEdit } from "../../server/src/sources/source";

export type Edit = Omit<TextEdit, "file">;

/** Numbers in [0, 1). */
export type Random = () => number;

export function randomNumbers(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** What the edits of one kind of file are made of. */
export interface Material {
  /** Lines that mean something there. */
  readonly lines: readonly string[];
  /** Words to put in place of others. */
  readonly words: readonly string[];
}

export const drizzleMaterial: Material = {
  lines: [
    "  ownerId: integer('owner_id').references(() => customers.id),", "  note: text('note').notNull().unique(),", "  tags: text('tags').array(),", "  total: numeric('total', { precision: 12, scale: 2 }).default('0'),",
    "export const extras = pgTable('extras', { id: bigserial('id', { mode: 'number' }).primaryKey(), orderId: integer('order_id').references(() => orders.id) });",
    "}, (table) => [index('extra_idx').on(table.id), uniqueIndex().on(table.id.desc())]);", "  ...timestamps,", "export * from './orders';", "import { index as idx } from 'drizzle-orm/pg-core';",
    "export const more = [1, 2].map((n) => pgTable(`t${n}`, { id: serial('id') }));", "  where: sql`${table.deletedAt} is null`,", "// plumbline-disable-next-line fk/unindexed",
  ],
  words: ["id", "integer", "text", "references", "notNull", "table", "orders", "customers", "index", "pgTable", "uniqueIndex", "on", "const", "export", "undefined", "=>", "..."],
};

export const prismaMaterial: Material = {
  lines: [
    "  ownerId Int?", "  owner Customer? @relation(fields: [ownerId], references: [id], onDelete: Cascade)", "  @@index([ownerId(sort: Desc), id])", "  @@unique([id, ownerId], map: \"extra_key\")", "  note String @db.VarChar(200) @unique @map(\"the_note\")",
    "model Extra {\n  id Int @id\n  orderId Int\n  order Order @relation(fields: [orderId], references: [id])\n}", "enum Colour {\n  RED @map(\"red\")\n  GREEN\n}", "  @@map(\"extras\")", "  @@ignore", "  tags String[] @default([])", "  at DateTime @default(now()) @updatedAt",
    "/// plumbline-disable-next-line fk/unindexed", "view Summary {\n  id Int @unique\n}",
  ],
  words: ["id", "Int", "String", "model", "@relation", "@id", "Order", "Customer", "@@index", "@@unique", "@map", "fields", "references", "?", "[]", "enum"],
};

const junk = ["{", "}", "(", ")", "[", "]", "`", "'", '"', "/*", "*/", "//", "${", "\\", "<<<<<<< HEAD\n", "=======\n", "\u0000", "\u2028", "@@", "=> {", ";;", "😀", "👩‍👩‍👧‍👦", "é", "\ud83d", "\t", "\r", "\n\n\n"];

/** A step of an editing session: its kind, and the edits in turn, each in offsets of the text before it. */
export interface Step {
  readonly kind: string;
  readonly edits: readonly Edit[];
}

type Maker = (text: string, random: Random, material: Material) => readonly Edit[];

/** Kind -> how often, and how it is made. */
const makers: Readonly<Record<string, readonly [weight: number, make: Maker]>> = {
  "deleted span": [14, (text, random) => {
    const start = below(random, text.length + 1);
    return [{ start, end: Math.min(text.length, start + 1 + below(random, 40)), text: "" }];
  }],
  "deleted line": [12, (text, random) => [{ ...lineAt(text, random), text: "" }]],
  "repeated line": [8, (text, random) => {
    const from = lineAt(text, random);
    const to = lineAt(text, random).start;
    return [{ start: to, end: to, text: text.slice(from.start, from.end) }];
  }],
  "new line": [16, (text, random, { lines }) => {
    const { start } = lineAt(text, random);
    return [{ start, end: start, text: `${pick(random, lines)}\n` }];
  }],
  "half-typed code": [12, (text, random, { lines }) => {
    const { start } = lineAt(text, random);
    const line = pick(random, lines);
    const typed = line.slice(0, 1 + below(random, line.length));
    // As it is typed: a few keystrokes, each an edit of its own.
    const half = below(random, typed.length);
    return [{ start, end: start, text: typed.slice(0, half) }, { start: start + half, end: start + half, text: typed.slice(half) }];
  }],
  "other word": [16, (text, random, { words }) => {
    const word = wordAt(text, random);
    return word ? [{ ...word, text: random() < 0.5 ? pick(random, words) : `${text.slice(word.start, word.end)}x` }] : [];
  }],
  "pasted junk": [10, (text, random) => {
    const at = below(random, text.length + 1);
    return [{ start: at, end: at, text: Array.from({ length: 1 + below(random, 5) }, () => pick(random, junk)).join("") }];
  }],
  "pasted part": [5, (text, random) => {
    const from = below(random, text.length + 1);
    const at = below(random, text.length + 1);
    return [{ start: at, end: at, text: text.slice(from, from + below(random, 400)) }];
  }],
  "line breaks": [3, (text, random) => (random() < 0.5 ? replaceAll(text, /\r?\n/g, "\r\n") : replaceAll(text, /\r\n/g, "\n"))],
  "byte order mark": [2, (text) => (text.startsWith("\ufeff") ? [{ start: 0, end: 1, text: "" }] : [{ start: 0, end: 0, text: "\ufeff" }])],
  "emptied file": [1, (text) => [{ start: 0, end: text.length, text: "" }]],
  "several places": [3, (text, random, { words }) => {
    const places = Array.from({ length: 3 }, () => wordAt(text, random)).filter((place) => place !== undefined).sort((a, b) => b.start - a.start);
    const apart = places.filter((place, at) => at === 0 || place.end <= places[at - 1]!.start);
    return apart.map((place) => ({ ...place, text: pick(random, words) }));
  }],
};

export const kinds = Object.keys(makers);

export function randomStep(text: string, random: Random, material: Material): Step {
  const total = Object.values(makers).reduce((sum, [weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [kind, [weight, make]] of Object.entries(makers)) {
    left -= weight;
    if (left <= 0) return { kind, edits: make(text, random, material) };
  }
  return { kind: "none", edits: [] };
}

export function applyEdit(text: string, { start, end, text: inserted }: Edit): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** The edit that undoes `edit`, which was made in `before`. */
export function inverseEdit(before: string, { start, end, text }: Edit): Edit {
  return { start, end: start + text.length, text: before.slice(start, end) };
}

function replaceAll(text: string, pattern: RegExp, by: string): readonly Edit[] {
  const edited = text.replace(pattern, by);
  return edited === text ? [] : [{ start: 0, end: text.length, text: edited }];
}

/** A whole line with its line break. */
function lineAt(text: string, random: Random): { start: number; end: number } {
  const at = below(random, text.length + 1);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return { start, end: end < 0 ? text.length : end + 1 };
}

function wordAt(text: string, random: Random): { start: number; end: number } | undefined {
  const from = below(random, text.length + 1);
  const found = /[\w$@]+/.exec(text.slice(from));
  return found ? { start: from + found.index, end: from + found.index + found[0].length } : undefined;
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[below(random, items.length)]!;
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}
