// Ranges that move: everything in a block is placed relative to the block, so that an edit above it costs one number.
import type { SourceRange } from "../../model/schema";

/** Where a block stands now. `base` is the only thing that an edit elsewhere in the file changes. */
export interface Place {
  readonly file: string;
  base: number;
}

/** The range [from, to) of a block, in UTF-16 offsets from the block's start. It reads its place when it is asked, so keep the object and not the numbers. */
export function rangeIn(place: Place, from: number, to: number): SourceRange {
  return new MovingRange(place, from, to);
}

// A class for its getters: they stand on the prototype once, where an object literal would carry two closures for every
// range. Without `#`: private names cost three times as much to make, and there are tens of thousands.
class MovingRange implements SourceRange {
  constructor(private readonly place: Place, private readonly from: number, private readonly to: number) {}

  get file(): string {
    return this.place.file;
  }

  get start(): number {
    return this.place.base + this.from;
  }

  get end(): number {
    return this.place.base + this.to;
  }

  toJSON(): SourceRange {
    return { file: this.file, start: this.start, end: this.end };
  }
}
