// `plumbline rules` lists the rules, `plumbline explain <rule>` tells one in full.
import { configurable } from "../config";
import { didYouMean } from "../nearest";
import { rulePage } from "../report/rule-page";
import type { Rule } from "../rules/rule";
import { rules as registry } from "../rules/registry";
import type { PlainFormat } from "./arguments";
import { refuse } from "./check";
import { exit, type Terminal } from "./terminal";

export function listRules(format: PlainFormat, terminal: Terminal): number {
  const all = [...configurable(registry)].sort(([one], [other]) => (one < other ? -1 : 1));
  if (format === "json") {
    terminal.write(`${JSON.stringify({ version: 1, rules: all.map(([id, { severity, summary }]) => ({ id, severity, summary, page: rulePage(id) })) }, undefined, 2)}\n`);
    return exit.clean;
  }
  const { colors } = terminal;
  const width = Math.max(...all.map(([id]) => id.length));
  const paint = { error: colors.red, warning: colors.yellow, information: colors.blue, hint: colors.dim, off: colors.dim };
  for (const [id, { severity, summary }] of all) terminal.write(`${colors.bold(id.padEnd(width))}  ${paint[severity](severity.padEnd(11))}  ${summary}\n`);
  terminal.tell(`\nplumbline explain <rule> tells more; plumbline.config.json sets severities: { "rules": { "fk/unindexed": "error" } }`);
  return exit.clean;
}

export function explain(id: string, terminal: Terminal): number {
  const known = configurable(registry).get(id);
  if (!known) return refuse(`There is no rule "${id}"${didYouMean(id, configurable(registry).keys()) || "."}\nplumbline rules lists them.`, terminal);
  const { colors } = terminal;
  const rule: Partial<Rule> = registry.get(id) ?? {};
  const lines = [`${colors.bold(id)}  ${colors.dim(known.severity)}`, known.summary, ""];
  if (rule.why !== undefined) lines.push(rule.why.trim(), "");
  for (const [title, example] of [["Bad", rule.bad], ["Good", rule.good]] as const) {
    for (const [language, code] of [["Drizzle", example?.drizzle], ["Prisma", example?.prisma], ...Object.entries(example?.migrations ?? {})] as const) {
      if (code !== undefined) lines.push(colors.cyan(`${title}, ${language}`), ...code.trim().split("\n").map((line) => `    ${line}`), "");
    }
  }
  const options = Object.entries(rule.options ?? {});
  if (options.length > 0) lines.push(colors.cyan("Options"), ...options.map(([name, option]) => `    ${name}: ${option.description} Default: ${JSON.stringify(option.default)}.`), "");
  lines.push(colors.cyan("Configure"), `    { "rules": { "${id}": "${known.severity === "error" ? "warning" : "error"}" } }`, colors.cyan("Suppress"), `    ${rule.bad?.migrations === undefined ? "//" : "--"} plumbline-disable-next-line ${id} -- reason`, "", rulePage(id));
  terminal.write(`${lines.join("\n")}\n`);
  return exit.clean;
}
