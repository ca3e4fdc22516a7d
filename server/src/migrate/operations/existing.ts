// Whether what the applied migrations have made is there: they are replayed on the embedded database, and what it has and
// the target lacks is told with the file that makes it. What is there and otherwise is drift, which `diff` tells.
import { compare } from "../../compare/compare";
import { modelSeenBy } from "../../compare/searched-schema";
import { openEmbedded, type EmbeddedDatabase } from "../../databases/embedded/embedded";
import { migrationRecipe } from "../../databases/embedded/recipe";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import type { Migration, MigrationFolder, MigrationStatus } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import { mentionsWord } from "../../model/words";
import type { SqlParser } from "../../sql/parser";
import { changeText } from "../../report/change-text";
import { rolesAndSchemas } from "../../sql/roles-and-schemas";
import { sequenceChanges } from "../generate/sequences";
import { declaredSql } from "../prove/declared";
import { assumedExtensions } from "../prove/extensions";
import { fingerprint, fingerprintMessage, seenInPublic, titleOf, type Fingerprint } from "../prove/fingerprint";
import { isProvable } from "../prove/generated";
import { shownFile } from "../status";
import type { ScratchPlace } from "./reading";
import { inWordsOf } from "./spelling";

export interface MissingObjects {
  /** Full sentences. */
  readonly problems: readonly string[];
  /** Full sentences: what could not be looked for. */
  readonly notes: readonly string[];
}

/** Rejects with a `SessionError` or `DatabaseError`. */
export async function missingObjects(session: Session, folder: MigrationFolder, status: readonly MigrationStatus[], parser: SqlParser, place: ScratchPlace, signal?: AbortSignal): Promise<MissingObjects> {
  const applied = status.flatMap(({ state, migration }) => (state === "applied" && migration ? [migration] : []));
  if (!isProvable(folder.dialect)) return { problems: [], notes: [] };
  const odd = status.find(({ state }) => state === "half-applied" || state === "missing" || state === "edited");
  if (odd) return { problems: [], notes: [`Whether the objects of applied migrations exist was not looked at, since ${odd.id} is ${odd.state}.`] };
  if (applied.length === 0) return { problems: [], notes: [] };
  const { runtime, cache } = place;
  const options = { ...(runtime !== undefined && { runtime }), ...(cache !== undefined && { cache }), ...(signal && { signal }) };
  const scripts = applied.map(({ up }) => ({ file: up.file, text: up.sql }));
  const database = await openEmbedded(migrationRecipe(scripts, [], assumedExtensions(applied.map(({ up }) => up.sql), parser)), options);
  try {
    const expected = (await database.read(signal)).model;
    const actual = await inWordsOf(expected, modelSeenBy(undefined, (await readSession(session, signal)).model), place, signal);
    const gone = [...compare(expected, actual, { exact: true }), ...sequenceChanges(expected, actual)].filter(isMissing);
    const lost = new Set(gone.flatMap((change) => (change.kind === "drop-table" ? [key(change.table.name)] : [])));
    const made = new Map((await database.run(fingerprintMessage([]), signal)).flat() as unknown as readonly (readonly [string, string | null])[]);
    const others = otherObjects(made, await fingerprint(session, [], signal), session.searched);
    const problems = [
      ...(await missingDeclared(session, database, applied, parser, signal)),
      ...gone.map((change) => ({ what: said(change), words: wordsOf(change) })),
      ...others.filter(({ table }) => table === undefined || !lost.has(table)).map(({ object, words }) => ({ what: `The ${object}`, words })),
    ].map(({ what, words }) => `${what} does not exist, although ${madeBy(words, applied, folder, parser)} is applied. Somebody has dropped it, or it was recorded and never run: make it anew by hand, or drop it in a migration.`);
    const refused = database.problems.length;
    return { problems, notes: refused === 0 ? [] : [`What ${refused === 1 ? "one statement makes" : `${refused} statements make`} was not looked for, since the embedded database cannot run ${refused === 1 ? "it" : "them"}: ${database.problems[0]!.message}`] };
  } finally {
    await database.close();
  }
}

