// What the client asks of migrations: which there are, what a run would do, the run itself with its progress, and what
// proves them. Each request reads folder and database anew; a run is followed by a reading of the database.
import type { Connection } from "vscode-languageserver/node";
import { DatabaseError } from "../databases/database";
import { SessionError } from "../databases/session";
import type { RunRequest } from "../migrate/operations/operations";
import type { WrittenFile } from "../migrate/folders/folder-format";
import { RunError, UnconfirmedError, UndecidedError, type RunResult } from "../migrate/run/progress";
import type { MigrationStatus } from "../model/migration";
import type { Described, Steps } from "./database-connection";
import { targetOf as databaseOf, type TargetParts } from "./database-target";
import { editorWords } from "./editor-words";
import { generateMigration, migrationFiles, subjects } from "./migration-generating";
import { historyPage } from "./migration-history-page";
import { listsOf, messageOf } from "./migration-lists";
import { MigrationRefusal, openProjects, projectOf, targetOf, type MigrationParts, type OpenProject } from "./migration-operations";
import { planAnswer } from "./migration-plan-page";
import { runTeller } from "./migration-progress";
import type { Texts } from "./place";
import { follow, signalOf, type CancellableCommands, type Followed } from "./progress";
import { serverCommands, writeMigrationMethod, type CompareMigrationsRequest, type GenerateMigrationRequest, type MigrationHistoryAnswer, type MigrationList, type MigrationPlan, type MigrationProject, type MigrationTarget, type PlanMigrationsRequest, type RunMigrationsAnswer, type RunMigrationsRequest, type VerifyMigrationsAnswer } from "./protocol";

export interface MigrationsParts extends MigrationParts, TargetParts {
  readonly connection: Connection;
  readonly texts: Texts;
  /** A line for the log. */
  log(message: string): void;
}

