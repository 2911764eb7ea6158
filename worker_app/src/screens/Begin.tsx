import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { refreshMe } from "@app/app/session";
import type { Me } from "@app/app/types";
import { language, t } from "@app/i18n";
import { COUNTRIES, nameOfCountry, READ_FIRST } from "@app/i18n/places";
import { ReadsField } from "./parts/ReadsField";
import { Problem, useSending } from "./parts/sending";

/** One plain page before the first task: what is kept, who sees what, where she lives, what she reads. Recorded with its version. */
export function Begin({ me }: { me: Me }) {
  const worker = me.worker!;
  const [country, setCountry] = useState(worker.country ?? "");
  const [reads, setReads] = useState<string[]>(worker.reads?.length ? worker.reads : READ_FIRST.filter((one) => one === language()));
  const [adult, setAdult] = useState(false);
  const { busy, problem, send } = useSending();
  const agree = (event: Event) => {
    event.preventDefault();
    void send(async () => {
      await api("/me", { method: "PATCH", body: { reads } });
      await api("/me/terms", { body: { version: me.terms!.version, country, adult } });
      await refreshMe();
    });
  };
  return (
    <main class="page stack" data-testid="begin">
      <h1 style={{ marginTop: "14px" }}>{t("begin.title")}</h1>
      {["stored", "seen", "shown", "work"].map((part) => (
        <p>{t(`begin.${part}`, { name: worker.pseudonym })}</p>
      ))}
      <form class="stack" onSubmit={agree}>
        <label class="field">
          {t("begin.country")}
          <select required value={country} onChange={(event) => setCountry(event.currentTarget.value)} data-testid="begin-country">
            <option value="">{t("begin.choose")}</option>
            {COUNTRIES.map((code) => ({ code, name: nameOfCountry(code) }))
              .sort((a, b) => a.name.localeCompare(b.name))
              .map(({ code, name }) => (
                <option value={code}>{name}</option>
              ))}
          </select>
        </label>
        <ReadsField reads={reads} change={setReads} />
        <label class="switch">
          <input type="checkbox" required checked={adult} onChange={(event) => setAdult(event.currentTarget.checked)} data-testid="begin-adult" />
          <span>{t("begin.adult")}</span>
        </label>
        <Problem text={problem} />
        <button type="submit" class="button main wide" disabled={busy || !adult || !country || !reads.length} data-testid="begin-go">
          {t("begin.go")}
        </button>
      </form>
    </main>
  );
}
