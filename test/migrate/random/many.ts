// By hand, with as many pairs as one likes: npx tsx test/migrate/random/many.ts <first seed> <end>. Prints each failure in full.
import { loadSqlParser } from "../../../server/src/sql/load";
import { serverBinaries } from "../../database/servers";
import { startPostgres } from "../../oracles/postgres";
import { Pairs } from "./pair";

void (async () => {
  const [first, end] = process.argv.slice(2).map(Number);
  const parser = await loadSqlParser();
  for (const bin of serverBinaries()) {
    const server = await startPostgres(bin);
    const pairs = await Pairs.open(await server.createDatabase("pairs"), parser);
    let [failures, files] = [0, 0];
    const kinds = new Map<string, number>();
    const started = performance.now();
    for (let seed = first ?? 0; seed < (end ?? 200); seed++) {
      const { failure, migrations, kinds: made } = await pairs.run(seed);
      files += migrations;
      for (const kind of made) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (failure !== undefined && ++failures <= 20) console.log(`${failure}\n${"=".repeat(80)}`);
    }
    console.log(`PostgreSQL ${server.version}: ${failures} failures, ${files} files, ${Math.round(performance.now() - started)} ms`, Object.fromEntries([...kinds].sort()));
    await pairs.close();
    await server.stop();
  }
})();
