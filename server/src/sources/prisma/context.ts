// What stands around the cursor in a .prisma file, for completion: inside the field list of which model's index.
import { scan, nextPiece } from "./split";
import { parseBlock } from "./parse";
import { argument, type BlockKind } from "./syntax";

export interface IndexContext {
  readonly kind: "index" | "unique" | "id";
  /** Name of the model. */
  readonly model: string;
  /** Fields that the list has already, but for the one that the cursor touches. */
  readonly fields: readonly string[];
  /** What is typed of the field at the cursor, to be replaced: UTF-16 offsets of the text. */
  readonly word: { readonly text: string; readonly start: number; readonly end: number };
}

const kinds = ["index", "unique", "id"] as const;

/** The list of fields of `@@index([`, `@@unique([` or `@@id([` that `offset` lies in, half typed or whole; undefined elsewhere, also in a key's own brackets. */
export function contextAt(text: string, offset: number): IndexContext | undefined {
  const state = scan(text);
  for (let at = 0; ; ) {
    const piece = nextPiece(state, at);
    if (!piece || piece.start > offset) return undefined;
    at = Math.max(piece.end, piece.start + 1);
    // A half-typed last line of a block that is not closed ends the block; the cursor may stand right behind it.
    if (offset > piece.end || piece.kind === "junk") continue;
    return inBlock(text, { ...piece, kind: piece.kind }, offset);
  }
}

function inBlock(text: string, piece: Parameters<typeof parseBlock>[1] & { readonly kind: BlockKind }, offset: number): IndexContext | undefined {
  const block = parseBlock(text, piece);
  if (block.kind !== "model" && block.kind !== "view") return undefined;
  const inside = offset - piece.start;
  for (const attribute of block.attributes) {
    const kind = kinds.find((one) => one === attribute.name);
    if (!kind || inside <= attribute.start) continue;
    const list = argument(attribute, "fields", 0);
    if (list?.kind !== "list" || inside <= list.start) continue;
    const closed = text[piece.start + list.end - 1] === "]" && list.end > list.start + 1;
    if (closed ? inside >= list.end : text.slice(piece.start + list.end, offset).trim() !== "" || text.slice(piece.start + list.end, offset).includes("\n")) continue;
    if (list.items.some((item) => item.kind === "call" && inside > item.start + item.text.length && inside < item.end)) return undefined;
    const touched = list.items.find((item) => item.kind === "name" && inside >= item.start && inside <= item.end);
    const fields = list.items.flatMap((item) => ((item.kind === "name" || item.kind === "call") && item !== touched ? [item.text] : []));
    const word = touched?.kind === "name" ? { text: touched.text, start: piece.start + touched.start, end: piece.start + touched.end } : { text: "", start: offset, end: offset };
    return { kind, model: block.name.text, fields, word };
  }
  return undefined;
}
