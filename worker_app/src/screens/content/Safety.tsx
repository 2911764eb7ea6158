import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { batches, refreshBatches } from "@app/app/offers";
import { owner, refreshMe, session } from "@app/app/session";
import { useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { announce, complain } from "../parts/announce";
import { wordsOf } from "../parts/faults";
import { useSending } from "../parts/sending";
import { giveBackPack } from "../task/use_task";
import { CATEGORIES } from "./names";

/** What she never wants to see. Work that warns of it is not offered, and what she holds of it goes back. */
export function Safety() {
  const worker = useStore(session).me!.worker!;
  const before = worker.avoids ?? [];
  const [avoids, setAvoids] = useState(before);
  const { busy, send } = useSending();
  const flip = (one: string) => setAvoids(avoids.includes(one) ? avoids.filter((other) => other !== one) : [...avoids, one]);
  const save = async () => {
    try {
      await api("/me", { method: "PATCH", body: { avoids } });
      for (const batch of batches.get() ?? []) if (batch.warnings?.some((one) => avoids.includes(one))) await giveBackPack(batch);
      await refreshMe();
      await refreshBatches(owner());
      announce(t("settings.saved"), true);
    } catch (error) {
      complain(wordsOf(error));
    }
  };
  return (
    <section class="card stack tight" data-testid="safety">
      <fieldset class="reads stack tight">
        <legend>{t("content.never")}</legend>
        <p class="muted small">{t("content.never_text")}</p>
        <p class="chips">
          {CATEGORIES.map((one) => (
            <button type="button" class="button" aria-pressed={avoids.includes(one)} onClick={() => flip(one)} data-testid={`avoid-${one}`}>
              {t(`content.${one}`)}
            </button>
          ))}
        </p>
      </fieldset>
      {String([...avoids].sort()) !== String([...before].sort()) && (
        <button type="button" class="button main wide" disabled={busy} onClick={() => void send(save)} data-testid="safety-save">
          {t("content.save")}
        </button>
      )}
    </section>
  );
}
