import { useEffect, useState } from "preact/hooks";
import { session } from "@app/app/session";
import { useStore } from "@app/app/store";
import { language, t } from "@app/i18n";

export type HelpLine = { name: string; number: string; source: string };
type Lines = Record<string, HelpLine[]>;

/** Of all countries, and of many more lines: a list that others keep. */
const EVERYWHERE = "https://findahelpline.com";

/** Who listens where she lives, with the other countries behind a tap; whether she calls, nobody here learns. */
export function HelpLines({ others = false }: { others?: boolean }) {
  const country = useStore(session).me?.worker?.country ?? "";
  const [lines, setLines] = useState<Lines>({});
  useEffect(() => void import("./help_lines.json").then((found) => setLines(found.default), console.info), []);
  const hers = lines[country] ?? [];
  return (
    <section class="card stack tight" aria-label={t("help.title")} data-testid="help-lines" data-country={country}>
      <h2>{t("help.title")}</h2>
      <p class="muted small">{t("help.text")}</p>
      {hers.map((line) => (
        <Line line={line} key={line.number} />
      ))}
      <a class="button quiet wide" href={EVERYWHERE} target="_blank" rel="noreferrer" data-testid="help-everywhere">
        {t("help.everywhere")}
      </a>
      {others && (
        <details>
          <summary>{t("help.others")}</summary>
          <div class="stack">
            {sorted(Object.keys(lines).filter((one) => one !== country)).map((one) => (
              <div class="stack tight" key={one} data-testid={`help-${one}`}>
                <h3>{nameOfCountry(one)}</h3>
                {lines[one]!.map((line) => (
                  <Line line={line} key={line.number} />
                ))}
              </div>
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

function Line({ line }: { line: HelpLine }) {
  return (
    <a class="button wide" href={`tel:${line.number.replaceAll(" ", "")}`} data-testid="help-line">
      <span>
        {line.name}
        <br />
        <bdi>{line.number}</bdi>
      </span>
    </a>
  );
}

const nameOfCountry = (code: string): string => new Intl.DisplayNames([language()], { type: "region" }).of(code) ?? code;
const sorted = (codes: string[]): string[] => codes.sort((a, b) => nameOfCountry(a).localeCompare(nameOfCountry(b), language()));
