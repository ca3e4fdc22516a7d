// What ran on a database when, for how long and how it ended, as a Markdown page, the newest first. Every name of others is
// escaped.
import type { MigrationRun } from "../migrate/journal/history";
import { counted } from "../report/counted";
import { escapeMarkdown } from "../report/markdown";
import { duration } from "./migration-plan-page";

/** `runs` as the database records them, the oldest first; `address` is user, host and database. */
export function historyPage(runs: readonly MigrationRun[], { name, address, production }: { readonly name: string; readonly address: string; readonly production: boolean }): string {
  const failed = runs.filter(({ outcome }) => outcome === "failed" || outcome === "unfinished").length;
  const summary = runs.length === 0 ? "The database records no run." : `${counted(runs.length, "run")}${failed > 0 ? `, ${failed} of them ended badly` : ""}.`;
  const known = runs.some(({ by }) => by !== undefined);
  const line = (cells: readonly string[], by: string): string => `| ${[...cells, ...(known ? [by] : [])].join(" | ")} |`;
  const rows = [...runs].reverse().map(({ at, id, direction, outcome, milliseconds, by, failure }) =>
    line([at === undefined ? "" : unbroken(`${at.slice(0, 19).replace("T", " ")} UTC`), escapeMarkdown(id), `${words[outcome][direction]}${failure === undefined ? "" : `: ${escapeMarkdown(failure)}`}`, milliseconds === undefined ? "" : unbroken(duration(milliseconds))], by === undefined ? "" : escapeMarkdown(by)));
  return [
    `# Migrations run on ${escapeMarkdown(name)}`,
    `${escapeMarkdown(address)}${production ? ", **production**" : ""}. ${summary}`,
    ...(rows.length === 0 ? [] : [[line(["When", "Migration", "What", "Took"], "By"), line(["---", "---", "---", "---"], "---"), ...rows].join("\n")]),
  ].join("\n\n") + "\n";
}

/** In a narrow window a cell would be broken at each space and hyphen. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011");
}

const words: Readonly<Record<MigrationRun["outcome"], Readonly<Record<MigrationRun["direction"], string>>>> = {
  done: { up: "applied", down: "taken back" },
  failed: { up: "**failed**", down: "**failed** on the way back" },
  cancelled: { up: "cancelled", down: "cancelled on the way back" },
  unfinished: { up: "**not finished**", down: "**not finished** on the way back" },
  baseline: { up: "recorded as applied", down: "taken out of the record" },
};
