// Proves every file of a folder, those written by hand included: with rows in every table each is carried up, down where
// there is a way, and up again; schemas, counts and values are compared in between. Nothing but a throw-away database is changed.
import { standInNote, standInsFor } from "../../databases/embedded/stand-ins";
import type { Migration, MigrationFolder } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import { runsTable } from "../journal/history";
import type { MigrationProof, ProofStep } from "../proof";
import { RunError } from "../run/progress";
import { down, up } from "../run/runner";
import { assumedExtensions, assumedNote, lackingReason } from "./extensions";
import { differencesOf, fingerprint } from "./fingerprint";
import { beyondEmbedded, isMissingObject } from "./limits";
import { castsIn, type Casts } from "./rows/casts";
import { fillTables, type Filled } from "./rows/fill";
import { lostOnTheWayUp, notBroughtBack, readRows } from "./rows/kept";
import { openProving, replay, type ProvingDatabase, type ProvingPlace } from "./scratch";

export interface FolderProofListener {
  /** Numbers from 1. */
  begins?(migration: Migration, number: number, of: number): void;
  ended?(proof: MigrationProof): void;
}

/** In the folder's order. Rejects with a `DatabaseError` where PGlite cannot run, and where it was cancelled. */
export async function proveFolder(folder: MigrationFolder, place: ProvingPlace, listener: FolderProofListener = {}): Promise<readonly MigrationProof[]> {
  const scripts = folder.migrations.flatMap(({ up: forwards, down: back }) => [forwards.sql, back?.sql ?? ""]);
  const proofs: MigrationProof[] = [];
  const bench = new Bench(folder, scripts, place);
  try {
    for (const [at, migration] of folder.migrations.entries()) {
      listener.begins?.(migration, at + 1, folder.migrations.length);
      const start = Date.now();
      const proof = { migration, ...(await proveOne(bench, at)), milliseconds: Date.now() - start };
      proofs.push(proof);
      listener.ended?.(proof);
    }
  } finally {
    await bench.close();
  }
  return proofs;
}

type Outcome = Omit<MigrationProof, "migration" | "milliseconds">;

const meant = 'Where that is meant, write "-- irreversible: why" into its down part.';

/** What the generator writes above a way back that makes empty what was lost, or leaves what was filled in, and authors may as well. */
const saysGone = /^[ \t]*--.*\b(?:(?:values|rows) are gone|values stay filled in)\b/im;

async function proveOne(bench: Bench, at: number): Promise<Outcome> {
  const migration = bench.folder.migrations[at]!;
  const steps: ProofStep[] = [], problems: string[] = [];
  const notes = [...(await bench.fill()), ...(await bench.givenTo(migration))];
  const ended = (): Outcome => ({ state: problems.length > 0 ? "failed" : "proved", steps, problems, notes });
  const before = await bench.look();

  const failure = await bench.carry("up", at);
  if (failure) return { ...(await afterFailure(bench, at, failure)), steps, notes };
  steps.push("up", ...(migration.verify ? ["verify" as const] : []));
  const after = await bench.look();
  const said = bench.lossesOf(migration);
  const gone = lostOnTheWayUp(before.rows, after.rows);
  if (!migration.down) {
    notes.push(migration.irreversible === undefined ? "It has no down part, so no way back was tried." : `It has no way back: ${migration.irreversible}.`, ...said);
    if (migration.irreversible === undefined) problems.push(...gone.map((loss) => `Up: ${loss} ${meant}`));
    else notes.push(...gone.map((loss) => `Up: ${loss}`));
    return ended();
  }

  const declared = saysGone.test(migration.down.sql);
  if (declared) notes.push(...said);
  const wayBack = await bench.carry("down", at);
  if (wayBack) {
    const onRowsAlone = declared && codeOf(wayBack) === "23502";
    (onRowsAlone ? notes : problems).push(onRowsAlone ? `Down does not run where rows stand, as it says: ${wayBack.message}` : `Down: ${wayBack.message}`);
    await bench.restart(at + 1);
    return ended();
  }
  steps.push("down");
  const back = await bench.look();
  problems.push(...differencesOf(before.objects, back.objects, "After down"));
  const lost = notBroughtBack(before.rows, back.rows);
  if (declared) notes.push(...lost.map((loss) => `After up and down, as it says: ${loss}`));
  else problems.push(...lost.map((loss) => `After up and down: ${loss} ${meant}`));

  const again = await bench.carry("up", at);
  if (again) {
    problems.push(`Up again, after down: ${again.message}`);
    await bench.restart(at + 1);
    return ended();
  }
  steps.push("up again");
  problems.push(...differencesOf(after.objects, (await bench.look()).objects, "After up, down and up again"));
  return ended();
}

