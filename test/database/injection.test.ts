// Names, comments and defaults made of SQL: what is read of them, and every statement that is made from them, does what it
// says and nothing else. The judge is a table that each of them would drop.
import assert from "node:assert/strict";
import { Client } from "pg";
import { compare } from "../../server/src/compare/compare";
import { defaults } from "../../server/src/config";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { schemaSql, sqlOf } from "../../server/src/dialects/dialect";
import { openProject } from "../../server/src/engine";
import type { SchemaModel } from "../../server/src/model/schema";
import type { Postgres } from "../oracles/postgres";
import { memoryFiles } from "../rules/cases";
import { onEachServer, settingsOf } from "./servers";

const attacks = [
  `x"; drop table victim; --`, `x'; drop table victim; --`, `x\\'; drop table victim; --`, `x"); drop table victim; --`, `$$; drop table victim; --`,
  `x */ drop table victim; /*`, `x\n; drop table victim;`, `%s%d%n`, `\${process.exit(1)}`, `[x](command:workbench.action.terminal.new)`, `<img src=x>`, "`x`",
];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Tables whose every part is called like an attack, with a missing index, a redundant one and an invalid constraint, so that rules have something to say. */
function statements(): readonly string[] {
  return [
    "create table victim (id integer primary key)",
    "insert into victim values (1)",
    ...attacks.flatMap((attack) => {
      const [table, column, type] = [quoted(attack), quoted(`c ${attack}`), quoted(`t ${attack}`)];
      return [
        `create type ${type} as enum (${text(attack)}, 'other')`,
        `create table ${table} (id serial primary key, ${column} text not null default ${text(attack)}, kind ${type} default ${text(attack)}, victim_id integer references victim (id), constraint ${quoted(`k ${attack}`)} check (${column} <> ${text(attack)} or true))`,
        `alter table ${table} add constraint ${quoted(`v ${attack}`)} check (length(${column}) > 0) not valid`,
        `create index ${quoted(`i ${attack}`)} on ${table} (${column}) where ${column} <> ${text(attack)}`,
        `create index ${quoted(`j ${attack}`)} on ${table} (${column}) where ${column} <> ${text(attack)}`,
        `comment on table ${table} is ${text(attack)}`,
        `comment on column ${table}.${column} is ${text(attack)}`,
      ];
    }),
  ];
}

onEachServer((server) => {
  async function session<Result>(connection: Postgres["connection"], use: (client: Client) => Promise<Result>): Promise<Result> {
    const client = new Client(connection);
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  async function read(connection: Postgres["connection"]) {
    const database = await openPostgres(settingsOf(connection));
    try {
      return await database.readAll();
    } finally {
      await database.close();
    }
  }

  const victims = (connection: Postgres["connection"]): Promise<number> => session(connection, async (client) => Number((await client.query("select count(*) from victim")).rows[0].count));

  describe("names made of SQL", () => {
    let connection: Postgres["connection"];
    let model: SchemaModel;
    before(async () => {
      connection = await server().createDatabase(`injection "'; drop table victim; --`);
      await session(connection, async (client) => {
        for (const statement of statements()) await client.query(statement);
      });
      model = (await read(connection)).reading.model;
    });

    it("are read as they are", async () => {
      const names = model.tables.map(({ name }) => name.name);
      for (const attack of attacks) {
        assert.ok(names.includes(attack), attack);
        const table = model.tables.find(({ name }) => name.name === attack)!;
        assert.ok(table.columns.some(({ name }) => name === `c ${attack}`));
        assert.ok(table.indexes.some(({ name }) => name === `i ${attack}`));
        assert.deepEqual(model.enums.find(({ name }) => name.name === `t ${attack}`)?.values, [attack, "other"]);
      }
      assert.equal(await victims(connection), 1);
    });

    it("stay in their quotes in the statements of every fix", async () => {
      const { reading, facts } = await read(connection);
      const project = openProject(memoryFiles(new Map()), defaults);
      project.connect([{ model: reading.model, facts }]);
      const changes = project.report().findings.flatMap(({ fixes }) => fixes.flatMap((fix) => fix.changes));
      assert.ok(changes.length > attacks.length * 2, String(changes.length));
      const made = changes.flatMap((change) => sqlOf(change, "postgresql") ?? []);
      assert.ok(made.length > attacks.length * 2, String(made.length));
      await session(connection, async (client) => {
        for (const statement of made) {
          await client.query("begin");
          // A statement that another one makes impossible fails; none may reach the victim.
          await client.query(statement).catch((error: { code?: string }) => assert.match(error.code ?? "", /^(42P07|42704|25001)$/, statement));
          await client.query("rollback");
        }
      });
      assert.equal(await victims(connection), 1);
    });

    it("make the same schema again, and nothing else", async () => {
      const copy = await server().createDatabase("injection_copy");
      await session(copy, async (client) => {
        for (const statement of schemaSql(model)!) await client.query(statement);
        await client.query("insert into victim values (1)");
      });
      assert.equal(await victims(copy), 1);
      const again = (await read(copy)).reading.model;
      assert.deepEqual(compare(model, again).map(({ kind }) => kind), []);
    });
  });
});
