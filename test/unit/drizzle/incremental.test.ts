// After an edit a reading equals that of a fresh session, and unchanged tables are the very same objects.
import assert from "node:assert/strict";
import type { SchemaReading } from "../../../server/src/model/finding";
import { open } from "../../../server/src/sources/drizzle/session";
import { keysOf, tableOf, workspace } from "./memory-files";

const header = `import { relations, sql } from "drizzle-orm";\nimport { pgTable, uuid, text, index, timestamp } from "drizzle-orm/pg-core";\n\n`;
const source = `${header}const stamps = { at: timestamp() };

export const users = pgTable("users", {
  id: uuid("id").primaryKey(),
  name: text("name"),
});

/** Posts. */
export const posts = pgTable("posts", {
  id: uuid("id").primaryKey(),
  author: uuid("author_id").references(() => users.id),
  ...stamps,
}, (t) => [index("posts_author").on(t.author)]);

export const comments = pgTable("comments", {
  post: uuid("post_id").references(() => posts.id, { onDelete: "cascade" }),
  ...stamps,
});

export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
`;

interface Editor {
  readonly first: SchemaReading;
  /** Replaces the first \`from\` by \`to\` and reads again; the result is compared with a fresh session's. */
  edit(from: string, to: string): SchemaReading;
  readonly text: () => string;
}

function editor(texts: Readonly<Record<string, string>> = { "schema.ts": source }, path = "schema.ts"): Editor {
  const { files, texts: map, session } = workspace(texts);
  const entry = session.entryFor([`/w/${Object.keys(texts)[0]}`])!;
  const full = `/w/${path}`;
  return {
    first: session.read(entry),
    text: () => map.get(full)!,
    edit(from, to) {
      const text = map.get(full)!;
      const start = text.indexOf(from);
      assert.notEqual(start, -1, from);
      map.set(full, text.slice(0, start) + to + text.slice(start + from.length));
      session.changed(full, [{ start, end: start + from.length, text: to }]);
      const reading = session.read(entry);
      const { model, problems } = open(files).read(entry);
      assert.deepEqual(JSON.parse(JSON.stringify([reading.model, reading.problems])), JSON.parse(JSON.stringify([model, problems])));
      return reading;
    },
  };
}

const same = (a: SchemaReading, b: SchemaReading): readonly string[] => b.model.tables.filter((table) => a.model.tables.includes(table)).map((table) => table.name.name);

