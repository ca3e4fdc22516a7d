// What Plumbline and the process of the embedded PostgreSQL say to each other. Plain data; each request has one answer.

/** A piece of SQL to build a database from: a migration file, or statements that Plumbline made itself. */
export interface Script {
  /** Absolute path with `/`; absent for Plumbline's own statements. */
  readonly file?: string;
  readonly text: string;
}

export type Request =
  /** Opens the database that a snapshot file holds; nothing is open before. */
  | { readonly kind: "open"; readonly snapshot: string; readonly extensions: readonly string[] }
  /** Makes more extensions ready in what is open. */
  | { readonly kind: "extend"; readonly extensions: readonly string[] }
  /** Runs the scripts in turn; what PostgreSQL refuses is reported, and the statements after it run all the same. */
  | { readonly kind: "apply"; readonly scripts: readonly Script[] }
  /** Writes a snapshot of what is open to `file`, whole or not at all. */
  | { readonly kind: "save"; readonly file: string }
  /** One statement with parameters, in a READ ONLY transaction. */
  | { readonly kind: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  /** Several statements in one message, which commit or roll back by themselves; answered with the rows of each. */
  | { readonly kind: "script"; readonly sql: string }
  /** One message of the simple protocol, answered as a server over the wire does: an error ends it, and leaves an open transaction open. */
  | { readonly kind: "message"; readonly sql: string }
  /** `COPY … FROM '/dev/blob'`: the data in COPY's text format. */
  | { readonly kind: "copy"; readonly sql: string; readonly data: Uint8Array };

/** A statement that PostgreSQL refused. */
export interface Refused {
  /** Which of the scripts, from 0. */
  readonly script: number;
  /** UTF-16 offsets in the script: the place that PostgreSQL names, else the whole statement. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly code?: string;
  readonly sql: string;
}

/** What a server answers to a message: results up to the error, if there is one. */
export interface Reply {
  readonly results: readonly { readonly command: string; readonly fields: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }[];
  readonly notices: readonly string[];
  readonly error?: { readonly message: string; readonly code?: string; /** In characters, from 1. */ readonly position?: string; readonly detail?: string; readonly hint?: string };
}

export type Rows = readonly (readonly unknown[])[];

export type Answer =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly refused: readonly Refused[] }
  | { readonly kind: "rows"; readonly rows: Rows }
  | { readonly kind: "results"; readonly results: readonly Rows[] }
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "copied"; readonly rows: number }
  | { readonly kind: "failed"; readonly message: string; readonly code?: string };

export interface Numbered<Content> {
  readonly number: number;
  readonly content: Content;
}
