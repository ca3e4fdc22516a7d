// Runs in VS Code's page: what Playwright's own locators cannot say about the lines of an editor.

function editorLines() {
  return [...document.querySelectorAll(".editor-group-container.active .view-line")]
    .sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
    .map((line) => ({ line, text: (line.textContent ?? "").replace(/\u00a0/g, " ") }));
}

/** Middle of `wanted`, in page coordinates: its first occurrence at or below the first visible line that holds `after`. */
globalThis.placeOfText = (wanted, after) => {
  const lines = editorLines();
  const first = after === undefined ? 0 : lines.findIndex(({ text }) => text.includes(after));
  if (first < 0) return undefined;
  for (const { line, text } of lines.slice(first)) {
    const start = text.indexOf(wanted);
    if (start < 0) continue;
    // A line is many spans, one a colour: find the text nodes that the two ends are in.
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let seen = 0;
    let begun = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!begun && start < seen + node.length) {
        range.setStart(node, start - seen);
        begun = true;
      }
      if (begun && start + wanted.length <= seen + node.length) {
        range.setEnd(node, start + wanted.length - seen);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      seen += node.length;
    }
  }
  return undefined;
};
