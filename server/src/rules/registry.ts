// Every rule by its id. Generated from the folder by server/build/registry.mjs: do not edit, add a rule file instead.
import type { Rule } from "./rule";
import fkDuplicate from "./fk/duplicate";
import fkImpliedUnindexed from "./fk/implied-unindexed";
import fkIndexUnusable from "./fk/index-unusable";
import fkMissingConstraint from "./fk/missing-constraint";
import fkNullableComposite from "./fk/nullable-composite";
import fkPartiallyIndexed from "./fk/partially-indexed";
import fkPolymorphicUnindexed from "./fk/polymorphic-unindexed";
import fkSoftUnindexed from "./fk/soft-unindexed";
import fkTypeMismatch from "./fk/type-mismatch";
import fkUnindexed from "./fk/unindexed";

export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["fk/duplicate", fkDuplicate],
  ["fk/implied-unindexed", fkImpliedUnindexed],
  ["fk/index-unusable", fkIndexUnusable],
  ["fk/missing-constraint", fkMissingConstraint],
  ["fk/nullable-composite", fkNullableComposite],
  ["fk/partially-indexed", fkPartiallyIndexed],
  ["fk/polymorphic-unindexed", fkPolymorphicUnindexed],
  ["fk/soft-unindexed", fkSoftUnindexed],
  ["fk/type-mismatch", fkTypeMismatch],
  ["fk/unindexed", fkUnindexed],
]);