/** Up did not run: because of the rows, because the embedded database cannot, or because it is wrong. */
async function afterFailure(bench: Bench, at: number, failure: RunError): Promise<Pick<Outcome, "state" | "problems">> {
  const [lacking] = isMissingObject(failure.cause) ? (await bench.assumedBy(bench.folder.migrations[at]!)).lacking : [];
  const why = beyondEmbedded(failure.cause) ?? (lacking !== undefined ? lackingReason(lacking) : undefined) ?? (bench.incomplete !== undefined && isMissingObject(failure.cause) ? `${bench.incomplete} before it did not run here in full` : undefined);
  if (why !== undefined) {
    await bench.restart(at + 1);
    return { state: "not proved", problems: [`${failure.message} The embedded database cannot run it: ${why}.`] };
  }
  if (!bench.hasRows) {
    await bench.restart(at + 1);
    return { state: "failed", problems: [failure.message] };
  }
  await bench.restart(at);
  const empty = await bench.carry("up", at);
  if (!empty) return { state: "failed", problems: [`${failure.message} On empty tables it runs: rows like those that were made up for the test stand in its way.`] };
  await bench.restart(at + 1);
  return { state: "failed", problems: [empty.message] };
}

function codeOf({ cause }: RunError): string | undefined {
  return (cause as { readonly code?: string } | undefined)?.code;
}

/** The database on which a folder is proved, and how far it has come. It is made anew where a file leaves it in no known state. */
class Bench {
  /** Of the first file that did not run in full: what later ones miss may be its. */
  incomplete: string | undefined;
  private filled: Filled = new Map();
  private database: ProvingDatabase | undefined;
  private readonly without: readonly QualifiedName[];
  private readonly casts: Casts;

  constructor(readonly folder: MigrationFolder, private readonly scripts: readonly string[], private readonly place: ProvingPlace) {
    this.without = [folder.journal, { ...folder.journal, name: runsTable }];
    this.casts = castsIn(folder.migrations.map(({ up }) => up.sql));
  }

  get hasRows(): boolean {
    return this.filled.size > 0;
  }

  /** Full sentences: tables for which no rows could be made up. */
  async fill(): Promise<readonly string[]> {
    return fillTables((await this.open()).session, this.without, this.filled, this.place.signal, this.casts);
  }

  async look() {
    const { session } = await this.open();
    return { objects: await fingerprint(session, this.without, this.place.signal), rows: await readRows(session, this.without, this.place.signal) };
  }

  /** Undefined: it ran, and is recorded or no longer so. */
  async carry(direction: "up" | "down", at: number): Promise<RunError | undefined> {
    const context = (await this.open()).context({ ...this.folder, migrations: this.folder.migrations.slice(0, at + 1), problems: [] });
    const options = { lossesConfirmed: true, ...(this.place.signal && { signal: this.place.signal }) };
    try {
      await (direction === "up" ? up(context, options) : down(context, options));
      return undefined;
    } catch (error) {
      if (error instanceof RunError && error.kind !== "cancelled" && error.kind !== "lost") return error;
      throw error;
    }
  }

  /** A new database with the first `count` files in it, as far as they run, and no rows. */
  async restart(count: number): Promise<void> {
    await this.close();
    this.filled = new Map();
    const [problem] = await replay(this.folder.migrations.slice(0, count), this.folder, await this.open(), this.place);
    this.incomplete = problem?.migration.id;
  }

  /** Full sentences: what the statements themselves say is lost. */
  lossesOf({ up: { sql } }: Migration): readonly string[] {
    return this.place.parser.parse(sql).statements.flatMap(({ effect }) => effect.loss ?? []);
  }

  /** Full sentences, where the migration speaks of what a server's provider gives, or uses an extension that none makes. */
  async givenTo(migration: Migration): Promise<readonly string[]> {
    const given = new Set(standInsFor(this.scripts).names);
    const note = standInNote(standInsFor([migration.up.sql]).names.filter((name) => given.has(name)));
    return [...(note === undefined ? [] : [note]), ...(await this.assumedBy(migration)).given.map(assumedNote)];
  }

  /** Of the extensions that no migration makes, those that this one uses. */
  async assumedBy({ up: { sql } }: Migration): Promise<ProvingDatabase["extensions"]> {
    const { given, lacking } = (await this.open()).extensions;
    if (given.length + lacking.length === 0) return { given, lacking };
    const used = assumedExtensions([sql], this.place.parser);
    return { given: given.filter((name) => used.includes(name)), lacking: lacking.filter((name) => used.includes(name)) };
  }

  async close(): Promise<void> {
    await this.database?.close();
    this.database = undefined;
  }

  private async open(): Promise<ProvingDatabase> {
    return (this.database ??= await openProving(this.scripts, this.place));
  }
}
