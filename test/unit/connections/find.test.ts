// Which connections a workspace has: real folders, read as the terminal reads them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { chooseConnection, findConnections, type ConnectionSources, type FoundConnection } from "../../../server/src/databases/connections/find";
import { addressOf } from "../../../server/src/databases/connections/settings";
import { diskFiles, withSlashes } from "../../../server/src/terminal/disk-files";

const folders: string[] = [];

function workspace(texts: Readonly<Record<string, string>>, more: Partial<ConnectionSources> = {}): ConnectionSources {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-find-")));
  folders.push(root);
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { files: diskFiles(withSlashes(root)), environment: {}, connections: {}, trusted: true, ...more };
}

/** One line each: what a person would be shown, and the secret for the test alone. */
function lines(found: readonly FoundConnection[]): readonly string[] {
  return found.map(({ name, aliases, production, origin, state }) => {
    if (state.kind === "unusable") return `${name}: ${state.reason}`;
    const { settings } = state;
    const also = aliases.length > 0 ? ` also ${aliases.join(" ")}` : "";
    const direct = settings.direct ? ` direct ${addressOf(settings.direct)}` : "";
    return `${name}: ${settings.user}:${settings.password?.reveal() ?? ""}@${addressOf(settings)} sslmode=${settings.tls.mode}${settings.transactionPooler ? " pooler" : ""}${direct}${production ? " production" : ""}${also} (${origin.description})`;
  });
}

const drizzle = (body: string, head = ""): string => `import { defineConfig } from "drizzle-kit";\n${head}\nexport default defineConfig({ schema: "./schema.ts", dialect: "postgresql", ${body} });\n`;
const prisma = (source: string): string => `datasource db {\n  provider = "postgresql"\n  ${source}\n}\n`;

