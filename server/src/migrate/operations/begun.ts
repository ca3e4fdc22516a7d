// What a migration that another tool began has left in a database: it is replayed on the embedded one, and what it makes there
// is looked for. Statements run in their order, so that the first and the last of them tell of those between that leave no trace.
import type { Session } from "../../databases/session";
import type { Migration, MigrationFolder, MigrationPart, MigrationStatus } from "../../model/migration";
import { fingerprint, seenInPublic, type Fingerprint } from "../prove/fingerprint";
import { openProving, replayOne, type ProvingPlace, type ReplayProblem } from "../prove/scratch";

/** All that it makes, nothing, or why that cannot be told (a full sentence). Rejects with a `SessionError` or `DatabaseError`. */
export async function leftBy(migration: Migration, session: Session, folder: MigrationFolder, status: readonly MigrationStatus[], place: ProvingPlace): Promise<"all" | "nothing" | { readonly why: string }> {
  const parts = partsOf(migration, place);
  if (!parts) return { why: "Its file has no statements that could be looked for." };
  const applied = status.flatMap(({ state, migration: one }) => (state === "applied" && one ? [one] : []));
  const database = await openProving([...applied, migration].map(({ up }) => up.sql), place);
  try {
    const look = (): Promise<Fingerprint> => fingerprint(database.session, [], place.signal);
    const problems: ReplayProblem[] = [];
    for (const one of applied) problems.push(...(await replayOne(one, folder, database.session, place)));
    const before = await look();
    const seen: Fingerprint[] = [];
    for (const sql of parts) {
      problems.push(...(await replayOne({ ...migration, up: { ...migration.up, sql } }, folder, database.session, place)));
      seen.push(await look());
    }
    const [problem] = problems;
    if (problem) return { why: `What it makes is not known here: ${problem.message}` };
    return judged(before, seen, seenInPublic(await fingerprint(session, [], place.signal), session.searched));
  } finally {
    await database.close();
  }
}

/** `seen`: after the first statement, then after those before the last, then after all. */
function judged(before: Fingerprint, seen: readonly Fingerprint[], actual: Fingerprint): "all" | "nothing" | { readonly why: string } {
  const after = seen.at(-1)!;
  const made = differing(before, after);
  const is = (then: Fingerprint): readonly string[] => made.filter((object) => actual.get(object) === then.get(object));
  const [there, absent] = [is(after), is(before)];
  if (made.length > 0 && there.length === made.length && differing(seen.at(-2) ?? before, after).length > 0) return "all";
  if (made.length > 0 && absent.length === made.length && differing(before, seen[0]!).length > 0) return "nothing";
  if (there.length === 0 || absent.length === 0) return { why: "Some of its statements leave nothing in the catalogue by which it could be told whether they have run." };
  const [some, others] = [there, made.filter((object) => !there.includes(object))].map((objects) => `${objects.slice(0, 3).join(", ")}${objects.length > 3 ? ` and ${objects.length - 3} more` : ""}`);
  return { why: `Of what it makes, this is there: ${some}; and this is not: ${others}.` };
}

function differing(one: Fingerprint, other: Fingerprint): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((object) => one.get(object) !== other.get(object));
}

/** The text up to the second statement, up to the last, and the rest; fewer where there are fewer. Settings stand before each. */
function partsOf({ up }: { readonly up: Pick<MigrationPart, "sql"> }, { parser }: ProvingPlace): readonly string[] | undefined {
  const { statements, error } = parser.parse(up.sql);
  const [first, second] = statements.filter(({ node }) => !("VariableSetStmt" in node));
  const last = statements.findLast(({ node }) => !("VariableSetStmt" in node));
  if (error || !first || !last) return undefined;
  const settings = statements.flatMap(({ node, sql }) => ("VariableSetStmt" in node ? [`${sql};\n`] : [])).join("");
  const cuts = [...new Set([0, ...(second ? [second.start, last.start] : [])])];
  return cuts.map((from, at) => `${at === 0 ? "" : settings}${up.sql.slice(from, cuts[at + 1])}`);
}