export function serveMigrations({ connection: client, texts, log, ...parts }: MigrationsParts): CancellableCommands {
  /** Those that are shown beside the connected ones. */
  let beside: readonly Described[] = [];

  async function list({ token }: Followed): Promise<readonly MigrationList[]> {
    if (!parts.databases.trusted()) return [];
    const projects = await openProjects(parts);
    return (await Promise.all(projects.map((project) => listsOf(project, beside, signalOf(token))))).flat();
  }

  async function compare({ databases }: CompareMigrationsRequest, followed: Followed): Promise<readonly MigrationList[]> {
    if (!parts.databases.trusted()) return [];
    beside = await Promise.all(databases.map(async ({ root, name, password }) => {
      const folder = parts.workspace.folders.find((one) => one.root === root);
      if (!folder) throw new MigrationRefusal(`The folder ${root} is not open.`);
      const target = await databaseOf({ target: { kind: "named", name }, ...(password !== undefined && { password }) }, folder, parts);
      if (target.kind !== "ready") throw new MigrationRefusal(`"${name}" cannot be shown beside others.`);
      return target.described;
    }));
    return list(followed);
  }

  async function plan({ direction, count, to, ...target }: PlanMigrationsRequest, followed: Followed): Promise<MigrationPlan> {
    return contained(async () => {
      const project = await projectOf(target, parts);
      const { connection, target: on } = targetOf(project, target.database, "read");
      const made = await follow(client, `Plumbline: ${connection.name}`, followed, ({ signal, tell }) => {
        tell("planning");
        return project.operations.plan({ target: on, direction, signal, ...(count !== undefined && { count }), ...(to !== undefined && { to }) });
      });
      return planAnswer(made, connection, project.root);
    });
  }

  async function run({ action, count, to, typed, resolved, shown, ...target }: RunMigrationsRequest, followed: Followed): Promise<RunMigrationsAnswer> {
    try {
      const project = await projectOf(target, parts);
      const { connection, target: on } = targetOf(project, target.database, "write");
      if (connection.production && typed !== connection.name) throw new MigrationRefusal(`"${connection.name}" is production's: nothing runs on it before its name was typed.`);
      if (typed !== undefined && typed !== connection.name) throw new MigrationRefusal(`What was typed is not the name of the database "${connection.name}". Nothing was run.`);
      return await follow(client, `Plumbline: ${titles[action]} ${connection.name}`, followed, async (steps) => {
        const teller = runTeller(steps.tell, (line) => log(`${connection.name}: ${line}`));
        const request: RunRequest = {
          target: on, lossesConfirmed: shown !== undefined && typed === connection.name, signal: steps.signal, onEvent: teller.event,
          ...(shown && { shown }), ...(typed !== undefined && { confirmed: typed }), ...(count !== undefined && { count }), ...(to !== undefined && { to }),
        };
        steps.tell(action === "baseline" ? `comparing the database with ${target.schema === null ? "what the files lead to" : "the code"}` : "reading what the database records");
        const start = Date.now();
        try {
          const { done } = action === "baseline" ? await project.operations.baseline({ ...request, write: (files) => writeFirst(files, project) })
            : action === "repair" ? await project.operations.repair({ ...request, ...(resolved && { resolved }) })
            : await project.operations[action](request);
          return { kind: "done", migrations: idsOf(done), milliseconds: Date.now() - start, notices: teller.notices } as const;
        } finally {
          await parts.databases.reread(connection, { signal: new AbortController().signal, tell: steps.tell });
        }
      });
    } catch (error) {
      const message = messageOf(error);
      const stopped = error instanceof MigrationRefusal || (error instanceof RunError && !["failed", "verify failed", "cancelled", "lost"].includes(error.kind));
      const undecided = error instanceof RunError && error.cause instanceof UndecidedError ? error.cause.migrations : undefined;
      const unconfirmed = error instanceof RunError && error.cause instanceof UnconfirmedError ? error.cause.shown : undefined;
      return { kind: error instanceof RunError && error.kind === "cancelled" ? "cancelled" : "failed", message, done: error instanceof RunError ? idsOf(error.result.done) : [], stopped, ...(undecided && { undecided }), ...(unconfirmed && { unconfirmed }) };
    }
  }

  /** The first migration of a project that had none, as the client writes it: an edit that can be undone. */
  async function writeFirst(files: readonly WrittenFile[], project: OpenProject): Promise<string | undefined> {
    const failure = await client.sendRequest<string | null>(writeMigrationMethod, migrationFiles(files, project, { texts, files: parts.files }));
    project.files.forget();
    return failure ?? undefined;
  }

  async function verify(target: MigrationTarget, followed: Followed): Promise<VerifyMigrationsAnswer> {
    return proved(target, followed, `Plumbline: ${target.database}`, async (project, { signal, tell }) => {
      tell("verifying the migrations");
      const { status, problems, notes } = await project.operations.verify(targetOf(project, target.database, "read").target, signal);
      return { problems: [...status.flatMap((one) => problemOf(one) ?? []), ...problems], notes };
    });
  }

  const history = (target: MigrationTarget, followed: Followed): Promise<MigrationHistoryAnswer> =>
    contained(async () => {
      const project = await projectOf(target, parts);
      const { connection, target: on } = targetOf(project, target.database, "read");
      return { kind: "history", markdown: historyPage(await project.operations.history(on, signalOf(followed.token)), connection) } as const;
    });

  const test = (which: MigrationProject, followed: Followed): Promise<VerifyMigrationsAnswer> =>
    proved(which, followed, "Plumbline: testing the migrations", async (project, { signal, tell }) => {
      const proofs = await project.operations.test({ begins: ({ id }, number, of) => tell(`${number} of ${of}: ${id}`) }, signal);
      return {
        problems: proofs.flatMap(({ migration, state, problems }) => problems.map((problem) => `${migration.id} ${state === "failed" ? "failed" : "is not proved"}: ${problem}`)),
        notes: proofs.flatMap(({ migration, notes }) => notes.map((note) => `${migration.id}: ${note}`)),
      };
    });

  async function proved(which: MigrationProject, followed: Followed, title: string, prove: (project: OpenProject, steps: Steps) => Promise<Pick<Verified, "problems" | "notes">>): Promise<VerifyMigrationsAnswer> {
    return contained(async () => {
      const project = await projectOf(which, parts);
      const { problems, notes } = await follow(client, title, followed, (steps) => prove(project, steps));
      return { kind: "verified", migrations: project.operations.folder?.migrations.length ?? 0, problems: [...new Set(problems)].map(editorWords), notes: notes.map(editorWords) };
    });
  }

  return {
    [serverCommands.migrations]: (_, followed) => list(followed),
    [serverCommands.compareMigrations]: ([request], followed) => contained(async () => ({ kind: "compared", lists: await compare(request as CompareMigrationsRequest, followed) })),
    [serverCommands.migrationSubjects]: () => (parts.databases.trusted() ? subjects(parts.workspace, parts.databases, texts) : []),
    [serverCommands.generateMigration]: ([request], followed) => contained(() => follow(client, "Plumbline: generating the migration", followed, (steps) => generateMigration(request as GenerateMigrationRequest, { ...parts, texts, capabilities: { documentChanges: true, annotations: false } }, steps))),
    [serverCommands.planMigrations]: ([request], followed) => plan(request as PlanMigrationsRequest, followed),
    [serverCommands.runMigrations]: ([request], followed) => run(request as RunMigrationsRequest, followed),
    [serverCommands.verifyMigrations]: ([target], followed) => verify(target as MigrationTarget, followed),
    [serverCommands.migrationHistory]: ([target], followed) => history(target as MigrationTarget, followed),
    [serverCommands.testMigrations]: ([which], followed) => test(which as MigrationProject, followed),
  };
}

type Verified = Extract<VerifyMigrationsAnswer, { readonly kind: "verified" }>;

const titles: Readonly<Record<RunMigrationsRequest["action"], string>> = { up: "migrating", down: "migrating down", to: "migrating", repair: "repairing", baseline: "recording the baseline in" };

/** Where none is given, one of the folder's problems tells. */
function problemOf({ state, message }: MigrationStatus): string | undefined {
  return state === "applied" || state === "pending" ? undefined : message;
}

const idsOf = (done: RunResult["done"]): readonly string[] => done.map(({ migration }) => migration.id);

/** What people can mend is an answer; Plumbline's own mistakes stay failures. */
async function contained<Answer>(work: () => Promise<Answer>): Promise<Answer | { readonly kind: "cancelled" } | { readonly kind: "failed"; readonly message: string }> {
  try {
    return await work();
  } catch (error) {
    if ((error instanceof DatabaseError || error instanceof SessionError || error instanceof RunError) && error.kind === "cancelled") return { kind: "cancelled" };
    return { kind: "failed", message: messageOf(error) };
  }
}
