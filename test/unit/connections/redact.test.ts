// What is taken out of others' words, and what is left in.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { redact } from "../../../server/src/databases/connections/redact";
import { Secret } from "../../../server/src/databases/connections/secret";
import { settingsFromUrl } from "../../../server/src/databases/connections/settings";
import { DatabaseError } from "../../../server/src/databases/database";

describe("redacting", () => {
  const cases: readonly (readonly [text: string, expected: string, secrets?: readonly string[], shown?: readonly string[]])[] = [
    ["invalid URL postgres://app:s3cret@h/d", "invalid URL postgres://app:***@h/d"],
    ["two: postgres://a:x@h/d and mysql://b:y@i/e", "two: postgres://a:***@h/d and mysql://b:***@i/e"],
    ["'postgres://app:p@ss@h/d'", "'postgres://app:***@h/d'"],
    ["without a scheme: app:s3cret@h/d", "without a scheme: app:***@h/d"],
    ["postgres://app@h/d has none", "postgres://app@h/d has none"],
    ["host=h password=s3cret dbname=d", "host=h password=*** dbname=d"],
    ["host=h password='s3 cret' dbname=d", "host=h password=*** dbname=d"],
    ["?user=a&password=s3cret&sslmode=require", "?user=a&password=***&sslmode=require"],
    [`{"password":"s3cret","user":"a"}`, `{"password":***,"user":"a"}`],
    ["prisma+postgres://h/?api_key=abc.def", "prisma+postgres://h/?api_key=***"],
    [`password authentication failed for user "app"`, `password authentication failed for user "app"`],
    ["at 12:30:00 ada@example.com", "at 12:30:00 ada@example.com"],
    ["said hunter22, twice hunter22", "said ***, twice ***", ["hunter22"]],
    ["said p%40ss%2Fword", "said ***", ["p@ss/word"]],
    ["db of dbname db", "*** of dbname ***", ["db"]],
    [`user "postgres" of postgres`, `user "postgres" of postgres`, ["postgres"], ["postgres"]],
    ["a.b and axb", "*** and axb", ["a.b"]],
    ["an empty password takes nothing out", "an empty password takes nothing out", [""]],
  ];
  for (const [text, expected, secrets = [], shown] of cases) {
    it(text, () => assert.equal(redact(text, secrets.map((secret) => new Secret(secret)), shown), expected));
  }

  it("a secret prints as stars in every way", () => {
    const secret = new Secret("s3cret");
    const printed = [`${secret}`, String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ deep: { secret } }, { depth: null, showHidden: true }), Object.values(secret).join(), secret + ""].join("|");
    assert.doesNotMatch(printed, /s3cret/);
    assert.equal(secret.reveal(), "s3cret");
  });

  const broken = ["postgres://app:s3cret@h:port/d", "postgres://app:s3cr/et@h/d", "postgres://app:s3cr@et@h/d", "postgres://app:s3cret%zz@h/d", "postgres://app:s3cret@[h/d", "mysql://app:s3cret@h/d", "host=h password='s3cret", "s3cret", "", "postgres://app:s3cret@h/d?sslmode=s3cr3", "postgres://app:s3cret@h/d?connect_timeout=x", "prisma://h/?api_key=s3cret", "https://app:s3cret@h/d"];
  for (const url of broken) {
    it(`what is wrong with ${url || "an empty text"} is said without the password`, () => {
      assert.throws(() => settingsFromUrl(url, "shop", { environment: {} }), (error: Error) => error instanceof DatabaseError && !/s3cret|s3cr@|s3cr\/|et@/.test(`${error.message}${inspect(error, { depth: null })}`.split("\n    at ")[0]!) && /[.!]$/.test(error.message));
    });
  }
});
