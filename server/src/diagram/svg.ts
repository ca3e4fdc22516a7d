// A placed diagram as the text of an SVG file that stands alone: its own colours, dark where the reader's system is, no
// script, no link, nothing loaded.
import { drawing, type Drawn } from "./drawing";
import type { PlacedDiagram } from "./layout";
import { fontSize } from "./measures";

/** Width and height in the file are pixels at full size. */
export function svgOf(diagram: PlacedDiagram): string {
  const { width, height, title } = diagram;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...drawing(diagram).map(elementText),
    "</svg>\n",
  ].join("\n");
}

function elementText({ tag, attributes, children = [], text }: Drawn): string {
  if (attributes["class"] === "far-name") return "";
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
  const content = text === undefined ? children.map(elementText).join("") : escaped(text);
  return content === "" ? `<${tag}${given}/>` : `<${tag}${given}>${content}</${tag}>`;
}

/** Text as XML has it: markup escaped, and characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) replaced. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, "\ufffd").replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
svg { --page: #ffffff; --body: #ffffff; --header: #e8eef4; --line: #c3ccd5; --text: #1f2328; --faint: #5f6b76; --key: #7d8b99; --error: #c62828; --warning: #b26a00; --information: #1565c0; --hint: #5f6b76; }
@media (prefers-color-scheme: dark) { svg { --page: #1e1f22; --body: #26282c; --header: #34393f; --line: #4a5058; --text: #e4e6e8; --faint: #a0a8b0; --key: #8794a1; --error: #f48771; --warning: #e2b34f; --information: #6cb6ff; --hint: #a0a8b0; } }
.page { fill: var(--page); } .body { fill: var(--body); stroke: var(--line); } .header { fill: var(--header); } .row-body { fill: none; }
.name { fill: var(--text); font-weight: 600; font-size: ${fontSize + 1}px; } .column { fill: var(--text); } .primary .column { font-weight: 600; } .type { fill: var(--faint); } .key-letters { fill: var(--faint); font-size: 9px; }
.unknown .body { stroke-dasharray: 4 3; } .curve, .ends { fill: none; stroke: var(--key); stroke-width: 1.2; } .relation .curve { stroke-dasharray: 5 4; }
.mark text { fill: var(--page); font-weight: 700; } ${["error", "warning", "information", "hint"].map((severity) => `.mark.${severity} circle { fill: var(--${severity}); }`).join(" ")}
`;
