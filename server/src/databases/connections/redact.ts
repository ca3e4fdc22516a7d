// The one place that takes secrets out of text that others wrote: drivers, servers, files. Sentences that Plumbline
// writes itself hold none to begin with.
import type { Secret } from "./secret";

/**
 * `text` with `***` for passwords in URLs, for values that a name such as `password=` announces, and for the given
 * secrets, plain or percent-encoded. `shown` are names that may stand (user, database, host) even if a secret is the same.
 */
export function redact(text: string, secrets: readonly (Secret | undefined)[] = [], shown: readonly string[] = []): string {
  let result = text
    .replace(/((?:\b[A-Za-z][A-Za-z0-9+.-]*:\/\/)?[^\s:@/?#"'`]*):(?!\/\/)[^\s"'`]*@/g, "$1:***@")
    .replace(/\b((?:ssl)?password|passwd|pwd|api_?key|token|secret)(["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s&,;)}"']+)/gi, "$1$2***");
  for (const secret of secrets) {
    const value = secret?.reveal() ?? "";
    if (value === "" || shown.includes(value)) continue;
    for (const spelled of new Set([value, encodeURIComponent(value), encodeURI(value), JSON.stringify(value).slice(1, -1)])) result = withoutValue(result, spelled);
  }
  return result;
}

/** A short secret counts where it stands alone: "db" as a password must not blank half of every word. */
function withoutValue(text: string, value: string): string {
  if (value.length >= 5) return text.replaceAll(value, "***");
  const literal = value.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "gu"), "***");
}
