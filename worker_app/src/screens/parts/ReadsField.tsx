import { language, t } from "@app/i18n";
import { nameOfLanguage, READ_FIRST } from "@app/i18n/places";

/** Which languages she can work in. Those of the app come first, then what is spoken where most of us are. */
export function ReadsField({ reads, change }: { reads: string[]; change(reads: string[]): void }) {
  const first = [...new Set([language(), ...reads, ...READ_FIRST])];
  const flip = (one: string) => change(reads.includes(one) ? reads.filter((other) => other !== one) : [...reads, one]);
  return (
    <fieldset class="reads stack tight">
      <legend>{t("reads.title")}</legend>
      <p class="muted small">{t("reads.why")}</p>
      <p class="chips">
        {first.map((one) => (
          <button type="button" class="button" aria-pressed={reads.includes(one)} lang={one} onClick={() => flip(one)} data-testid={`reads-${one}`}>
            {nameOfLanguage(one)}
          </button>
        ))}
      </p>
    </fieldset>
  );
}
