// A statement that no transaction can hold, so that an interrupted run leaves it done, half done or not begun: what is
// there is looked at first, an INVALID index is dropped and built again, and what is there already is recognised.
import { setTimeout as pause } from "node:timers/promises";
import { SessionError, type StatementResult } from "../../databases/session";
import { literal } from "../../dialects/postgres";
import type { QualifiedName } from "../../model/schema";
import type { ParsedStatement } from "../../sql/parser";
import { as, tableName } from "../../sql/tree";
import { quoted } from "../journal/table";
import { reindexLeftover } from "../reindex-leftover";
import { concurrentSql, indexParts, type IndexParts } from "./concurrently";
import { StepError, type Work } from "./context";
import { builders, findIndexes, findSql, foundIndexes, type FoundIndex } from "./index-state";
import { composed, own, type Piece } from "./message";
import { watched } from "./watch";

/** How often a deadlock with others is gone through again. */
const deadlockPatience = 5;

/** Whether the catalogue tells if the statement has been carried out; otherwise the attempt itself has to be recorded before. */
export function isRecognisable(statement: ParsedStatement): boolean {
  return indexParts(statement)?.name !== undefined || isDropIndex(statement) || isIdempotent(statement);
}

/** What `runOutside` needs before the statement itself: the last result is what it looks at. */
export function preparation(statement: ParsedStatement): readonly Piece[] {
  const index = indexParts(statement);
  const dropped = isDropIndex(statement) ? statement.effect.index : undefined;
  const look = index ? [findSql(index)] : "ReindexStmt" in statement.node ? [besidesSql(statement)] : dropped ? [`select pg_catalog.to_regclass(${literal(quoted(dropped))})`] : [];
  // Its waits stall nobody, and ending them would leave an INVALID index: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
  return own("set lock_timeout = 0", ...look);
}

/** `tried`: an earlier run may have carried it out; `seen`: the last result of its preparation, where that was sent already. Rejects with a `StepError`, or with a "lost" `SessionError`. */
export async function runOutside(work: Work, statement: ParsedStatement, tried: boolean, seen?: StatementResult): Promise<void> {
  const { session } = work;
  try {
    const looked = seen ?? (await session.run(composed(preparation(statement)))).at(-1)!;
    const index = indexParts(statement);
    if (index) await buildIndex(work, statement, index, tried, looked);
    else if (isDropIndex(statement)) await dropIndex(work, statement, looked);
    else if ("ReindexStmt" in statement.node) await rebuild(work, statement, looked);
    else await runPlain(work, statement, tried);
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === "lost") throw error;
    throw new StepError(error, statement, error.offset, [], error.kind === "cancelled" ? "cancelled" : "failed");
  }
}

async function buildIndex(work: Work, statement: ParsedStatement, parts: IndexParts, tried: boolean, seen: StatementResult): Promise<void> {
  const { session, signal, parser, emit } = work;
  const sql = concurrentSql(statement, parser);
  for (let attempt = 1; ; attempt++) {
    const candidates = attempt === 1 ? seen : (await session.run(findSql(parts)))[0]!;
    if (await isThere(work, statement, parts, tried, candidates)) return;
    try {
      await watched(work, () => session.run(sql, signal));
      return;
    } catch (error) {
      if (!(error instanceof SessionError) || error.kind === "lost") throw error;
      const { dropped, left } = await dropInvalid(work, parts);
      if (error.code === "40P01" && attempt < deadlockPatience) {
        emit({ kind: "notice", message: "The server ended the index build in favour of another session that waited for it; it is begun again." });
        continue;
      }
      const remarks = [
        ...dropped.map((name) => `The INVALID index ${name} that it left was dropped.`),
        ...left.map((name) => `It left the INVALID index ${name}, which could not be dropped while others use its table: the next run drops it.`),
      ];
      throw new StepError(error, statement, sql === statement.sql ? error.offset : undefined, [...(error.detail === undefined ? [] : [error.detail]), ...remarks], error.kind === "cancelled" ? "cancelled" : "failed");
    }
  }
}

/** True where a valid one is there; INVALID ones are gone afterwards. */
async function isThere(work: Work, statement: ParsedStatement, parts: IndexParts, tried: boolean, candidates: StatementResult): Promise<boolean> {
  const { session, emit } = work;
  let found = await foundIndexes(session, parts, candidates);
  if (found.some(({ valid }) => !valid)) {
    await othersGone(work, parts);
    found = await findIndexes(session, parts);
  }
  for (const index of found.filter(({ valid }) => !valid)) await drop(work, index);
  const valid = found.find((one) => one.valid);
  // A nameless index that is made alike may be another one, unless an earlier run was at it.
  if (!valid || (parts.name === undefined && !tried)) return false;
  if (valid.same !== true) {
    throw new StepError(new Error(`There is ${valid.name} already, and it is another one: ${valid.definition}.`), statement, undefined, ["Rename or drop it, or give the index of the migration another name."]);
  }
  emit({ kind: "recovered", message: `The index ${valid.name} is there already, valid and of the same definition.` });
  return true;
}

/** Waits until nobody builds an index of the table: what looks INVALID may be about to become valid. */
async function othersGone({ session, emit, signal }: Work, parts: Pick<IndexParts, "table">): Promise<void> {
  let told = "";
  for (;;) {
    const others = await builders(session, parts);
    if (others.length === 0) return;
    const who = others.map((one) => one.split(",")[0]).join();
    if (who !== told) emit({ kind: "progress", phase: "waiting for others who change the table's indexes", waitsFor: others });
    told = who;
    await pause(300, undefined, { signal }).catch(() => {
      throw new SessionError("It was cancelled while it waited for others.", "cancelled");
    });
  }
}

