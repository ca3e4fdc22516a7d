// A parser of Prometheus' text format, strict about what a scraper would refuse:
// https://prometheus.io/docs/instrumenting/exposition_formats/

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples, in order; throws at the first line that the format does not allow. */
export function parseExposition(text: string): readonly Sample[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line has no end");
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n").slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment?.[1] === "TYPE") {
      if (types.has(comment[2]!) || !["counter", "gauge", "histogram", "summary", "untyped"].includes(comment[3]!)) throw new Error(line);
      types.set(comment[2]!, comment[3]!);
    }
    if (comment) continue;
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample || !types.has(sample[1]!)) throw new Error(`no sample of a declared family: ${line}`);
    const identity = `${sample[1]}{${sample[2] ?? ""}}`;
    if (seen.has(identity)) throw new Error(`twice: ${identity}`);
    seen.add(identity);
    const value = Number(sample[3]);
    if (Number.isNaN(value)) throw new Error(`no number: ${line}`);
    samples.push({ name: sample[1]!, labels: labelsOf(sample[2] ?? ""), value });
  }
  return samples;
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== "") {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/.exec(rest);
    if (!label || label[1]! in labels) throw new Error(`no label: ${rest}`);
    labels[label[1]!] = label[2]!.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
    rest = rest.slice(label[0].length);
  }
  return labels;
}
