/**
 * Messages in a small part of ICU MessageFormat: `{name}` and `{n, plural, one {...} other {...}}` with `#` for the number.
 * Plural categories are CLDR's, from Intl.PluralRules.
 */
export type Values = Record<string, string | number>;
type Part = string | { name: string } | { name: string; plural: Record<string, Part[]> };

export function formatMessage(message: string, values: Values, locale: string): string {
  return render(parse(message), values, locale, "");
}

/** Names a message needs, for the test that all languages need the same. */
export function placeholdersOf(message: string): string[] {
  const names = new Set<string>();
  const visit = (parts: Part[]): void => {
    for (const part of parts) {
      if (typeof part === "string") continue;
      names.add(part.name);
      if ("plural" in part) Object.values(part.plural).forEach(visit);
    }
  };
  visit(parse(message));
  return [...names].sort();
}

/** The plural categories that each plural of a message spells out. */
export function categoriesOf(message: string): string[][] {
  return parse(message).flatMap((part) => (typeof part !== "string" && "plural" in part ? [Object.keys(part.plural)] : []));
}

function parse(message: string): Part[] {
  const [parts, end] = parseUntil(message, 0, false);
  if (end !== message.length) throw new SyntaxError(`unbalanced } in: ${message}`);
  return parts;
}

function parseUntil(text: string, from: number, nested: boolean): [Part[], number] {
  const parts: Part[] = [];
  let at = from;
  while (at < text.length && !(nested && text[at] === "}")) {
    if (text[at] === "{") {
      const [part, next] = parsePlace(text, at + 1);
      parts.push(part);
      at = next;
      continue;
    }
    const stop = nested ? /[{}]/g : /[{]/g;
    stop.lastIndex = at;
    const end = stop.exec(text)?.index ?? text.length;
    parts.push(text.slice(at, end));
    at = end;
  }
  return [parts, at];
}

/** After an opening brace: `name}` or `name, plural, one {...} other {...}}`. */
function parsePlace(text: string, from: number): [Part, number] {
  const head = /\s*(\w+)\s*(,\s*plural\s*,)?/y;
  head.lastIndex = from;
  const match = head.exec(text);
  if (!match) throw new SyntaxError(`a name is missing after { in: ${text}`);
  const name = match[1]!;
  if (!match[2]) return [{ name }, closing(text, head.lastIndex)];
  const plural: Record<string, Part[]> = {};
  let at = head.lastIndex;
  const option = /\s*(=\d+|\w+)\s*\{/y;
  for (option.lastIndex = at; ; option.lastIndex = at) {
    const found = option.exec(text);
    if (!found) break;
    const [parts, end] = parseUntil(text, option.lastIndex, true);
    plural[found[1]!] = parts;
    at = closing(text, end);
  }
  if (!plural.other) throw new SyntaxError(`the plural of ${name} has no "other" in: ${text}`);
  return [{ name, plural }, closing(text, at)];
}

function closing(text: string, from: number): number {
  const end = /\s*\}/y;
  end.lastIndex = from;
  if (!end.test(text)) throw new SyntaxError(`a } is missing in: ${text}`);
  return end.lastIndex;
}

function render(parts: Part[], values: Values, locale: string, hash: string): string {
  return parts.map((part) => renderPart(part, values, locale, hash)).join("");
}

function renderPart(part: Part, values: Values, locale: string, hash: string): string {
  if (typeof part === "string") return hash ? part.replaceAll("#", hash) : part;
  const value = values[part.name] ?? "";
  if (!("plural" in part)) return String(value);
  const count = Number(value);
  const chosen = part.plural[`=${count}`] ?? part.plural[new Intl.PluralRules(locale).select(count)] ?? part.plural.other!;
  return render(chosen, values, locale, new Intl.NumberFormat(locale).format(count));
}