async function drop({ session, emit, signal }: Work, { name }: FoundIndex): Promise<void> {
  await session.run(`drop index concurrently if exists ${name}`, signal);
  emit({ kind: "recovered", message: `The INVALID index ${name}, which an interrupted build had left, was dropped; it is built again.` });
}

/** After a failure: what can be dropped without waiting for long; `left` is for the next run. */
async function dropInvalid({ session }: Work, parts: IndexParts): Promise<{ readonly dropped: readonly string[]; readonly left: readonly string[] }> {
  const dropped: string[] = [], left: string[] = [];
  const carriedOut = (sql: string): Promise<boolean> => session.run(sql).then(() => true, (error: unknown) => {
    if (error instanceof SessionError && error.kind !== "lost") return false;
    throw error;
  });
  const found = await findIndexes(session, parts).catch((error: unknown) => {
    if (error instanceof SessionError && error.kind !== "lost") return [];
    throw error;
  });
  const invalid = found.filter(({ valid }) => !valid);
  if (invalid.length > 0) await carriedOut("set lock_timeout = '2s'");
  for (const { name } of invalid) ((await carriedOut(`drop index concurrently if exists ${name}`)) ? dropped : left).push(name);
  if (invalid.length > 0) await carriedOut("set lock_timeout = 0");
  return { dropped, left };
}

function isDropIndex({ node }: ParsedStatement): boolean {
  const drop = node["DropStmt"] as { readonly removeType?: string; readonly objects?: readonly unknown[] } | undefined;
  return drop?.removeType === "OBJECT_INDEX" && drop.objects?.length === 1;
}

async function dropIndex(work: Work, statement: ParsedStatement, seen: StatementResult): Promise<void> {
  const { session, signal, emit, parser } = work;
  const { index } = statement.effect;
  if (index && seen.rows[0]![0] === null) return emit({ kind: "recovered", message: `The index ${quoted(index)} is gone already.` });
  await watched(work, () => session.run(concurrentSql(statement, parser), signal));
}

/** What earlier attempts have left beside the index, or beside those of the table, is dropped first: each new attempt would leave one more. */
async function rebuild(work: Work, statement: ParsedStatement, seen: StatementResult): Promise<void> {
  const { session, signal, emit } = work;
  const names = seen.rows.map(([, name]) => name!);
  for (const [quotedName, name, valid, schema, table] of seen.rows) {
    const leftover = valid === "t" ? undefined : reindexLeftover(name!, names.filter((other) => other !== name));
    const wanted = statement.effect.index?.name;
    if (!leftover || (wanted !== undefined && leftover.original !== wanted)) continue;
    // Somebody else's may be in the middle of it.
    await othersGone(work, { table: { schema: schema!, name: table! } });
    await session.run(`drop index concurrently if exists ${quotedName}`, signal);
    emit({ kind: "recovered", message: `The INVALID index ${quotedName}, which an interrupted REINDEX CONCURRENTLY had left, was dropped.` });
  }
  await runPlain(work, statement, false);
}

/** The indexes of the table that is rebuilt, or of the table whose index is. */
function besidesSql({ effect }: ParsedStatement): string {
  const named = effect.index ? `(select indrelid from pg_catalog.pg_index where indexrelid = pg_catalog.to_regclass(${literal(quoted(effect.index))}))` : effect.locks[0] ? `pg_catalog.to_regclass(${literal(quoted(effect.locks[0].table))})` : "null";
  return `select format('%I.%I', n.nspname, c.relname), c.relname, i.indisvalid and i.indisready and i.indislive, n.nspname, t.relname
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = t.relnamespace where i.indrelid = ${named}`;
}

/** They may run twice. */
function isIdempotent({ node }: ParsedStatement): boolean {
  return ["VacuumStmt", "ReindexStmt", "ClusterStmt", "AlterSystemStmt", "CheckPointStmt", "DiscardStmt", "RefreshMatViewStmt"].some((tag) => tag in node);
}

/** Interrupted, it leaves the partition marked as pending, which only FINALIZE ends: https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION */
function detachedConcurrently({ node }: ParsedStatement): { readonly parent: QualifiedName; readonly partition: QualifiedName } | undefined {
  const alter = as(node, "AlterTableStmt");
  const partition = as(as(alter?.cmds?.[0], "AlterTableCmd")?.def, "PartitionCmd");
  return alter && partition?.concurrent === true ? { parent: tableName(alter.relation), partition: tableName(partition.name) } : undefined;
}

/** Codes by which a second attempt says that the first one was carried out: duplicate_database, duplicate_object, invalid_catalog_name, undefined_object, object_not_in_prerequisite_state, undefined_table. */
const doneBefore = ["42P04", "42710", "3D000", "42704", "55000", "42P01"];

async function runPlain(work: Work, statement: ParsedStatement, tried: boolean): Promise<void> {
  const { session, signal, emit } = work;
  try {
    await watched(work, () => session.run(statement.sql, signal));
  } catch (error) {
    if (!(error instanceof SessionError) || !tried || !doneBefore.includes(error.code ?? "")) throw error;
    const detached = detachedConcurrently(statement);
    if (detached && error.code === "55000") {
      const { partition, parent } = detached;
      await watched(work, () => session.run(`alter table ${quoted(parent)} detach partition ${quoted(partition)} finalize`, signal));
      return emit({ kind: "recovered", message: `An interrupted run had begun to detach ${quoted(partition)}; it is finished now.` });
    }
    emit({ kind: "recovered", message: `An interrupted run had carried out "${statement.effect.title}" already: ${error.message}` });
  }
}
