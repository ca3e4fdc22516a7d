// The files of PGlite's extensions, laid where PostgreSQL looks for them: when it is started as well as later. PGlite's own
// way is to name them before the start, when it is not always known yet what will be needed.
import { gunzipSync } from "node:zlib";
import type { MemoryFiles } from "./snapshot";

/** Where PGlite's build of PostgreSQL is installed in its file system. */
const installed = "/pglite";

/** `bundle`: the extension's .tar.gz. Throws where it is damaged. */
export function layExtension(bundle: Uint8Array, files: MemoryFiles): void {
  for (const { path, content } of filesOfTar(gunzipSync(bundle))) {
    const folder = `${installed}/${path.slice(0, path.lastIndexOf("/"))}`;
    if (!files.analyzePath(folder).exists) files.mkdirTree(folder, 0o755);
    files.writeFile(`${installed}/${path}`, content, { canOwn: true });
  }
}

/** Blocks of 512 bytes: a head with name and size in octal digits, then the content. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function filesOfTar(tar: Buffer): readonly { readonly path: string; readonly content: Uint8Array }[] {
  const found: { readonly path: string; readonly content: Uint8Array }[] = [];
  for (let at = 0; tar[at]; ) {
    const text = (start: number, length: number): string => tar.toString("utf8", at + start, at + start + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8);
    const [path, kind] = [text(0, 100), text(156, 1)];
    if (kind === "0") found.push({ path, content: tar.subarray(at + 512, at + 512 + size) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}
