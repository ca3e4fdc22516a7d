// What the language server and its own client say to each other beyond the Language Server Protocol. A client that
// knows none of it gets everything that the protocol itself can carry.
import type { Severity } from "../model/finding";

/** `initializationOptions`: all optional, so that any editor can start the server. */
export interface InitializationOptions {
  /** Settings as under `plumbline.` in VS Code, for clients without `workspace/configuration`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Commands that the client itself runs when a code lens or a code action names them (see `clientCommands`). */
  readonly commands?: readonly string[];
}

/** Commands that a client may implement; without them, the code lenses only inform and nothing is put on the clipboard. */
export const clientCommands = {
  /** Arguments: the SQL. Puts it on the clipboard. */
  copySql: "plumbline.copySql",
  /** Arguments: uri, position, locations, all as the protocol has them. Shows the places in a peek view. */
  showPlaces: "plumbline.showPlaces",
  /** No arguments. Lets the user choose among what `missingIndexes` gives, and hands the chosen to `addIndexes`. */
  chooseIndexes: "plumbline.chooseIndexes",
} as const;

/** Commands of the server, for `workspace/executeCommand`. */
export const serverCommands = {
  /** Arguments: a document's URI. Adds all missing indexes of the file through `workspace/applyEdit`; answers with an `Outcome`. */
  fixFile: "plumbline.server.fixFile",
  /** No arguments. The same for every file of the workspace. */
  fixWorkspace: "plumbline.server.fixWorkspace",
  /** No arguments. Answers with all missing indexes: `IndexChoice[]`. */
  missingIndexes: "plumbline.server.missingIndexes",
  /** Arguments: the ids of some of `missingIndexes`. Adds these, as `fixFile` does. */
  addIndexes: "plumbline.server.addIndexes",
  /** Arguments: a document's URI and a position. Answers with the SQL of the findings there, or null. */
  createIndexSql: "plumbline.server.createIndexSql",
  /** No arguments. Reads everything anew and answers with a `Status`. */
  check: "plumbline.server.check",
  /** No arguments. Answers with the text of a baseline file for each workspace folder: `FolderBaseline[]`. */
  baseline: "plumbline.server.baseline",
} as const;

/** What an applying command did: how many indexes it wrote, and what it could not. */
export interface Outcome {
  readonly written: number;
  readonly refused: readonly string[];
}

/** A missing index that may be added. */
export interface IndexChoice {
  readonly id: string;
  /** `orders.client_id`. */
  readonly label: string;
  /** Why it is missed, as a sentence. */
  readonly reason: string;
  /** URIs of the schema files that miss it, two where a Drizzle and a Prisma schema are a pair: it is written into both. */
  readonly files: readonly string[];
}

/** The findings of today as a baseline file's text. */
export interface FolderBaseline {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly text: string;
  readonly findings: number;
}

export const statusMethod = "plumbline/status";

/** Sent with `statusMethod` after each change of these figures. */
export interface Status {
  readonly findings: Readonly<Record<Severity, number>>;
  /** Foreign keys that no index serves: findings whose fix adds an index. */
  readonly uncovered: number;
  readonly schemas: number;
  readonly tables: number;
}
