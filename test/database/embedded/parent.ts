// A process that opens the embedded database, says its process's number, and then waits ("idle") or asks for a statement
// that never ends ("busy"). Its test kills it.
import { openEmbedded } from "../../../server/src/databases/embedded/embedded";
import { emptyRecipe } from "../../../server/src/databases/embedded/recipe";

const [, , runtime, what] = process.argv;

void (async () => {
  const database = await openEmbedded(emptyRecipe(), { runtime });
  setInterval(() => undefined, 1000);
  if (what === "busy") void database.query("with recursive forever(n) as (select 1 union all select n % 10 + 1 from forever) select count(*) from forever").catch(() => undefined);
  process.stdout.write(`${database.pid}\n`);
})();
