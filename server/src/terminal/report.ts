// `plumbline report`: how a database is doing, for people, scripts and Prometheus. It judges nothing: `check` does.
import { healthJson, prettyHealth } from "../report/health";
import { prometheus } from "../report/prometheus";
import type { HealthFormat } from "./arguments";
import { refuse } from "./check";
import { tellProblems, withDatabase } from "./database";
import { exit, type Terminal } from "./terminal";
import { modelsOf, openWorkspace, type WorkspaceOptions } from "./workspace";

export interface ReportOptions extends WorkspaceOptions {
  readonly format: HealthFormat;
  /** A URL, the name of a connection, or "embedded"; undefined: the connection that the workspace's files name. */
  readonly database?: string;
}

/** Exit code 0 where the database could be read. */
export async function report(options: ReportOptions, terminal: Terminal): Promise<number> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  const health = await withDatabase({ name: options.database, workspace, terminal, schemas: () => modelsOf(workspace, [], options) }, async (database, signal) => {
    const { readHealth } = await import("../databases/health");
    terminal.progress(`Reading ${database.name}`);
    return readHealth(database, signal);
  });
  if ("kind" in health) return refuse(health.message, terminal);
  switch (options.format) {
    case "pretty":
      terminal.write(prettyHealth(health, terminal));
      break;
    case "json":
      terminal.write(healthJson(health));
      break;
    case "prometheus":
      terminal.write(prometheus(health));
      break;
  }
  tellProblems(health, terminal);
  return exit.clean;
}
