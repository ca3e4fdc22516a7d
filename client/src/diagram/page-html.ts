// The page's markup. It holds no name of any schema: those come in a message. The policy lets the extension's own script
// and style sheet in, and nothing else.
import { randomBytes } from "node:crypto";

/** `script` and `style` are addresses as the webview sees them. */
export function pageHtml({ script, style }: { readonly script: string; readonly style: string }): string {
  const nonce = randomBytes(18).toString("base64");
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'">
  <title>Schema diagram</title>
  <link nonce="${nonce}" rel="stylesheet" href="${style}">
</head>
<body>
  <div id="bar" role="toolbar" aria-label="Diagram">
    <input id="search" type="search" placeholder="Find a table or column" aria-label="Find a table or column" spellcheck="false">
    <span id="found" role="status"></span>
    <button id="zoom-out" title="Zoom out (-)" aria-label="Zoom out">−</button>
    <button id="zoom-in" title="Zoom in (+)" aria-label="Zoom in">+</button>
    <button id="fit" title="Show the whole schema (0)">Fit</button>
    <button id="refresh" title="Read the schema again">Refresh</button>
    <button id="export" title="Save the whole diagram as an SVG file">Export SVG</button>
  </div>
  <svg id="canvas" aria-label="Entity-relationship diagram"><g id="world"></g></svg>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
