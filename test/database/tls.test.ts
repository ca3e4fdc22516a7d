// TLS as libpq has it: every sslmode against a server with and without TLS, with the right, a wrong and no root
// certificate. psql is the judge of what connects, and whether it is encrypted.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../server/src/databases/connections/connect";
import { sslModes } from "../../server/src/databases/connections/settings";
import { encodedPassword, failure, password, psql, settings, startNetworkServer, type NetworkServer } from "./faults-server";

const question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

describe("TLS", () => {
  let server: NetworkServer;
  before(async () => {
    server = await startNetworkServer();
  });
  after(() => server?.stop());

  const url = (user: string, query: string): string => `postgresql://${user}:${encodedPassword}@/shop?hostaddr=${server.address}&${query}`;

  /** "t", "f", or "refused". */
  async function ours(address: string): Promise<string> {
    try {
      const { client, encrypted } = await connect(settings(address));
      const { rows } = await client.query<{ ssl: boolean }>(question);
      await client.end();
      assert.equal(encrypted, rows[0]!.ssl);
      return rows[0]!.ssl ? "t" : "f";
    } catch (error) {
      assert.doesNotMatch(String((error as Error).message), /s3cr3t/);
      return "refused";
    }
  }

  const theirs = (address: string): string => psql(address, question).answer ?? "refused";

  const roots: Readonly<Record<string, () => string>> = { "no root certificate": () => "", "the right one": () => `&sslrootcert=${server.certificates.authority}`, "a wrong one": () => `&sslrootcert=${server.certificates.stranger}` };

  for (const tls of ["on", "off"]) {
    describe(`the server's TLS is ${tls}`, () => {
      before(() => server.configure(`ssl = ${tls}`));
      for (const mode of sslModes) {
        for (const [name, root] of Object.entries(roots)) {
          it(`${mode}, ${name}: as psql`, async () => {
            for (const host of ["db.example.com", "other.example.com"]) {
              const address = url("app", `host=${host}&sslmode=${mode}${root()}`);
              assert.equal(await ours(address), theirs(address), host);
            }
          });
        }
      }
    });
  }

  it("allow and prefer fall back to what pg_hba.conf lets in, as psql", async () => {
    await server.configure("ssl = on");
    const seen: string[] = [];
    for (const user of ["ssl_only", "plain_only"]) {
      for (const mode of ["disable", "allow", "prefer", "require"]) {
        const address = url(user, `host=db.example.com&sslmode=${mode}`);
        const answer = await ours(address);
        assert.equal(answer, theirs(address), `${user} ${mode}`);
        seen.push(answer);
      }
    }
    assert.deepEqual(seen, ["refused", "t", "t", "t", "f", "f", "f", "refused"]);
  });

  it("require with ~/.postgresql/root.crt is verify-ca, as libpq's", async () => {
    const home = server.certificates.folder;
    mkdirSync(join(home, ".postgresql"), { recursive: true });
    copyFileSync(server.certificates.stranger, join(home, ".postgresql/root.crt"));
    const address = url("app", "host=db.example.com&sslmode=require");
    assert.equal(psql(address, question, { HOME: home }).answer, undefined);
    const before = process.env["HOME"];
    process.env["HOME"] = home;
    try {
      assert.equal((await failure(connect(settings(address)))).kind, "tls");
    } finally {
      process.env["HOME"] = before;
    }
  });

  it("a client certificate lets its user in", async () => {
    const address = url("with_certificate", `host=db.example.com&sslmode=verify-full&sslrootcert=${server.certificates.authority}&sslcert=${server.certificates.client.certificate}&sslkey=${server.certificates.client.key}`);
    assert.deepEqual([await ours(address), theirs(address)], ["t", "t"]);
  });

  it("channel_binding=require binds the login to the TLS connection, and needs TLS", async () => {
    for (const [query, expected] of [["sslmode=require&channel_binding=require", "t"], ["sslmode=disable&channel_binding=require", "refused"]] as const) {
      const address = url("app", `host=db.example.com&${query}`);
      assert.deepEqual([await ours(address), theirs(address)], [expected, expected]);
    }
    const error = await failure(connect(settings(url("with_md5", "host=db.example.com&sslmode=require&channel_binding=require"))));
    assert.equal(error.kind, "tls");
    assert.match(error.message, /channel binding/);
  });

  const messages: readonly (readonly [name: string, tls: "on" | "off", user: string, query: (server: NetworkServer) => string, message: RegExp])[] = [
    ["a server without TLS", "off", "app", () => "sslmode=require", /the server has TLS turned off\. Turn it on .*sslmode=prefer/],
    ["a server that insists on TLS", "on", "ssl_only", () => "sslmode=disable", /lets user "ssl_only" not in without encryption\. Use sslmode=require/],
    ["a wrong root certificate", "on", "app", ({ certificates }) => `sslmode=verify-full&sslrootcert=${certificates.stranger}`, /authority that is not trusted here \(sslmode=verify-full\)\. Name the authority's root certificate with sslrootcert=FILE \(now: .*stranger\.crt\)/],
    ["no root certificate for verify-full", "on", "app", () => "sslmode=verify-full", /not trusted here .*those that Node trusts/],
    ["no root certificate for verify-ca", "on", "app", () => "sslmode=verify-ca", /verify-ca needs the root certificate/],
    ["another host name", "on", "app", ({ certificates }) => `sslmode=verify-full&sslrootcert=${certificates.authority}`, /certificate is for another host name/],
    ["a root certificate that is not there", "on", "app", () => "sslmode=verify-full&sslrootcert=/nowhere/root.crt", /the root certificate \/nowhere\/root\.crt cannot be read \(ENOENT\)/],
    ["no client certificate", "on", "with_certificate", () => "sslmode=require", /client's certificate/],
  ];
  for (const [name, tls, user, query, message] of messages) {
    it(`says what to do about ${name}`, async () => {
      await server.configure(`ssl = ${tls}`);
      const error = await failure(connect(settings(url(user, `host=other.example.com&${query(server)}`))));
      assert.equal(error.kind, "tls");
      assert.match(error.message, message);
      assert.match(error.message, /^Connection "shop" \(other\.example\.com\/shop\): /);
      assert.ok(!error.message.includes(password) && !error.message.includes(encodedPassword));
    });
  }
});
