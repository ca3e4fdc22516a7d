// The examples through the terminal: what is wrong with them is what they are meant to show; after `plumbline fix` no
// fix is left, the Drizzle shop still type-checks and Prisma's own validator takes the Prisma shop.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import prismaSchema from "@prisma/prisma-schema-wasm";
import { bundled, golden, plumbline } from "./plumbline";

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly table: string | null;
  readonly columns: readonly string[];
  readonly fixes: readonly { readonly title: string }[];
}

const root = join(__dirname, "../../..");

describe("the examples", function () {
  this.timeout(120_000);
  before(bundled);
  const findings = async (cwd: string): Promise<readonly Found[]> => {
    const { code, stdout, stderr } = await plumbline(["check", "--format", "json"], { cwd });
    assert.equal(code, 1, stderr);
    return (JSON.parse(stdout) as { readonly findings: readonly Found[] }).findings;
  };

  it("are wrong in the ways that they are meant to be", async () => {
    const lines = (await findings(join(root, "examples"))).map(({ rule, file, table, columns }) => `${file} ${rule} ${table}(${columns.join(", ")})`);
    const text = `${lines.sort().join("\n")}\n`;
    assert.equal(text, golden("examples.txt", text));
  });

  it("differ where they have drifted apart", async () => {
    const { code, stdout } = await plumbline(["diff", "drizzle:drizzle-shop/src/db/schema/index.ts", "prisma:prisma-shop/prisma/schema.prisma"], { cwd: join(root, "examples") });
    assert.deepEqual([code, stdout], [1, golden("examples.diff.txt", stdout)]);
  });

  it("are mended by fix, and are valid after it", async () => {
    const copy = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-examples-")));
    cpSync(join(root, "examples"), copy, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const { code, stdout, stderr } = await plumbline(["fix"], { cwd: copy });
    assert.equal(code, 0, stderr);
    assert.ok(stdout.includes("drizzle-shop/src/db/schema/orders.ts\n") && stdout.includes("prisma-shop/prisma/schema.prisma\n"));
    assert.match((await plumbline(["fix"], { cwd: copy })).stderr, /^Nothing to fix\.$/m);
    assert.deepEqual((await findings(copy)).filter(({ rule }) => rule === "fk/unindexed" || rule.startsWith("index/") && rule !== "index/nullable-unique"), []);

    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(copy, "drizzle-shop")], { stdio: "pipe" });
    // The datasource's url stands in the config from Prisma 7 on, whose validator this is.
    const schema = readFileSync(join(copy, "prisma-shop/prisma/schema.prisma"), "utf8").replace(/^ *url .*\n/m, "");
    prismaSchema.validate(JSON.stringify({ prismaSchema: schema }));
  });
});
