// A list that grows before its length is known and is used again and again. A growing array of its own would reserve room
// for 17 values, and the lists of a schema are many and short: that room was a tenth of all that reading one took.
import { none } from "./syntax";

/** Not to be used by two readers at once; a reader clears it first, since the one before may have been interrupted. */
export class GrowingList<T> {
  private readonly room: (T | undefined)[] = [];
  private length = 0;

  add(value: T): void {
    this.room[this.length++] = value;
  }

  clear(): void {
    this.length = 0;
  }

  /** What was added since the last call, as a list of its own. */
  taken(): readonly T[] {
    const { room, length } = this;
    if (length === 0) return none;
    this.length = 0;
    const list = length === 1 ? [room[0] as T] : (room.slice(0, length) as T[]);
    // What is taken may be let go by whoever has it.
    for (let at = 0; at < length; at++) room[at] = undefined;
    return list;
  }
}
