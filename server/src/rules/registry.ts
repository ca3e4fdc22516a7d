// Every rule by its id. Generated from the folder by server/build/registry.mjs: do not edit, add a rule file instead.
import type { Rule } from "./rule";
import fkUnindexed from "./fk/unindexed";

export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["fk/unindexed", fkUnindexed],
]);