/** Schemas of the database and roles of the whole server, of which no reading of a schema tells: those that the migrations make in the replay as well, since a block may make them on some condition. */
async function missingDeclared(session: Session, replayed: EmbeddedDatabase, applied: readonly Migration[], parser: SqlParser, signal: AbortSignal | undefined): Promise<readonly { readonly what: string; readonly words: readonly string[] }[]> {
  const made = rolesAndSchemas(applied.map(({ up }) => up.sql), parser);
  if (made.schemas.size + made.roles.size === 0) return [];
  const [[expectedSchemas, expectedRoles], [schemas, roles]] = [await replayed.run(declaredSql, signal), (await session.run(declaredSql, signal)).map(({ rows }) => rows)];
  const missing = (names: Iterable<string>, expected: readonly (readonly unknown[])[] | undefined, there: typeof expected): readonly string[] =>
    [...names].filter((name) => expected?.some(([one]) => one === name) && !there?.some(([one]) => one === name));
  return [
    ...missing(made.schemas, expectedSchemas, schemas).map((name) => ({ what: `The schema ${postgres.quote(name)}`, words: [name, "schema"] })),
    ...missing(made.roles.keys(), expectedRoles, roles).map((name) => ({ what: `The role ${postgres.quote(name)}`, words: [name, "role"] })),
  ];
}

type Missing = Extract<Change, { kind: "drop-table" | "drop-column" | "drop-primary-key" | "drop-unique" | "drop-check" | "drop-foreign-key" | "drop-index" | "drop-enum" | "drop-sequence" }>;

function isMissing(change: Change): change is Missing {
  // Partitions come and go with time.
  if (change.kind === "drop-table") return change.table.partitionOf === undefined;
  return ["drop-column", "drop-primary-key", "drop-unique", "drop-check", "drop-foreign-key", "drop-index", "drop-enum", "drop-sequence"].includes(change.kind);
}

function said(change: Missing): string {
  const { subject, text } = changeText(change);
  if (change.kind === "drop-table") return `The table ${subject}`;
  if (change.kind === "drop-enum") return `The type ${subject}`;
  if (change.kind === "drop-sequence") return `The sequence ${subject}`;
  return `Of ${subject}, the ${text}`;
}

/** What the statement that makes it must hold. */
function wordsOf(change: Missing): readonly string[] {
  switch (change.kind) {
    case "drop-table": return [change.table.name.name];
    case "drop-enum": return [change.enum.name.name];
    case "drop-sequence": return [change.sequence.name.name];
    case "drop-column": return [change.table.name, change.column.name];
    case "drop-index": return [change.table.name, ...(change.index.name === undefined ? [] : [change.index.name])];
    case "drop-foreign-key": return [change.table.name, "references", ...change.foreignKey.columns];
    case "drop-primary-key": return [change.table.name, "primary", ...change.primaryKey.columns];
    case "drop-unique": return [change.table.name, "unique", ...change.unique.columns];
    case "drop-check": return [change.table.name, "check", ...change.check.expression.columns];
  }
}

/** The last statement that says all the words; else that which says the first of them. */
function madeBy(words: readonly string[], applied: readonly Migration[], folder: MigrationFolder, parser: SqlParser): string {
  for (const wanted of [words, words.slice(0, 1)])
    for (const { up } of [...applied].reverse())
      for (const { sql, start, node } of [...parser.parse(up.sql).statements].reverse())
        if (!("DropStmt" in node) && wanted.every((word) => mentionsWord(sql, word))) return `${shownFile(folder, up.file)}:${up.sql.slice(0, start).split("\n").length}, which makes it,`;
  return "a migration that makes it";
}

export interface OtherObject {
  /** "view public.shown". */
  readonly object: string;
  readonly words: readonly string[];
  /** Whose it is: a trigger or policy goes with its table. */
  readonly table?: string;
}

/** What the schema model does not hold, and only `expected` has: views, functions, triggers, policies, domains. `expected` is a replay, in public; `searched`: what `actual` searches in its place. */
export function otherObjects(expected: ReadonlyMap<string, string | null>, actual: Fingerprint, searched: string | undefined): readonly OtherObject[] {
  const there = seenInPublic(actual, searched);
  return [...expected].flatMap(([object, definition]): readonly OtherObject[] => {
    const found = /^(view|materialized view|function|procedure|trigger|policy|type) (.*)$/s.exec(object);
    if (!found || there.has(object) || definition?.startsWith("enum ") === true) return [];
    const kind = found[1]!;
    const names = object.slice(kind.length + 1).replace(/\(.*$/s, "").split(".").map((part) => part.replace(/^"(.*)"$/s, "$1"));
    const ofTable = kind === "trigger" || kind === "policy";
    return [{ object: titleOf(object, searched), words: [names.at(-1)!], ...(ofTable && { table: key({ schema: names[0]!, name: names[1]! }) }) }];
  });
}

function key({ schema, name }: QualifiedName): string {
  return `${schema ?? "public"}.${name}`;
}
