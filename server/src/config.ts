// The settings: one type, one parser, defaults. The JSON schema and the VS Code settings are generated from it.
import type { Severity } from "./model/finding";

export interface RuleConfig {
  readonly severity?: Severity | "off";
  readonly [option: string]: unknown;
}

export interface Config {
  /** Paths or globs of schemas, relative to the config file; empty: found by ORM configs and content. */
  readonly schemas: readonly string[];
  /** Globs of files that are never read. */
  readonly exclude: readonly string[];
  /** By rule id, or by `group/*`. */
  readonly rules: Readonly<Record<string, RuleConfig>>;
  /** Pattern for names of new indexes with {table}, {columns}, {column}; undefined: the project's own dominant one. */
  readonly indexName?: string;
  /** Pairs of schemas (ids or paths) that describe one database; undefined: found by itself; empty: none. */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Path of the baseline file, relative to the config file. */
  readonly baseline?: string;
}

export const defaults: Config = { schemas: [], exclude: [], rules: {} };
