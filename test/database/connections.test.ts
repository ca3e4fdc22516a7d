// Connection strings mean what they mean to libpq: each is given to psql and to Plumbline, and both must end in the same
// database as the same user, or both nowhere.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../server/src/databases/connections/connect";
import { settingsFromUrl } from "../../server/src/databases/connections/settings";
import { encodedPassword, password, psql, startNetworkServer, type NetworkServer } from "./faults-server";

const question = "select concat_ws('|', current_user, current_database(), coalesce(host(inet_server_addr()), 'socket'), current_setting('search_path'), current_setting('work_mem'))";

describe("connection strings, against psql", () => {
  let server: NetworkServer;
  let folder: string;
  before(async () => {
    server = await startNetworkServer();
    folder = mkdtempSync(join(tmpdir(), "plumbline-pgpass-"));
    await server.postgres.query(`create database "my db/50%"`);
    await server.postgres.query(`create database app`);
    writeFileSync(join(folder, "services"), filled("# comment\n[other]\nhost=nowhere.invalid\n\n[shop]\nhost=$A\nuser=app\npassword=$P\ndbname=shop\nport=5432\nport=1\n[ldap]\nldap://127.0.0.1:1/x?y?one?z\n[odd]\nhost\n"));
    writeFileSync(join(folder, "pg_service.conf"), filled("[common]\r\nhost=$A\r\nuser=app\r\npassword=$P\r\ndbname=shop\r\n"));
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The answer, or what the failure is about. */
  async function ours(url: string, environment: Readonly<Record<string, string>>): Promise<string> {
    try {
      const { client } = await connect(settingsFromUrl(url, undefined, { environment: { PGCONNECT_TIMEOUT: "20", ...environment } }));
      const { rows } = await client.query<{ concat_ws: string }>(question);
      await client.end();
      return rows[0]!.concat_ws;
    } catch (error) {
      assert.doesNotMatch(String((error as Error).message), /s3cr3t/);
      return "nowhere";
    }
  }

  /** $A: the server's address, $S: its socket folder, encoded $E; $P the password, encoded $Q. */
  const filled = (text: string): string => text.replaceAll("$A", server.address).replaceAll("$S", server.postgres.connection.host).replaceAll("$E", encodeURIComponent(server.postgres.connection.host)).replaceAll("$P", password).replaceAll("$Q", encodedPassword).replaceAll("$F", folder);

  const urls: readonly (readonly [url: string, reaches: boolean, environment?: Readonly<Record<string, string>>])[] = [
    ["postgresql://app:$Q@$A/shop", true],
    ["postgres://app:$Q@$A:5432/shop", true],
    ["postgresql://app:$Q@$A", true],
    ["postgresql://app:$Q@$A/", true],
    ["postgresql://odd%20user%40x:$Q@$A/my%20db%2F50%25", true],
    ["postgresql://odd user%40x:$Q@$A/my db%2F50%25", true],
    ["postgresql://postgres@$E/shop", true],
    ["postgresql://postgres@/shop?host=$E", true],
    ["postgresql:///shop?host=$S&user=postgres", true],
    ["postgresql://$A/shop?user=app&password=$Q", true],
    ["postgresql://nobody:wrong@$A/nowhere?user=app&password=$Q&dbname=shop", true],
    ["postgresql://app:$Q@$A/shop?options=-c%20search_path%3Dsales%20-c%20work_mem%3D7MB", true],
    ["postgresql://app:$Q@$A/shop?options=-c+work_mem%3D7MB", false],
    ["postgresql://app:$Q@127.0.0.1:1,$A:5432/shop", true],
    ["postgresql://app:$Q@$A,127.0.0.1:1/shop", true],
    ["postgresql://app:$Q@127.0.0.1,$A/shop?port=1,5432", true],
    ["postgresql://app:$Q@127.0.0.1,$A/shop?port=1,2,3", false],
    ["postgresql://app:$Q@nowhere.invalid,$A/shop", true],
    ["postgresql://app:$Q@nowhere.invalid/shop?hostaddr=$A", true],
    ["postgresql://app:$Q@[::1]:1,$A/shop", true],
    ["postgresql://app:$Q@[::1/shop", false],
    ["postgresql://app:$Q@$A:99999/shop", false],
    ["postgresql://app:$Q@$A:x/shop", false],
    ["postgresql://app:%zz@$A/shop", false],
    ["postgresql://app:%00@$A/shop", false],
    ["postgresql://app:$P@$A/shop", false],
    ["postgresql://app:wrong@$A,127.0.0.1:1/shop", false],
    ["postgresql://app:$Q@$A/shop?sslmode=sometimes", false],
    ["host=$A user=app password='$P' dbname=shop", true],
    ["host = $A user = app password = '$P'   dbname = 'my db/50%'", true],
    ["host=$A user='odd user@x' password=s3cr3t\\ p@ss/word%25 dbname='shop'", true],
    ["host=$S user=postgres", true],
    ["host=$A user=app password='$P dbname=shop", false],
    ["host=$A user=app dbname", false],
    ["postgresql://$A/shop", true, { PGUSER: "app", PGPASSWORD: "$P" }],
    ["postgresql:///", true, { PGHOST: "$A", PGUSER: "app", PGPASSWORD: "$P", PGDATABASE: "shop" }],
    ["postgresql://", true, { PGHOST: "$S", PGUSER: "postgres", PGOPTIONS: "-c work_mem=9MB" }],
    ["postgresql://app@$A/shop", false],
    ["postgresql:///?service=shop", true, { PGSERVICEFILE: "$F/services" }],
    ["service=shop dbname=app", true, { PGSERVICEFILE: "$F/services" }],
    ["postgresql://", true, { PGSERVICE: "shop", PGSERVICEFILE: "$F/services", PGHOST: "nowhere.invalid" }],
    ["service=common", true, { PGSYSCONFDIR: "$F", PGSERVICEFILE: "$F/services" }],
    ["service=missing", false, { PGSYSCONFDIR: "$F", PGSERVICEFILE: "$F/services" }],
    ["postgresql://app:$Q@$A/shop?service=missing", false, { PGSERVICEFILE: "$F/services" }],
    ["service=ldap", false, { PGSERVICEFILE: "$F/services" }],
    ["service=odd", false, { PGSERVICEFILE: "$F/services" }],
    ...["any", "read-write", "primary", "prefer-standby"].map((role): [string, boolean] => [`postgresql://app:$Q@127.0.0.1:1,$A:5432/shop?target_session_attrs=${role}`, true]),
    ...["standby", "read-only", "sometimes"].map((role): [string, boolean] => [`postgresql://app:$Q@127.0.0.1:1,$A:5432/shop?target_session_attrs=${role}`, false]),
    ["postgresql://app:$Q@$A/shop", false, { PGTARGETSESSIONATTRS: "standby" }],
    ["postgresql://with_md5:$Q@$A/shop", true],
    ["postgresql://with_md5@$A/shop", false],
    ["postgresql://with_cleartext:$Q@$A/shop", true],
    ["postgresql://with_cleartext@$A/shop", false],
  ];
  for (const [url, reaches, environment = {}] of urls) {
    it(`${url}${Object.keys(environment).length > 0 ? ` with ${Object.keys(environment).join(", ")}` : ""}`, async () => {
      const variables = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
      const answer = await ours(filled(url), variables);
      assert.equal(answer, psql(filled(url), question, variables).answer ?? "nowhere");
      assert.equal(answer !== "nowhere", reaches, answer);
    });
  }

  it("~/.pgpass gives the password, for the right host, port, database and user only", async () => {
    const file = join(folder, "pgpass");
    const escaped = password.replaceAll("\\", "\\\\").replaceAll(":", "\\:");
    const lines: readonly (readonly [line: string, user: string, reaches: boolean])[] = [
      ["$A:5432:shop:app:$P", "app", true], ["*:*:*:app:$P", "app", true], ["*:*:*:*:$P", "odd%20user%40x", true], ["# comment\n\n*:*:other:app:no\n*:*:shop:app:$P", "app", true],
      ["*:5433:*:*:$P", "app", false], ["*:*:*:\\*:$P", "app", false], ["*:*:*:wrong:$P", "app", false], ["*:*:*:app:no\n*:*:*:app:$P", "app", false],
    ];
    for (const [line, user, reaches] of lines) {
      writeFileSync(file, `${line.replaceAll("$A", server.address).replaceAll("$P", escaped)}\n`);
      chmodSync(file, 0o600);
      const url = `postgresql://${user}@${server.address}/shop`;
      const answer = await ours(url, { PGPASSFILE: file });
      assert.equal(answer, psql(url, question, { PGPASSFILE: file }).answer ?? "nowhere", line);
      assert.equal(answer !== "nowhere", reaches, line);
    }
    writeFileSync(file, `*:*:*:*:${escaped}\n`);
    chmodSync(file, 0o644);
    assert.equal(await ours(`postgresql://app@${server.address}/shop`, { PGPASSFILE: file }), "nowhere", "others may read it");
  });

  it("the session is read-only, has timeouts and a name, and keeps the options of the URL", async () => {
    const { client, proxied } = await connect(settingsFromUrl(filled("postgresql://app:$Q@$A/shop?options=-c%20work_mem%3D7MB"), undefined, { environment: {} }));
    const { rows } = await client.query("select current_setting('default_transaction_read_only') as read_only, current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock, current_setting('application_name') as name, current_setting('work_mem') as memory");
    assert.deepEqual(rows, [{ read_only: "on", statement: "1min", lock: "5s", name: "plumbline", memory: "7MB" }]);
    assert.equal(proxied, false);
    await assert.rejects(client.query("create table t ()"), { code: "25006" });
    await client.end();
  });
});
