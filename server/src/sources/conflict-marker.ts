// The line that Git leaves in a file of which it could not merge two versions.

/** What is said of such a line: both versions are read, as far as they can be. */
export const conflictMarker = "A conflict marker of Git: what stands on both sides is read. Resolve the conflict";

/** Whether a line of the text begins at `start` with a marker as Git writes it. */
export function isConflictMarker(text: string, start: number): boolean {
  marker.lastIndex = start;
  return marker.test(text);
}

const marker = /(<{7}|>{7}|\|{7}) |={7}(?=\r?\n|$)/y;
