// Whether a view that stands is the code's: where the owner's record has the code's very words it is, and else the embedded
// PostgreSQL is asked, over the schema that stands. A view of which that cannot be said is left as it is, and told.
import { viewAnswers, viewPairs, viewQuestions, withViewsOf, type ViewPair } from "../../compare/views";
import { modelRecipe } from "../../databases/embedded/recipe";
import { postgres } from "../../dialects/postgres";
import type { MigrationFolder } from "../../model/migration";
import type { QualifiedName, SchemaModel } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { Files } from "../../sources/source";
import type { RecordedObject } from "../folders/drizzle-recorded";
import { tellOfMoreThanTables } from "../generate/step";
import { viewsInOrder } from "../generate/views";
import { replayRecipe } from "../prove/extensions";
import { askEmbedded } from "./asking";
import type { ScratchPlace } from "./reading";

export interface ViewsInWords {
  /** `standing` with the code's words in every view that is the same. */
  readonly standing: SchemaModel;
  /** Of these it could not be said. */
  readonly unsure: readonly QualifiedName[];
}

export interface ViewWordsParts {
  readonly recorded: readonly RecordedObject[];
  /** Given where `standing` is what the folder's migrations lead to. */
  readonly folder?: MigrationFolder;
  readonly files: Pick<Files, "read">;
  readonly scratch: ScratchPlace;
}

/** Rejects with a `DatabaseError` where it is cancelled. */
export async function viewsInWordsOf(wanted: SchemaModel, standing: SchemaModel, { recorded, folder, files, scratch }: ViewWordsParts, signal?: AbortSignal): Promise<ViewsInWords> {
  const pairs = standing.source === "database" && tellOfMoreThanTables(wanted, standing) ? viewPairs(wanted, standing) : [];
  if (pairs.length === 0) return { standing, unsure: [] };
  const texts = new Map(recorded.flatMap((one) => (one.definition === undefined ? [] : [[tableKey(one.name), one.definition] as const])));
  const known = pairs.filter((pair) => texts.get(tableKey(pair.standing.name)) === pair.wanted.definition);
  const open = pairs.filter((pair) => !known.some((one) => one.standing === pair.standing || one.wanted === pair.wanted));
  const answers = await asked(open, standing, { ...(folder && { folder }), files, scratch }, signal);
  const same = open.filter((_, at) => answers[at] === "same");
  // What the owner recorded in other words has changed, if nobody can say that it has not.
  const unsure = open.filter((pair, at) => answers[at] === "unknown" && tableKey(pair.standing.name) === tableKey(pair.wanted.name) && !texts.has(tableKey(pair.standing.name)));
  return { standing: withViewsOf(standing, [...known, ...same, ...unsure]), unsure: unsure.map(({ wanted: { name } }) => name) };
}

async function asked(pairs: readonly ViewPair[], standing: SchemaModel, { folder, files, scratch }: Omit<ViewWordsParts, "recorded">, signal: AbortSignal | undefined): Promise<readonly ReturnType<typeof viewAnswers>[number][]> {
  if (pairs.length === 0) return [];
  const recipe = folder ? await replayRecipe(folder, files) : modelRecipe(standing);
  // One that needs what no schema holds is left out, and nothing is known of it then.
  const views = folder ? [] : viewsInOrder(standing.views ?? []).map((view) => ({ text: postgres.sql({ kind: "add-view", view: { ...view, ...(view.materialized && { withNoData: true }) } })!.join("\n") }));
  const rows = recipe && (await askEmbedded({ ...recipe, scripts: [...recipe.scripts, ...views] }, viewQuestions(pairs), scratch, signal));
  return viewAnswers(pairs, rows ?? []);
}
