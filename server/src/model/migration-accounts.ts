// The tables in which migration tools keep account of what they have applied: part of a database, and of nobody's schema.
import type { QualifiedName } from "./schema";

export function keepsAccountOfMigrations({ name }: QualifiedName): boolean {
  return accounts.has(name);
}

/** Of Drizzle, Plumbline, Prisma, Knex, node-pg-migrate, golang-migrate, dbmate, Flyway, Liquibase, TypeORM, Sequelize, Kysely. */
const accounts = new Set(["__drizzle_migrations", "__plumbline_runs", "_prisma_migrations", "knex_migrations", "knex_migrations_lock", "pgmigrations", "schema_migrations", "schema_version", "flyway_schema_history", "databasechangelog", "databasechangeloglock", "SequelizeMeta", "kysely_migration", "kysely_migration_lock"]);
