// Text from a schema stands in Markdown as text: judged by the renderer that VS Code and vsce use.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { escapeMarkdown } from "../../../server/src/report/markdown";

interface Renderer {
  renderInline(text: string): string;
  render(text: string): string;
}
const load = createRequire(__filename);
const create = load("markdown-it") as (options: object) => Renderer;
const markdown = create({ html: true, linkify: true });

/** What a reader sees: the rendered text without the empty comments that part signs from names. */
function shown(html: string): string {
  return html.replaceAll("<!-- -->", "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

describe("escapeMarkdown", () => {
  const texts = [
    "orders.client_id and _both_ sides__", "`code` ``more``", "*bold* **bolder**", "~~gone~~", "[a](http://b.c) ![i](x)", "<script>alert(1)</script> &amp; &copy;",
    "a | b | c", "\\ back\\*slash", "# heading", "#12", "- item", "+ item", "1. item", "12) item", "= under", "@somebody", "https://example.com www.example.com", ":tada: $x$",
    "🙂 ümläut 表", "a  b", "[x]: http://y", "> quote", "***", "---", "```",
  ];
  for (const text of texts) {
    it(`shows ${JSON.stringify(text)} as it is`, () => {
      const inTable = markdown.render(`| a |\n|---|\n| ${escapeMarkdown(text)} |\n`);
      const cells = [...inTable.matchAll(/<td>([^]*?)<\/td>/g)].map(([, cell]) => shown(cell!));
      assert.deepEqual(cells, [text]);
      const paragraph = /^<p>([^]*)<\/p>\n$/.exec(markdown.render(escapeMarkdown(text)));
      assert.ok(paragraph, "more than a paragraph");
      assert.equal(shown(paragraph[1]!), text);
    });
  }

  it("makes one line of several", () => {
    assert.equal(escapeMarkdown("a\n\n  b\r\nc"), "a b c");
  });

  it("mentions nobody and links no issue", () => {
    assert.doesNotMatch(escapeMarkdown("@team #12 mail@example.com"), /@\w|#\d/);
  });
});
