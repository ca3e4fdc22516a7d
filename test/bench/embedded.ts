// What the benchmark of the embedded database runs as a process: opens the database that a file of SQL makes (an empty one
// without a file), asks it for one row ("ask") or reads its schema ("read"), and ends.
import { readFileSync } from "node:fs";
import { openEmbedded } from "../../server/src/databases/embedded/embedded";
import { emptyRecipe, migrationRecipe } from "../../server/src/databases/embedded/recipe";

const [, , what, cache, file] = process.argv;

void (async () => {
  const recipe = file === undefined ? emptyRecipe() : migrationRecipe([{ file, text: readFileSync(file, "utf8") }]);
  const database = await openEmbedded(recipe, { cache });
  if (what === "ask") await database.query("select 1");
  else await database.read();
  await database.close();
})();
