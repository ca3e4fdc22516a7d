// One random pair of schemas through all that a migration goes through: both are made on the server, the difference is
// generated, its files run up and down, and PostgreSQL's own catalogue says what they led to.
import { Client } from "pg";
import type { Database } from "../../../server/src/databases/database";
import { openPostgres } from "../../../server/src/databases/postgres/open";
import type { GeneratedMigration } from "../../../server/src/migrate/generated";
import { generate } from "../../../server/src/migrate/generate/generate";
import type { RenameAnswers } from "../../../server/src/migrate/generate/renames";
import type { MigrationFormat } from "../../../server/src/model/migration";
import type { SqlParser } from "../../../server/src/sql/parser";
import { settingsOf } from "../../database/servers";
import { randomNumbers } from "../../fuzz/edits";
import type { Postgres } from "../../oracles/postgres";
import { catalogue, emptySchemas } from "./catalogue";
import { Making } from "./making";
import { sqlOf } from "./schema";

const formats: readonly MigrationFormat[] = ["drizzle v0", "sql", "prisma"];

export interface PairResult {
  readonly migrations: number;
  readonly kinds: readonly string[];
  /** Full account for people; undefined: all held. */
  readonly failure?: string;
}

export class Pairs {
  private constructor(private readonly client: Client, private readonly reader: Database, private readonly parser: SqlParser) {}

  static async open(connection: Postgres["connection"], parser: SqlParser): Promise<Pairs> {
    const client = new Client(connection);
    await client.connect();
    return new Pairs(client, await openPostgres(settingsOf(connection)), parser);
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.client.end();
  }

  /** Up leads to the wanted catalogue, down to the one before, whatever the seed. */
  async run(seed: number): Promise<PairResult> {
    const making = new Making(randomNumbers(seed));
    const first = making.schema();
    const second = making.changed(first);
    const format = formats[seed % formats.length]!;
    const shown: string[] = [`seed ${seed}, ${format}`, "-- before", sqlOf(first), "-- wanted", sqlOf(second)];
    const failed = (what: string): PairResult => ({ migrations: 0, kinds: [], failure: [...shown, "-- failed", what].join("\n") });
    try {
      await this.client.query(`${emptySchemas}; ${sqlOf(second)}`);
      const [wanted, wantedLines] = [(await this.reader.read()).model, await catalogue(this.client)];
      await this.client.query(`${emptySchemas}; ${sqlOf(first)}`);
      const [before, beforeLines] = [(await this.reader.read()).model, await catalogue(this.client)];
      const { migrations, refused } = generate({ name: "change", format, before, wanted: { ...wanted, source: seed % 2 === 0 ? "database" : "sql" } });
      shown.push("-- generated", ...migrations.map(({ up, down }) => `${up.join(";\n")};\n-- down\n${typeof down === "string" ? down : down.join(";\n")};\n--------`));
      if (refused.length > 0) return failed(refused.map(({ change, reason }) => `refused ${change.kind}: ${reason}`).join("\n"));
      const bad = migrations.flatMap(({ up, down }) => [...up, ...(typeof down === "string" ? [] : down)]).find((sql) => this.parser.parse(sql).error);
      if (bad !== undefined) return failed(`no SQL: ${bad}`);
      for (const { up } of migrations) await this.execute(up);
      const there = difference(wantedLines, await catalogue(this.client));
      if (there !== "") return failed(`up leads elsewhere:\n${there}`);
      for (const { down } of [...migrations].reverse()) await this.execute(down as readonly string[]);
      const back = difference(beforeLines, await catalogue(this.client));
      if (back !== "") return failed(`down leads elsewhere:\n${back}`);
      return { migrations: migrations.length, kinds: migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind)) };
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  /** What is generated for the pair, by format; nothing is run. */
  async generated<Format extends MigrationFormat>(seed: number, wanted: readonly Format[]): Promise<Record<Format, readonly GeneratedMigration[]>> {
    const making = new Making(randomNumbers(seed));
    const first = making.schema();
    const second = making.changed(first);
    return this.between(sqlOf(first), sqlOf(second), wanted);
  }

  /** The same for two schemas as SQL. */
  async between<Format extends MigrationFormat>(first: string, second: string, wanted: readonly Format[], renames: RenameAnswers = {}): Promise<Record<Format, readonly GeneratedMigration[]>> {
    await this.client.query(`${emptySchemas}; ${second}`);
    const after = (await this.reader.read()).model;
    await this.client.query(`${emptySchemas}; ${first}`);
    const before = (await this.reader.read()).model;
    return Object.fromEntries(wanted.map((format) => [format, generate({ name: "change", format, before, wanted: after, renames }).migrations])) as Record<Format, readonly GeneratedMigration[]>;
  }

  /** In a transaction, or one by one where PostgreSQL forbids that. */
  private async execute(statements: readonly string[]): Promise<void> {
    const messages = statements.some((sql) => /CONCURRENTLY/.test(sql)) ? statements : [`begin; ${statements.join(";\n")};\ncommit`];
    try {
      for (const message of messages) await this.client.query(message);
    } catch (error) {
      await this.client.query("rollback");
      throw new Error(`${(error as Error).message} in: ${statements.join(";\n")}`);
    }
  }
}

/** A condition that has seen its column with another type keeps the casts from that time. */
function plain(line: string): string {
  return /^constraint .* CHECK \(|^index .* WHERE \(/.test(line) ? line.replaceAll(/::(?:[a-z]+ )*[a-z]+(?:\(\d+(?:,\d+)?\))?|[()]/g, "") : line;
}

function difference(wanted: readonly string[], found: readonly string[]): string {
  const [left, right] = [new Set(wanted.map(plain)), new Set(found.map(plain))];
  return [...wanted.filter((line) => !right.has(plain(line))).map((line) => `missing ${line}`), ...found.filter((line) => !left.has(plain(line))).map((line) => `extra ${line}`)].join("\n");
}