describe("finding connections", () => {
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  const cases: readonly (readonly [name: string, texts: Readonly<Record<string, string>>, expected: readonly string[], more?: Partial<ConnectionSources>])[] = [
    ["a URL in drizzle.config.ts", { "drizzle.config.ts": drizzle(`dbCredentials: { url: "postgres://u:pw@h:5433/d?sslmode=require" }`) }, ["drizzle.config.ts: u:pw@h:5433/d sslmode=require (drizzle.config.ts)"]],
    ["process.env.X!", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u:pw@h/d" }, ["drizzle.config.ts: u:pw@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["process.env.X as string in a constant", { "drizzle.config.ts": drizzle("dbCredentials: { url }", "const url = process.env['DB_URL'] as string;"), ".env.local": "DB_URL='postgres://u@h/d'" }, ["drizzle.config.ts: u:@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["?? with the variable set", { "drizzle.config.ts": drizzle(`dbCredentials: { url: process.env.DB_URL ?? "postgres://x@y/z" }`), ".env": "DB_URL=postgres://u@h/d" }, ["drizzle.config.ts: u:@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["?? with the variable not set", { "drizzle.config.ts": drizzle(`dbCredentials: { url: process.env.DB_URL ?? "postgres://x@y/z" }`) }, ["drizzle.config.ts: x:@y/z sslmode=prefer (drizzle.config.ts)"]],
    ["a template of several variables", { "drizzle.config.ts": drizzle("dbCredentials: { url: `postgres://${process.env.U}:${process.env.P}@h/d` }"), ".env": "U=me\nP=pw" }, ["drizzle.config.ts: me:pw@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["parts one by one", { "drizzle.config.ts": drizzle(`dbCredentials: { host: "h", port: Number(process.env.P ?? 5434), user: "u", password: process.env.PW, database: "d", ssl: { rejectUnauthorized: false } }`), ".env": "PW=s3cret" }, ["drizzle.config.ts: u:s3cret@h:5434/d sslmode=require (drizzle.config.ts)"]],
    ["ssl: true", { "drizzle.config.ts": drizzle(`dbCredentials: { host: "h", user: "u", database: "d", ssl: true }`) }, ["drizzle.config.ts: u:@h/d sslmode=verify-full (drizzle.config.ts)"]],
    ["destructuring of process.env", { "drizzle.config.ts": drizzle("dbCredentials: { url: DB_URL }", "const { DB_URL } = process.env;"), ".env": "DB_URL=postgres://u@h/d" }, ["drizzle.config.ts: u:@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["a helper over the environment in another file", { "drizzle.config.ts": drizzle("dbCredentials: { url: env.DB_URL }", `import { env } from "./src/env";`), "src/env.ts": `import { createEnv } from "@t3-oss/env-core";\nexport const env = createEnv({ runtimeEnv: process.env });`, ".env": "DB_URL=postgres://u@h/d" }, ["drizzle.config.ts: u:@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["an object of variables in another file", { "drizzle.config.ts": drizzle("dbCredentials: { url: settings.database }", `import { settings } from "./src/settings";`), "src/settings.ts": "export const settings = { database: process.env.DB_URL! };", ".env": "DB_URL=postgres://u@h/d" }, ["drizzle.config.ts: u:@h/d sslmode=prefer (drizzle.config.ts)"]],
    ["a variable that is not set", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }") }, ["drizzle.config.ts: The variable DB_URL is not set, neither in the environment nor in a .env file beside or above, so the database of drizzle.config.ts is not known."]],
    ["the process's environment before .env", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u@h/old" }, ["drizzle.config.ts: u:@h/new sslmode=prefer (drizzle.config.ts)"], { environment: { DB_URL: "postgres://u@h/new" } }],
    ["the file that the config loads", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }", `import { config } from "dotenv";\nconfig({ path: ".env.staging" });`), ".env.staging": "DB_URL=postgres://u@h/staging", ".env": "DB_URL=postgres://u@h/d" }, ["drizzle.config.ts: u:@h/staging sslmode=prefer (drizzle.config.ts)"]],
    [".env.local before .env, and never .env.production", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u@h/d", ".env.local": "DB_URL=postgres://u@h/local", ".env.production": "DB_URL=postgres://u@h/live" }, ["drizzle.config.ts: u:@h/local sslmode=prefer (drizzle.config.ts)"]],
    ["a package of a workspace, .env at the top", { "packages/db/drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u@h/d" }, ["packages/db/drizzle.config.ts: u:@h/d sslmode=prefer (packages/db/drizzle.config.ts)"]],
    ["variables in variables, and a dollar sign in a password", { ".env": "PW=pa$s\nDATABASE_URL=postgres://u:${PW}@${HOST:-h}/d" }, ["DATABASE_URL: u:pa$s@h/d sslmode=prefer (DATABASE_URL from .env)"]],
    ["a variable in a URL that is not set", { ".env": "DATABASE_URL=postgres://u:${NOPE}@h/d" }, ["DATABASE_URL: The variable NOPE, which its address mentions, is not set, so the database of the environment is not known."]],
    ["another dialect", { "drizzle.config.ts": drizzle(`dbCredentials: { url: "mysql://u:pw@h/d" }`).replace("postgresql", "mysql") }, ["drizzle.config.ts: The database of drizzle.config.ts is MySQL; Plumbline connects to PostgreSQL alone."]],
    ["another dialect by its URL", { ".env": "DATABASE_URL=mysql://u:pw@h/d" }, ["DATABASE_URL: The connection of DATABASE_URL cannot be used: MySQL is no PostgreSQL, and Plumbline connects to PostgreSQL alone."]],
    ["PGlite", { "drizzle.config.ts": drizzle(`driver: "pglite", dbCredentials: { url: "./data" }`) }, [`drizzle.config.ts: drizzle.config.ts uses the driver "pglite", which is reached by no address that Plumbline could connect to. Use --database embedded, or name the database with --database URL.`]],
    ["schema.prisma with env and directUrl", { "prisma/schema.prisma": prisma(`url = env("DB_URL")\n  directUrl = env("DIRECT")`), ".env": "DB_URL=postgres://u:pw@h:6543/d?pgbouncer=true\nDIRECT=postgres://u:pw@h:5432/d" }, ["prisma/schema.prisma: u:pw@h:6543/d sslmode=prefer pooler direct h/d (prisma/schema.prisma)"]],
    ["schema.prisma with a URL, .env beside it", { "prisma/schema.prisma": prisma(`url = "postgres://u@h/d?schema=app"`) }, ["prisma/schema.prisma: u:@h/d sslmode=prefer (prisma/schema.prisma)"]],
    ["schema.prisma of SQLite", { "prisma/schema.prisma": prisma(`url = "file:./dev.db"`).replace("postgresql", "sqlite") }, ["prisma/schema.prisma: The database of prisma/schema.prisma is SQLite; Plumbline connects to PostgreSQL alone."]],
    ["prisma.config.ts", { "prisma/schema.prisma": prisma(""), "prisma.config.ts": `import "dotenv/config";\nimport { defineConfig, env } from "prisma/config";\nexport default defineConfig({ schema: "prisma/schema.prisma", datasource: { url: env("DB_URL"), shadowDatabaseUrl: env("SHADOW") } });`, ".env": "DB_URL=postgres://u@h/d" }, ["prisma.config.ts: u:@h/d sslmode=prefer (prisma.config.ts)"]],
    ["prisma.config.ts with process.env and a default", { "prisma/schema.prisma": prisma(""), "prisma.config.ts": `export default { datasource: { url: process.env.DB_URL ?? "postgres://x@y/z" } };` }, ["prisma.config.ts: x:@y/z sslmode=prefer (prisma.config.ts)"]],
    ["one database named three times", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DATABASE_URL! }"), "prisma/schema.prisma": prisma(`url = env("DATABASE_URL")`), ".env": "DATABASE_URL=postgres://u:pw@h/d" }, ["drizzle.config.ts: u:pw@h/d sslmode=prefer also prisma/schema.prisma DATABASE_URL (drizzle.config.ts)"]],
    ["settings first, production's kept", { ".env": "DATABASE_URL=postgres://u:pw@h/d\nLOCAL_PW=x" }, ["live: u:pw@h/d sslmode=prefer production also DATABASE_URL (plumbline.config.json)", "local: a:x@localhost/d sslmode=prefer (plumbline.config.json)"], { connections: { live: { environment: "DATABASE_URL", production: true }, local: { url: "postgres://a:${LOCAL_PW}@localhost/d" } } }],
    ["the direct address in a second variable", { ".env": "DATABASE_URL=postgres://u:pw@ep-x-pooler.eu.neon.tech/d\nDATABASE_URL_UNPOOLED=postgres://u:pw@ep-x.eu.neon.tech/d" }, ["DATABASE_URL: u:pw@ep-x-pooler.eu.neon.tech/d sslmode=prefer pooler direct ep-x.eu.neon.tech/d (DATABASE_URL from .env)"]],
    ["names of production", { "drizzle.prod.config.ts": drizzle(`dbCredentials: { url: "postgres://u@h/d" }`) }, ["drizzle.prod.config.ts: u:@h/d sslmode=prefer production (drizzle.prod.config.ts)"]],
    ["an untrusted workspace", { "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u:pw@h/d" }, [`shop: The workspace is not trusted, so the connection "shop" is not used. Trust the workspace first.`], { trusted: false, connections: { shop: { environment: "DB_URL" } } }],
    ["nothing", { "schema.ts": "" }, []],
  ];
  for (const [name, texts, expected, more] of cases) {
    it(`reads ${name}`, () => {
      const sources = workspace(texts, more);
      const found = findConnections({ ...sources, ...(more?.connections && { configFile: `${sources.files.root}/plumbline.config.json` }) });
      const shown = lines(found).map((line) => line.replace(/ \(([^()]*), [A-Z_]+( from [^()]*)?\)$/, " ($1)"));
      assert.deepEqual(shown, expected);
    });
  }

  it("says where a variable came from", () => {
    const [one] = findConnections(workspace({ "packages/db/drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u@h/d" }));
    assert.equal(one!.state.kind, "ready");
    const sources = workspace({ ".env": "DATABASE_URL=postgres://u@h/d" }, { connections: { shop: { environment: "DATABASE_URL" } } });
    assert.equal(findConnections(sources)[0]!.origin.description, "the settings, DATABASE_URL from .env");
  });

  it("holds secrets nowhere that prints", () => {
    const found = findConnections(workspace({ "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DB_URL! }"), ".env": "DB_URL=postgres://u:s3cr3t-pw@h/d?sslpassword=s3cr3t-key" }));
    const printed = [JSON.stringify(found), inspect(found, { depth: null, showHidden: true }), String(found), `${found[0]!.state.kind === "ready" ? found[0]!.state.settings.password : ""}`].join("\n");
    assert.ok(printed.includes("***"));
    assert.doesNotMatch(printed, /s3cr3t/);
  });

  describe("--database", () => {
    const sources = (): ConnectionSources => workspace({ "drizzle.config.ts": drizzle("dbCredentials: { url: process.env.DATABASE_URL! }"), ".env": "DATABASE_URL=postgres://u:pw@h/d\nSTAGING=postgres://u:pw@h/staging" }, { connections: { live: { url: "postgres://u@live/d", production: true } } });

    it("takes a URL, a name, an alias and a variable", () => {
      const chosen = ["postgres://a:b@c/d", "host=c dbname=d user=a", "live", "drizzle.config.ts", "DATABASE_URL", "STAGING"].map((argument) => chooseConnection(argument, sources()));
      assert.deepEqual(chosen.map((one) => [one.name, addressOf(one), one.production]), [
        ["c/d", "c/d", false], ["c/d", "c/d", false], ["live", "live/d", true], ["drizzle.config.ts", "h/d", false], ["drizzle.config.ts", "h/d", false], ["STAGING", "h/staging", false],
      ]);
    });

    it("what is marked as production is that by its URL, by a variable and for another user, too", () => {
      const production = workspace({ "drizzle.config.ts": drizzle(`dbCredentials: { url: "postgres://admin@127.0.0.1/shop" }`), ".env": "REPORTS=postgres://reader:pw@localhost:5432/shop" }, { connections: { main: { url: "postgres://u:pw@localhost/shop", production: true }, pooled: { url: "postgres://u@p:6543/d?pgbouncer=true", direct: "postgres://u@h/d", production: true } } });
      const chosen = ["postgres://other:x@127.0.0.1:5432/shop", "REPORTS", "drizzle.config.ts", "postgres://u@H/d", "postgres://u@localhost/other", "postgres://u@localhost:5433/shop"].map((argument) => chooseConnection(argument, production));
      assert.deepEqual(chosen.map(({ name, user, production: marked }) => [name, user, marked]), [
        ["main", "other", true], ["main", "reader", true], ["drizzle.config.ts", "admin", true], ["pooled", "u", true], ["localhost/other", "u", false], ["localhost/shop", "u", false],
      ]);
    });

    it("takes what is not production's where nothing is named", () => {
      assert.equal(chooseConnection(undefined, sources()).name, "drizzle.config.ts");
    });

    it("lists the names for an unknown one, and shows no secret", () => {
      assert.throws(() => chooseConnection("livee", sources()), /There is no connection "livee"; did you mean "live"\? The connections here: live, drizzle\.config\.ts, DATABASE_URL, embedded\./);
      assert.throws(() => chooseConnection("u:s3cret@h/d", workspace({})), (error: Error) => !error.message.includes("s3cret"));
      assert.throws(() => chooseConnection(undefined, workspace({})), /No database is configured under .*--database embedded/);
    });
  });
});
