// Guarantee 2 where a backend is killed (SIGKILL): the server ends all others with it, and recovers by itself. Runs of all
// formats, up and back, go on side by side through one such crash after another to where nobody disturbed them.
import assert from "node:assert/strict";
import type { ConnectionSettings } from "../../../server/src/databases/connections/settings";
import { down, to, up } from "../../../server/src/migrate/run/runner";
import type { RunContext } from "../../../server/src/migrate/run/context";
import type { RunResult } from "../../../server/src/migrate/run/progress";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { arm, createArmed } from "./bombs";
import { agreed, contextOf, copyOf, outcomeOf, rowsOf, stopped, until, type Outcome } from "./laboratory";
import { story, storyFormats } from "./story";

/** Up has some 90 steps and the way back 50, and what was interrupted has some of them again. */
const every = 37;

interface Struck {
  readonly name: string;
  readonly context: RunContext;
  readonly settings: ConnectionSettings;
  readonly outcome: Outcome;
  run(context: RunContext): Promise<RunResult>;
}

describe("a backend that is killed, and the server with it", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres(undefined, ["synchronous_commit=on"]);
    await createArmed(server, "armed");
  });
  after(() => server?.stop());

  it("every run goes on, crash after crash: the schema, the record and the rows are those of an undisturbed one", async () => {
    const runs: Struck[] = [];
    for (const [at, format] of storyFormats.entries()) {
      const folder = story(format);
      const [, second, ...later] = folder.migrations;
      const done = await copyOf(server, "armed", `done ${format}`);
      await up(await contextOf(folder, done), agreed);
      const undone = await copyOf(server, `done ${format}`, `undone ${format}`);
      await down(await contextOf(folder, undone), { ...agreed, count: later.length });
      const ways = [
        { name: `up ${format}`, template: "armed", outcome: await outcomeOf(folder, done), run: (context: RunContext) => up(context, agreed) },
        { name: `back ${format}`, template: `done ${format}`, outcome: await outcomeOf(folder, undone), run: (context: RunContext) => to(context, { ...agreed, to: second!.id }) },
      ];
      for (const way of ways) {
        const settings = await copyOf(server, way.template, way.name);
        await arm(server, way.name, { every, first: 5 + 7 * at, strike: "kill" });
        runs.push({ ...way, settings, context: await contextOf(folder, settings) });
      }
    }
    // A sequence that was copied with its database would forget, in a crash before the next checkpoint, what it gave out since.
    await server.query("checkpoint");
    const told = new Map<string, string[]>();
    await Promise.all(runs.map(async ({ name, run, context, settings }) => {
      const messages: string[] = [];
      told.set(name, messages);
      for (let error = await stopped(run(context)); error; error = await stopped(run(context))) {
        messages.push(error.message);
        assert.ok(error.kind === "lost" || error.kind === "stopped before", error.message);
        assert.ok(messages.length < 60, `no end of it: ${messages.join("\n")}`);
        await until("the server has recovered", () => rowsOf(settings, "select 1").then(() => true, () => false));
      }
    }));
    const strikes = await server.query("select from pg_ls_dir('.') as name where name like 'struck.%'");
    assert.ok(strikes.length >= runs.length, String(strikes.length));
    for (const { name, context, settings, outcome } of runs) assert.deepEqual(await outcomeOf(context.folder, settings), outcome, `${name}: ${told.get(name)!.join("\n")}`);
  });
});
