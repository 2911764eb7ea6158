import { language, t } from "@app/i18n";
import { nameOfLanguage, READ_FIRST } from "@app/i18n/places";

const AT_FIRST = 9;

/** Which languages she can work in. Those of the app come first, then what is spoken where most of us are. */
export function ReadsField({ reads, change }: { reads: string[]; change(reads: string[]): void }) {
  const all = [...new Set([language(), ...reads, ...READ_FIRST])];
  const [first, rest] = [all.slice(0, AT_FIRST), all.slice(AT_FIRST)];
  const flip = (one: string) => change(reads.includes(one) ? reads.filter((other) => other !== one) : [...reads, one]);
  const key = (one: string) => (
    <button type="button" class="button" aria-pressed={reads.includes(one)} lang={one} onClick={() => flip(one)} data-testid={`reads-${one}`}>
      {nameOfLanguage(one)}
    </button>
  );
  return (
    <fieldset class="reads stack tight">
      <legend>{t("reads.title")}</legend>
      <p class="muted small">{t("reads.why")}</p>
      <p class="chips">{first.map(key)}</p>
      <details>
        <summary>{t("list.more")}</summary>
        <p class="chips">{rest.map(key)}</p>
      </details>
    </fieldset>
  );
}
