// Guarantees 2 and 6: the connection is cut at the protocol's messages, in both directions, for a moment or for good. What
// the run then says of a migration is what the journal says, and a lost answer to COMMIT applies nothing twice.
import assert from "node:assert/strict";
import { to, up } from "../../../server/src/migrate/run/runner";
import type { RunContext } from "../../../server/src/migrate/run/context";
import type { RunEvent, RunResult } from "../../../server/src/migrate/run/progress";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { cuttingProxy, type Cut, type Direction } from "./cutting-proxy";
import { agreed, contextOf, copyOf, outcomeOf, rowsOf, sideBySide, stopped } from "./laboratory";
import { createArmed } from "./bombs";
import { story, storyFormats, writeFolder } from "./story";

describe("a connection that is cut", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
    await createArmed(server, "armed");
  });
  after(() => server?.stop());

  for (const format of storyFormats) {
    it(`${format}: at messages all over a run and its way back, in both directions, before, within and behind them`, async () => {
      const folder = story(format);
      const forwards = (context: RunContext): Promise<RunResult> => up(context, agreed);
      // One after another, since what is taken back once must not be counted again: `to` names its end.
      const backwards = (context: RunContext): Promise<RunResult> => to(context, { ...agreed, to: folder.migrations[1]!.id });
      const ways = [
        { name: "done", template: "armed", run: forwards, up: 11, down: 8 },
        { name: "undone", template: `done ${format}`, run: backwards, up: 5, down: 4 },
      ];
      const points = [];
      for (const way of ways) {
        const calm = await cuttingProxy(server);
        const settings = await copyOf(server, way.template, `${way.name} ${format}`);
        await way.run(await contextOf(folder, calm.settings(`${way.name} ${format}`)));
        const outcome = await outcomeOf(folder, settings);
        for (const [direction, count] of [["to the server", way.up], ["to the client", way.down]] as const) {
          for (const [at, number] of spread(calm.count(direction), count).entries()) points.push({ ...way, outcome, direction, number, where: (["before", "within", "behind"] as const)[at % 3]!, forGood: at % 2 === 0 });
        }
        await calm.close();
      }
      await sideBySide(points, 3, async ({ name: way, template, run, outcome, direction, number, ...cut }) => {
        const name = `cut ${way} ${format} ${direction} ${number}`;
        const settings = await copyOf(server, template, name);
        const proxy = await cuttingProxy(server, { ...cut, at: (message) => message.direction === direction && message.number === number });
        const error = await stopped(run(await contextOf(folder, proxy.settings(name))));
        await proxy.close();
        assert.ok(proxy.hasCut);
        if (!error) assert.deepEqual(await outcomeOf(folder, settings), outcome, `${name} ${JSON.stringify(cut)}`);
        await run(await contextOf(folder, settings));
        assert.deepEqual(await outcomeOf(folder, settings), outcome, `${name} ${JSON.stringify(cut)}: ${error?.message}`);
        await server.query(`drop database "${name}"`);
      });
    });
  }

  describe("at COMMIT", () => {
    const sum = "update accounts set balance = balance + 100";
    const isCommit = (sql: string | undefined): boolean => sql !== undefined && /insert into "drizzle"\."__drizzle_migrations"[\s\S]*commit;\s*$/i.test(sql);

    async function run(name: string, cut: (after: { commit: boolean }) => Cut): Promise<{ readonly error: string | undefined; readonly notices: readonly string[]; readonly done: readonly string[]; readonly balance: string; readonly rows: string }> {
      const settings = settingsOf(await server.createDatabase(name));
      await rowsOf(settings, "create table accounts (balance int); insert into accounts values (100)");
      const folder = writeFolder("drizzle v0", [{ name: "raise", up: sum, down: "select 1" }]);
      const proxy = await cuttingProxy(server, cut({ commit: false }));
      const notices: string[] = [];
      const result = await up(await contextOf(folder, proxy.settings(name)), { ...agreed, onEvent: (event: RunEvent) => void (event.kind === "notice" && notices.push(event.message)) }).then((value) => ({ value, error: undefined }), (error: Error) => ({ value: undefined, error }));
      await proxy.close();
      assert.ok(proxy.hasCut);
      const [[balance, rows]] = (await rowsOf(settings, "select balance, (select count(*) from drizzle.__drizzle_migrations) from accounts")) as [[string, string]];
      return { error: result.error?.message, notices, done: result.value?.done.map(({ migration }) => migration.id) ?? [], balance, rows };
    }
    /** The first answer behind the message with COMMIT. */
    const answer = (where: Cut["where"], forGood: boolean) => (seen: { commit: boolean }): Cut => ({
      where, forGood,
      at({ direction, sql }) {
        if (isCommit(sql)) seen.commit = true;
        return seen.commit && direction === ("to the client" satisfies Direction);
      },
    });
    const question = (where: Cut["where"], forGood: boolean) => (): Cut => ({ where, forGood, at: ({ sql }) => isCommit(sql) });

    it("the answer is lost: the journal is read again, it was applied, and it is not applied again", async () => {
      const { error, notices, ...rest } = await run("answer lost", answer("before", false));
      assert.equal(error, undefined);
      assert.deepEqual(rest, { done: ["0000_raise"], balance: "200", rows: "1" });
      assert.match(notices.join("\n"), /The journal was read again: 0000_raise was applied\./);
    });

    it("the question is lost: the journal is read again, it was not applied, and it is applied once", async () => {
      const { error, notices, ...rest } = await run("question lost", question("within", false));
      assert.equal(error, undefined);
      assert.deepEqual(rest, { done: ["0000_raise"], balance: "200", rows: "1" });
      assert.match(notices.join("\n"), /The journal was read again: 0000_raise was not applied\./);
    });

    it("the network is gone for good: it says that nobody knows, either way", async () => {
      for (const [name, cut, balance] of [["gone behind", answer("before", true), "200"], ["gone before", question("before", true), "100"]] as const) {
        const { error, ...rest } = await run(name, cut);
        assert.match(error ?? "", /whether 0000_raise was applied is not known here\. Run "plumbline migrate status" as soon as the server answers/);
        assert.equal(rest.balance, balance);
        assert.deepEqual(rest.done, []);
      }
    });
  });
});

/** `count` numbers from 1 to `last`, evenly. */
function spread(last: number, count: number): readonly number[] {
  return [...new Set(Array.from({ length: count }, (_, at) => 1 + Math.round((at * (last - 1)) / (count - 1))))];
}