describe("Drizzle: after an edit", () => {
  it("reads the touched table alone", () => {
    const { first, edit } = editor();
    const second = edit(`text("name")`, `text("full_name").notNull()`);
    assert.equal(tableOf(second, "users").columns[1]!.name, "full_name");
    assert.deepEqual(same(first, second), ["posts", "comments"]);
  });
  it("follows a renamed table and column to those that reference them, and no others", () => {
    const { first, edit } = editor();
    const second = edit(`uuid("id").primaryKey(),\n  name`, `uuid("user_id").primaryKey(),\n  name`);
    assert.deepEqual(keysOf(tableOf(second, "posts")), ["author_id -> users(user_id)"]);
    assert.deepEqual(same(first, second), ["comments"]);
    assert.deepEqual(keysOf(tableOf(edit(`"users"`, `"people"`), "posts")), ["author_id -> people(user_id)"]);
  });
  it("reads what a changed constant goes into", () => {
    const { first, edit } = editor();
    const second = edit(`at: timestamp()`, `at: timestamp("made_at")`);
    assert.deepEqual(tableOf(second, "comments").columns.map((column) => column.name), ["post_id", "made_at"]);
    assert.deepEqual(same(first, second), ["users"]);
  });
  it("moves the places of tables below, without reading them again", () => {
    const { first, edit, text } = editor();
    const second = edit(`/** Posts. */`, `/** Posts,\n with a longer\n comment. */`);
    assert.deepEqual(same(first, second), ["users", "posts", "comments"]);
    const { at, nameAt, columns, foreignKeys } = tableOf(second, "comments");
    assert.match(text().slice(at!.start, at!.end), /^export const comments[^]*\}\);$/);
    assert.equal(text().slice(nameAt!.start, nameAt!.end), "comments");
    assert.equal(text().slice(columns[0]!.at!.start, columns[0]!.nameAt!.end), "post");
    assert.equal(text().slice(foreignKeys[0]!.at!.start, foreignKeys[0]!.at!.end), `references(() => posts.id, { onDelete: "cascade" })`);
    assert.deepEqual(JSON.parse(JSON.stringify(at)), { file: "/w/schema.ts", start: at!.start, end: at!.end });
  });
  it("adds, removes and renames tables", () => {
    const { first, edit } = editor();
    const added = edit(`/** Posts. */`, `export const extra = pgTable("extra", { id: uuid().references(() => comments.post) });\n/** Posts. */`);
    assert.deepEqual(added.model.tables.map((table) => table.name.name), ["users", "extra", "posts", "comments"]);
    assert.deepEqual(same(first, added), ["users", "posts", "comments"]);
    const renamed = edit(`const users =`, `const people =`);
    assert.equal(tableOf(renamed, "posts").complete, false);
    const back = edit(`const people =`, `const users =`);
    assert.deepEqual(keysOf(tableOf(back, "posts")), ["author_id -> users(id)"]);
    assert.deepEqual(edit(`export const extra = pgTable("extra", { id: uuid().references(() => comments.post) });\n`, "").model.tables.map((table) => table.name.name), ["users", "posts", "comments"]);
  });
  it("keeps the other tables while one is half typed, and reports where", () => {
    const { first, edit, text } = editor();
    for (const [from, to] of [[`uuid("author_id").references(() => users.id),`, `uuid("author_id").references(() => `], [`index("posts_author")`, `index("posts_author`]] as const) {
      const broken = edit(from, to);
      assert.deepEqual(same(first, broken).filter((name) => name !== "posts"), ["users", "comments"]);
      const syntax = broken.problems.filter((problem) => problem.kind === "syntax");
      assert.ok(syntax.length > 0 && syntax[0]!.at!.start > text().indexOf("const posts") && syntax[0]!.at!.start < text().indexOf("const comments"));
      const mended = edit(to, from);
      assert.deepEqual(mended.problems, []);
      assert.deepEqual(keysOf(tableOf(mended, "posts")), ["author_id -> users(id)"]);
    }
  });
  it("reads the file whole where an edit reaches beyond its statement", () => {
    const { edit } = editor();
    assert.deepEqual(edit(`/** Posts. */`, `/* Posts.`).model.tables.map((table) => table.name.name), ["users", "posts", "comments"]);
    assert.deepEqual(edit(`/* Posts.`, `/** Posts. */`).model.tables.length, 3);
    edit(`export const comments`, `/* gone\nexport const comments`);
    assert.equal(edit(`export const usersRelations`, `*/ export const usersRelations`).model.tables.length, 2);
    assert.equal(edit(`/* gone\n`, ``).model.tables.length, 3);
  });
  it("misses what a broken statement lacks where the next one begins", () => {
    const { edit, text } = editor();
    const { problems } = edit("at: timestamp() }", "at: timestamp() }*/=======\n@@=> {");
    assert.ok(problems.some(({ message, at }) => message === "Syntax error: '}' expected" && at!.start > text().indexOf("@@=> {") + 6));
  });
  it("tells a merge that Git could not make as such, and reads both sides", () => {
    const { edit } = editor();
    const { model, problems } = edit("export const comments", "<<<<<<< HEAD\nexport const mine = pgTable(\"mine\", {});\n=======\n>>>>>>> other\nexport const comments");
    assert.ok(["mine", "comments"].every((name) => model.tables.some((table) => table.name.name === name)));
    assert.ok(problems.length > 0 && problems.every(({ message }) => /^A conflict marker of Git/.test(message)));
  });
  it("says of a column that is gone what its table says now", () => {
    const { edit } = editor();
    for (const [from, to] of [[`id: uuid("id").primaryKey(),`, ""], [`name: text("name"),`, "...gone,"], ["...gone,", "...other,"]] as const)
      assert.ok(edit(from, to).problems.some(({ table, message }) => table?.name === "posts" && message.includes(to === "" ? "has no column" : `"${to.slice(3, -1)}"`)));
  });
  it("follows edits of other files, new files and files that go", () => {
    const { files, texts, session } = workspace({ "schema.ts": `export * from "./users";\nexport * from "./late";\n`, "users.ts": `${header}import { size } from "./size";\nexport const users = pgTable("users", { id: uuid(size) });\n`, "size.ts": `export const size = "a";\n` });
    const entry = session.entryFor(["/w/schema.ts"])!;
    const change = (path: string, text: string | undefined): SchemaReading => {
      if (text === undefined) texts.delete(path); else texts.set(path, text);
      session.changed(path);
      return session.read(entry);
    };
    assert.equal(session.read(entry).model.tables[0]!.columns[0]!.name, "a");
    assert.equal(change("/w/size.ts", `export const size = "b";\n`).model.tables[0]!.columns[0]!.name, "b");
    assert.equal(change("/w/late.ts", `${header}export const late = pgTable("late", { id: uuid() });\n`).model.tables.length, 2);
    assert.equal(change("/w/late.ts", undefined).model.tables.length, 1);
    assert.deepEqual(JSON.parse(JSON.stringify(session.read(entry).model)), JSON.parse(JSON.stringify(open(files).read(entry).model)));
  });
  it("reads a relation anew where its statement and the table that it names change between two readings", () => {
    const { files, texts, session } = workspace({
      "schema.ts": `export * from "./users";\nexport * from "./posts";\n`,
      "users.ts": `${header}export const users = pgTable("users", { id: uuid() });\n`,
      "posts.ts": `${header}import { relations } from "drizzle-orm";\nimport { users } from "./users";\nexport const posts = pgTable("posts", { userId: uuid("user_id") });\nexport const postsRelations = relations(posts, ({ one }) => ({ user: one(users, { fields: [posts.userId], references: [users.key] }) }));\n`,
    });
    const entry = session.entryFor(["/w/schema.ts"])!;
    session.read(entry);
    for (const [file, before, after] of [["/w/posts.ts", "users.key", "users.name"], ["/w/users.ts", "{ id: uuid() }", "{ name: text() }"]] as const) {
      const text = texts.get(file)!, start = text.indexOf(before);
      texts.set(file, text.replace(before, after));
      session.changed(file, [{ start, end: start + before.length, text: after }]);
    }
    const now = session.read(entry).model.tables.find(({ property }) => property === "posts")!;
    assert.deepEqual(now.relations.map(({ references }) => references), [["name"]]);
    assert.deepEqual(JSON.parse(JSON.stringify(now)), JSON.parse(JSON.stringify(open(files).read(entry).model.tables.find(({ property }) => property === "posts"))));
  });
  it("equals the reading before once random edits are undone", function () {
    this.timeout(60_000);
    const { files, texts, session } = workspace({ "schema.ts": source });
    const entry = session.entryFor(["/w/schema.ts"])!;
    const before = JSON.stringify(session.read(entry).model);
    let seed = 11, changes = 0;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    const junk = ["", "x", "`", "{", "}", "(", ")", "/*", "*/", "//", "\n", "${", '"', "const a = ", "export const users = 1;", "😀", "\r\n"];
    for (let i = 0; i < 400; i++) {
      const text = texts.get("/w/schema.ts")!;
      const start = random(text.length), end = Math.min(text.length, start + random(4) * random(40)), put = junk[random(junk.length)]!;
      texts.set("/w/schema.ts", text.slice(0, start) + put + text.slice(end));
      session.changed("/w/schema.ts", [{ start, end, text: put }]);
      if (JSON.stringify(session.read(entry).model) !== before) changes++;
      texts.set("/w/schema.ts", text);
      session.changed("/w/schema.ts", [{ start, end: start + put.length, text: text.slice(start, end) }]);
      assert.equal(JSON.stringify(session.read(entry).model), before, `edit ${i} at ${start}`);
    }
    assert.ok(changes > 200, `${changes} of 400 edits changed the model`);
    assert.equal(JSON.stringify(open(files).read(entry).model), before);
  });
});
