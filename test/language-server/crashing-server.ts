// The language server with a rule and a source that throw: the entry of a bundle of its own, for the test that a crash
// is contained.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Rule } from "../../server/src/rules/rule";
import { rules } from "../../server/src/rules/registry";
import { startServer } from "../../server/src/server";
import { sources } from "../../server/src/sources/registry";
import type { Source } from "../../server/src/sources/source";

const throwing: Rule = {
  summary: "Throws.", why: "", severity: "warning", bad: {}, good: {},
  checkTable(table) {
    if (table.name.name === "orders") throw new Error("the rule broke");
    return [];
  },
};
(rules as Map<string, Rule>).set("test/throwing", throwing);

const broken: Source = {
  name: "sql",
  owns: (file) => file.endsWith(".sql"),
  open: () => ({
    discover: () => [{ id: "broken.sql", source: "sql", files: ["/broken.sql"] }],
    entryFor: () => undefined,
    changed: () => {},
    read() {
      throw new Error("the parser broke");
    },
  }),
  edit: () => undefined,
};
(sources as Source[]).push(broken);

startServer(createConnection(ProposedFeatures.all));
