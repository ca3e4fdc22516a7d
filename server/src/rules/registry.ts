// Every rule by its id. Generated from the folder by server/build/registry.mjs: do not edit, add a rule file instead.
import type { Rule } from "./rule";
import driftCheck from "./drift/check";
import driftColumnExtra from "./drift/column-extra";
import driftColumnMissing from "./drift/column-missing";
import driftColumnRenamed from "./drift/column-renamed";
import driftDefault from "./drift/default";
import driftEnum from "./drift/enum";
import driftForeignKey from "./drift/foreign-key";
import driftIndexDiffers from "./drift/index-differs";
import driftIndexMissing from "./drift/index-missing";
import driftIndexOnlyInDatabase from "./drift/index-only-in-database";
import driftNotGenerated from "./drift/not-generated";
import driftNullability from "./drift/nullability";
import driftPrimaryKey from "./drift/primary-key";
import driftTableExtra from "./drift/table-extra";
import driftTableMissing from "./drift/table-missing";
import driftTableRenamed from "./drift/table-renamed";
import driftType from "./drift/type";
import driftUnique from "./drift/unique";
import fkActionMismatch from "./fk/action-mismatch";
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
import indexBloated from "./index/bloated";
import indexBooleanKey from "./index/boolean-key";
import indexBtreeOnArray from "./index/btree-on-array";
import indexDuplicate from "./index/duplicate";
import indexEqualsPrimaryKey from "./index/equals-primary-key";
import indexInvalid from "./index/invalid";
import indexNameTaken from "./index/name-taken";
import indexNameTooLong from "./index/name-too-long";
import indexNaming from "./index/naming";
import indexNullableUnique from "./index/nullable-unique";
import indexOnUnique from "./index/on-unique";
import indexRedundant from "./index/redundant";
import indexTooMany from "./index/too-many";
import indexUnused from "./index/unused";
import indexUselessPredicate from "./index/useless-predicate";
import indexVolatilePredicate from "./index/volatile-predicate";
import journalDuplicate from "./journal/duplicate";
import journalEdited from "./journal/edited";
import journalHalfApplied from "./journal/half-applied";
import journalIrreversible from "./journal/irreversible";
import journalMissingFile from "./journal/missing-file";
import journalOutOfOrder from "./journal/out-of-order";
import journalPending from "./journal/pending";
import journalTwoOwners from "./journal/two-owners";
import migrationCheckNotValid from "./migration/check-not-valid";
import migrationConcurrentIfNotExists from "./migration/concurrent-if-not-exists";
import migrationConcurrentInTransaction from "./migration/concurrent-in-transaction";
import migrationDeleteWithoutWhere from "./migration/delete-without-where";
import migrationDropColumn from "./migration/drop-column";
import migrationDropIndexNotConcurrent from "./migration/drop-index-not-concurrent";
import migrationDropTable from "./migration/drop-table";
import migrationForeignKeyNotValid from "./migration/foreign-key-not-valid";
import migrationIndexNotConcurrent from "./migration/index-not-concurrent";
import migrationLockTimeout from "./migration/lock-timeout";
import migrationReindexNotConcurrent from "./migration/reindex-not-concurrent";
import migrationRename from "./migration/rename";
import migrationRequiredColumn from "./migration/required-column";
import migrationSetNotNull from "./migration/set-not-null";
import migrationTypeChange from "./migration/type-change";
import migrationUniqueNotUsingIndex from "./migration/unique-not-using-index";
import migrationValidateInSameTransaction from "./migration/validate-in-same-transaction";
import migrationVolatileDefault from "./migration/volatile-default";
import migrationWideLock from "./migration/wide-lock";
import schemaCharType from "./schema/char-type";
import schemaDuplicateTable from "./schema/duplicate-table";
import schemaIgnoredConstraint from "./schema/ignored-constraint";
import schemaInconsistentType from "./schema/inconsistent-type";
import schemaIntPrimaryKey from "./schema/int-primary-key";
import schemaJsonType from "./schema/json-type";
import schemaMoneyType from "./schema/money-type";
import schemaNoPrimaryKey from "./schema/no-primary-key";
import schemaNotValidated from "./schema/not-validated";
import schemaReferenceNotUnique from "./schema/reference-not-unique";
import schemaReservedName from "./schema/reserved-name";
import schemaSequenceEnding from "./schema/sequence-ending";
import schemaSerialType from "./schema/serial-type";
import schemaTimestampWithoutTimeZone from "./schema/timestamp-without-time-zone";
import tableSequentialScans from "./table/sequential-scans";
import tableStaleStatistics from "./table/stale-statistics";

