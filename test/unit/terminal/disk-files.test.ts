// The workspace's files as the engine sees them, on a real folder.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { diskFiles } from "../../../server/src/terminal/disk-files";

describe("files on disk", () => {
  let root: string;
  const put = (path: string, text: string | Buffer = ""): string => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const listed = (glob: string, exclude: readonly string[] = [], under?: string): readonly string[] =>
    diskFiles(root, exclude).list(glob, under).map((file) => file.slice(root.length + 1));

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-files-")));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("leaves the byte order mark out and remembers it", () => {
    const file = put("a.ts", "\uFEFFconst a = 1;");
    const files = diskFiles(root);
    assert.deepEqual([files.read(file), files.hasByteOrderMark(file)], ["const a = 1;", true]);
  });

  it("reads nothing where there is nothing, and says why something cannot be read", () => {
    const files = diskFiles(root);
    mkdirSync(join(root, "folder"));
    symlinkSync("circle", join(root, "circle"));
    const latin1 = put("latin1.ts", Buffer.from([0x2f, 0x2f, 0xe9]));
    assert.deepEqual([files.read(join(root, "none.ts")), files.failure(join(root, "none.ts"))], [undefined, undefined]);
    assert.equal(files.failure(join(root, "folder")), "it is a folder");
    assert.equal(files.failure(join(root, "circle")), "its symbolic links form a circle");
    assert.equal(files.failure(latin1), "it is not UTF-8 text");
    assert.equal(files.read(latin1), undefined);
  });

  it("says that permission is denied", function () {
    const file = put("secret.ts", "x");
    chmodSync(file, 0);
    const failure = diskFiles(root).failure(file);
    // The superuser may read everything: there the file must simply be read.
    assert.equal(failure, process.getuid?.() === 0 ? undefined : "permission denied");
  });

  it("lists what a glob matches, sorted, and enters no dependencies and no build output", () => {
    for (const path of ["b.prisma", "a/z.prisma", "a/b/c.prisma", "a/x.ts", "node_modules/p/s.prisma", "dist/s.prisma", ".git/s.prisma", "package.json", "build/s.prisma", "server/build/s.prisma"]) put(path);
    assert.deepEqual(listed("**/*.prisma"), ["a/b/c.prisma", "a/z.prisma", "b.prisma", "server/build/s.prisma"]);
    assert.deepEqual(listed("*.prisma"), ["b.prisma"]);
    assert.deepEqual(listed("./a/*.{ts,prisma}"), ["a/x.ts", "a/z.prisma"]);
    assert.deepEqual(listed("../b.prisma", [], join(root, "a")), ["b.prisma"]);
    assert.deepEqual(listed(`${root}/a/**/*.prisma`), ["a/b/c.prisma", "a/z.prisma"]);
  });

  it("enters a left-out folder that the path itself names", () => {
    put("dist/schema/a.js");
    assert.deepEqual(listed("dist/schema/*.js"), ["dist/schema/a.js"]);
  });

  it("knows extended globs", () => {
    for (const path of ["s/a.ts", "s/a.test.ts"]) put(path);
    assert.deepEqual(listed("s/!(*.test).ts"), ["s/a.ts"]);
  });

  it("hides what is excluded", () => {
    const old = put("old/a.prisma", "x");
    put("a.prisma");
    const files = diskFiles(root, ["old/**"]);
    assert.deepEqual([files.list("**/*.prisma").length, files.exists(old), files.read(old)], [1, false, undefined]);
  });

  it("remembers until it is told to forget", () => {
    const file = put("a.prisma", "one");
    const files = diskFiles(root);
    assert.deepEqual([files.read(file), files.list("*.prisma").length, files.exists(join(root, "b.prisma"))], ["one", 1, false]);
    put("a.prisma", "two");
    const second = put("b.prisma");
    assert.deepEqual([files.read(file), files.list("*.prisma").length, files.exists(second)], ["one", 1, false]);
    files.forget(file);
    files.forget(second);
    assert.deepEqual([files.read(file), files.list("*.prisma").length, files.exists(second)], ["two", 2, true]);
  });

  it("ends where a folder links to its parent", () => {
    put("a/a.prisma");
    symlinkSync("..", join(root, "a/up"));
    assert.deepEqual(listed("**/*.prisma"), ["a/a.prisma"]);
  });
});
