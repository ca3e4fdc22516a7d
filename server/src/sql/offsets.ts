// PostgreSQL counts bytes of UTF-8 in its tree and characters in its errors; the engine counts UTF-16 units.

/** Gives the UTF-16 offset of a byte offset in the UTF-8 form of `text`. */
export function utf16OfBytes(text: string): (byte: number) => number {
  return offsets(text, (unit, pair) => (unit < 0x80 ? 1 : unit < 0x800 ? 2 : pair ? 4 : 3));
}

/** Gives the UTF-16 offset of a number of characters (code points) of `text`. */
export function utf16OfCharacters(text: string): (character: number) => number {
  return offsets(text, () => 1);
}

/** `width`: of the character that begins with `unit`; `pair` where it takes two units. */
function offsets(text: string, width: (unit: number, pair: boolean) => number): (offset: number) => number {
  if (isAscii(text)) return (offset) => Math.min(offset, text.length);
  // Where each character begins, in both ways of counting.
  const from: number[] = [];
  const to: number[] = [];
  let counted = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    const pair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    from.push(counted);
    to.push(at);
    counted += width(unit, pair);
    at += pair ? 2 : 1;
  }
  from.push(counted);
  to.push(text.length);
  return (offset) => to[lastNotAbove(from, offset)]!;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
