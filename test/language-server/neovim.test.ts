// README's own lines for Neovim, in a Neovim without a screen, on the examples: the findings arrive, and the code action
// that its user would choose writes the index.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundles, folderWith } from "./editor";

const root = path.resolve(__dirname, "../..");

/** Opens the light bulb's menu at the cursor as a user does, and takes the action of that title. */
const drive = `
local report = { before = {}, after = {}, offered = {} }
local function rules(into)
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do table.insert(into, diagnostic.code .. " " .. diagnostic.message) end
end
local function place()
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    if diagnostic.message:find(vim.env.WANTED_KEY, 1, true) then return { diagnostic.lnum + 1, diagnostic.col + 1 } end
  end
end
vim.wait(120000, function() return place() ~= nil end, 20)
rules(report.before)
vim.api.nvim_win_set_cursor(0, place() or { 1, 0 })
vim.ui.select = function(items, options, choose)
  local chosen
  for _, item in ipairs(items) do
    local title = options.format_item(item)
    table.insert(report.offered, title)
    if title == "Add an index on " .. vim.env.WANTED_KEY then chosen = item end
  end
  choose(chosen)
end
vim.lsp.buf.code_action()
vim.wait(60000, function() return vim.bo.modified end, 20)
vim.cmd("silent write")
vim.wait(60000, function() return place() == nil end, 20)
rules(report.after)
vim.fn.writefile({ vim.fn.json_encode(report) }, vim.env.REPORT)
vim.cmd("quitall!")
`;

interface Driven {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly offered: readonly string[];
}

/** README's lines for the Neovim that is installed: those for 0.11 and later, or those for the versions before. */
function snippet(): string {
  const version = /^NVIM v(\d+)\.(\d+)/.exec(spawnSync("nvim", ["--version"], { encoding: "utf8" }).stdout);
  assert.ok(version, "nvim tells its version");
  const isNew = Number(version[1]) > 0 || Number(version[2]) >= 11;
  const [latest, older] = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/```lua\n([^]*?)```/g)].map((match) => match[1]!);
  assert.match(latest ?? "", /vim\.lsp\.config/);
  assert.match(older ?? "", /nvim_create_autocmd/);
  return isNew ? latest! : older!;
}

/** Edits the file of the examples in Neovim; gives what was seen, and the file's text in the end. */
async function edit(project: string, file: string, key: string): Promise<Driven & { readonly text: string }> {
  const home = folderWith({ "bin/plumbline": `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(path.join(await bundles(), "cli.js"))} "$@"\n`, "init.lua": snippet(), "drive.lua": drive });
  chmodSync(path.join(home, "bin/plumbline"), 0o755);
  const folder = path.join(home, project);
  cpSync(path.join(root, "examples", project), folder, { recursive: true, filter: (one) => path.basename(one) !== "node_modules" });
  const report = path.join(home, "report.json");
  writeFileSync(report, "{}");
  const env = { ...process.env, HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, PATH: `${path.join(home, "bin")}:${process.env["PATH"]}`, REPORT: report, WANTED_KEY: key };
  const child = spawn("nvim", ["--headless", "--clean", "-u", path.join(home, "init.lua"), file, "-c", `luafile ${path.join(home, "drive.lua")}`], { cwd: folder, env, timeout: 280_000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  assert.equal(code, 0, output);
  const driven = JSON.parse(readFileSync(report, "utf8")) as Partial<Driven>;
  assert.ok(driven.before && driven.after && driven.offered, output);
  return { before: driven.before, after: driven.after, offered: driven.offered, text: readFileSync(path.join(folder, file), "utf8") };
}

describe("README's lines for Neovim", function () {
  this.timeout(300_000);
  for (const [project, file, key, added] of [
    ["drizzle-shop", "src/db/schema/orders.ts", "orders.customer_id", /\n {4}index\("orders_customer_id_idx"\)\.on\(table\.customerId\),\n/],
    ["prisma-shop", "prisma/schema.prisma", "orders.customer_id", /\n {2}@@index\(\[customerId\](, map: "\w+")?\)\n/],
  ] as const) {
    it(`show the findings of ${file} and write the index`, async () => {
      const { before, after, offered, text } = await edit(project, file, key);
      assert.ok(before.some((one) => one.startsWith("fk/unindexed No index serves the foreign key orders.customer_id")), JSON.stringify(before));
      assert.ok(offered.some((title) => /^Add all missing indexes in this file \(\d+\)$/.test(title)), JSON.stringify(offered));
      assert.match(text, added);
      // What remains of it is that no migration makes the index yet, where the project's tool records what its migrations make.
      const settled = after.filter((one) => !one.startsWith("drift/not-generated"));
      assert.equal(settled.length, before.length - 1, JSON.stringify(after));
      assert.deepEqual(after.filter((one) => !settled.includes(one)), project === "drizzle-shop" ? ["drift/not-generated orders has a change that no migration makes: index orders_customer_id_idx. Generate one."] : []);
    });
  }
});