export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["drift/check", driftCheck],
  ["drift/column-extra", driftColumnExtra],
  ["drift/column-missing", driftColumnMissing],
  ["drift/column-renamed", driftColumnRenamed],
  ["drift/default", driftDefault],
  ["drift/enum", driftEnum],
  ["drift/foreign-key", driftForeignKey],
  ["drift/index-differs", driftIndexDiffers],
  ["drift/index-missing", driftIndexMissing],
  ["drift/index-only-in-database", driftIndexOnlyInDatabase],
  ["drift/not-generated", driftNotGenerated],
  ["drift/nullability", driftNullability],
  ["drift/primary-key", driftPrimaryKey],
  ["drift/table-extra", driftTableExtra],
  ["drift/table-missing", driftTableMissing],
  ["drift/table-renamed", driftTableRenamed],
  ["drift/type", driftType],
  ["drift/unique", driftUnique],
  ["fk/action-mismatch", fkActionMismatch],
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
  ["index/bloated", indexBloated],
  ["index/boolean-key", indexBooleanKey],
  ["index/btree-on-array", indexBtreeOnArray],
  ["index/duplicate", indexDuplicate],
  ["index/equals-primary-key", indexEqualsPrimaryKey],
  ["index/invalid", indexInvalid],
  ["index/name-taken", indexNameTaken],
  ["index/name-too-long", indexNameTooLong],
  ["index/naming", indexNaming],
  ["index/nullable-unique", indexNullableUnique],
  ["index/on-unique", indexOnUnique],
  ["index/redundant", indexRedundant],
  ["index/too-many", indexTooMany],
  ["index/unused", indexUnused],
  ["index/useless-predicate", indexUselessPredicate],
  ["index/volatile-predicate", indexVolatilePredicate],
  ["journal/duplicate", journalDuplicate],
  ["journal/edited", journalEdited],
  ["journal/half-applied", journalHalfApplied],
  ["journal/irreversible", journalIrreversible],
  ["journal/missing-file", journalMissingFile],
  ["journal/out-of-order", journalOutOfOrder],
  ["journal/pending", journalPending],
  ["journal/two-owners", journalTwoOwners],
  ["migration/check-not-valid", migrationCheckNotValid],
  ["migration/concurrent-if-not-exists", migrationConcurrentIfNotExists],
  ["migration/concurrent-in-transaction", migrationConcurrentInTransaction],
  ["migration/delete-without-where", migrationDeleteWithoutWhere],
  ["migration/drop-column", migrationDropColumn],
  ["migration/drop-index-not-concurrent", migrationDropIndexNotConcurrent],
  ["migration/drop-table", migrationDropTable],
  ["migration/foreign-key-not-valid", migrationForeignKeyNotValid],
  ["migration/index-not-concurrent", migrationIndexNotConcurrent],
  ["migration/lock-timeout", migrationLockTimeout],
  ["migration/reindex-not-concurrent", migrationReindexNotConcurrent],
  ["migration/rename", migrationRename],
  ["migration/required-column", migrationRequiredColumn],
  ["migration/set-not-null", migrationSetNotNull],
  ["migration/type-change", migrationTypeChange],
  ["migration/unique-not-using-index", migrationUniqueNotUsingIndex],
  ["migration/validate-in-same-transaction", migrationValidateInSameTransaction],
  ["migration/volatile-default", migrationVolatileDefault],
  ["migration/wide-lock", migrationWideLock],
  ["schema/char-type", schemaCharType],
  ["schema/duplicate-table", schemaDuplicateTable],
  ["schema/ignored-constraint", schemaIgnoredConstraint],
  ["schema/inconsistent-type", schemaInconsistentType],
  ["schema/int-primary-key", schemaIntPrimaryKey],
  ["schema/json-type", schemaJsonType],
  ["schema/money-type", schemaMoneyType],
  ["schema/no-primary-key", schemaNoPrimaryKey],
  ["schema/not-validated", schemaNotValidated],
  ["schema/reference-not-unique", schemaReferenceNotUnique],
  ["schema/reserved-name", schemaReservedName],
  ["schema/sequence-ending", schemaSequenceEnding],
  ["schema/serial-type", schemaSerialType],
  ["schema/timestamp-without-time-zone", schemaTimestampWithoutTimeZone],
  ["table/sequential-scans", tableSequentialScans],
  ["table/stale-statistics", tableStaleStatistics],
]);
