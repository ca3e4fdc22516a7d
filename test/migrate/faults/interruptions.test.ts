// Guarantee 2: a run is interrupted at steps all over it, in three formats, upwards and downwards, and what goes on with it
// too; in the end there are the same schema, the same record and the same rows as where nobody disturbed.
import assert from "node:assert/strict";
import { to, up } from "../../../server/src/migrate/run/runner";
import type { RunContext } from "../../../server/src/migrate/run/context";
import type { RunResult } from "../../../server/src/migrate/run/progress";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { arm, createArmed } from "./bombs";
import { agreed, contextOf, copyOf, outcomeOf, sideBySide, stopped } from "./laboratory";
import { story, storyFormats } from "./story";

/** More steps than one migration has: each run comes further than the last one. */
const every = 29;

describe("an interrupted run, gone on with", function () {
  this.timeout(300_000);
  let server: Postgres;
  let interruptions = 0;
  before(async () => {
    server = await startPostgres(undefined, ["synchronous_commit=on"]);
    await createArmed(server, "armed");
  });
  after(() => server?.stop());

  for (const format of storyFormats) {
    it(`${format}: the backend ends at steps all over it`, async () => {
      const folder = story(format);
      const { id } = folder.migrations[1]!;
      const forwards = (context: RunContext): Promise<RunResult> => up(context, agreed);
      const backwards = (context: RunContext): Promise<RunResult> => to(context, { ...agreed, to: id });
      const done = await copyOf(server, "armed", `done ${format}`);
      await forwards(await contextOf(folder, done));
      const undone = await copyOf(server, `done ${format}`, `undone ${format}`);
      await backwards(await contextOf(folder, undone));
      const ways = [
        { template: "armed", run: forwards, outcome: await outcomeOf(folder, done), stride: 2 },
        { template: `done ${format}`, run: backwards, outcome: await outcomeOf(folder, undone), stride: 4 },
      ];
      // Each format begins elsewhere: what they have in common is met at other steps.
      const points = ways.flatMap((way) => Array.from({ length: every }, (_, first) => ({ ...way, first })).filter(({ first }) => first % way.stride === storyFormats.indexOf(format) % way.stride));
      await sideBySide(points, 3, async ({ template, run, outcome, first }) => {
        const name = `${template} ${format} ${first}`;
        const settings = await copyOf(server, template, name);
        await arm(server, name, { every, first, strike: "terminate" });
        const context = await contextOf(folder, settings);
        const messages: string[] = [];
        for (let error = await stopped(run(context)); error; error = await stopped(run(context))) {
          messages.push(error.message);
          assert.match(error.message, /terminating connection due to administrator command/);
          assert.ok(messages.length < 30, `no end of it: ${messages.join("\n")}`);
        }
        interruptions += messages.length;
        assert.deepEqual(await outcomeOf(folder, settings), outcome, `from step ${first}: ${messages.join("\n")}`);
        await server.query(`drop database "${name}"`);
      });
    });
  }

  it("that was more than a hundred times", () => {
    assert.ok(interruptions > 100, String(interruptions));
  });
});
