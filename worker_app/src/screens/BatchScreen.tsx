import { useEffect, useState } from "preact/hooks";
import { ApiError } from "@app/app/api";
import { loadOffer } from "@app/app/offers";
import { dataSaver, owner } from "@app/app/session";
import type { Batch } from "@app/app/types";
import { pick, t } from "@app/i18n";
import { draw, fetchMedia, packOf } from "@app/prefetch/pack";
import { announce } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { Markdown } from "./parts/Markdown";
import { wantedPx } from "./task/next_task";
import { OfferFacts } from "./WorkScreen";

/** One offer: what is asked, what it pays, and a pack to take along. */
export function BatchScreen({ batch }: { batch: Batch }) {
  return (
    <article class="stack" style={{ paddingTop: "10px" }} data-testid="batch">
      <a class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} href="#/work">
        <Icon name="back" />
        {t("nav.work")}
      </a>
      <h1>{batch.title}</h1>
      <div>
        <OfferFacts batch={batch} packed={0} />
      </div>
      <p class="note good">
        <Icon name="shield" /> {t("batch.promise")}
      </p>
      <section class="card stack tight">
        <h2>{t("batch.how")}</h2>
        <Instructions batch={batch} />
      </section>
      <OfflinePack batch={batch} />
      {batch.late_s && <p class="muted small">{t("batch.late", { minutes: (batch.lease_s ?? 0) / 60, hours: batch.late_s / 3600 })}</p>}
      <p class="muted small">{t("batch.offer_hash", { hash: batch.offer_hash.slice(0, 12) })}</p>
      <a class="button main wide start" href={`#/task/${batch.batch}`} data-testid="start">
        {t("batch.start")}
      </a>
    </article>
  );
}

/** As the phone has them, and asked for anew: they may have changed. */
function Instructions({ batch }: { batch: Batch }) {
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    loadOffer(batch).then(
      () => setTrouble(""),
      (error: ApiError) => setTrouble(error.mayPass ? t("error.no_network") : wordsOf(error)),
    );
  }, [batch.batch]);
  if (batch.instructions) return <Markdown text={pick(batch.instructions)} />;
  if (trouble) return <p class="note">{trouble}</p>;
  return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
}

function OfflinePack({ batch }: { batch: Batch }) {
  const [ready, setReady] = useState(0);
  const [busy, setBusy] = useState(false);
  const count = async () => setReady((await packOf(owner(), batch.batch)).length);
  useEffect(() => void count(), []);
  const take = async () => {
    setBusy(true);
    try {
      // She asks for a pack: the data saver's smaller pictures hold, its smaller pack does not.
      if (!batch.config) await loadOffer(batch); // without a signal she needs it, too
      await draw(owner(), batch, false, dataSaver.get() ? 320 : wantedPx(batch));
      await fetchMedia(await packOf(owner(), batch.batch));
      announce(t("batch.pack_ready"), true);
    } catch (error) {
      announce(error instanceof ApiError && !error.mayPass ? wordsOf(error) : t("error.no_network"), true);
    } finally {
      await count();
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button wide" disabled={busy} onClick={() => void take()} data-testid="take-pack" data-ready={ready}>
      <Icon name="phone" />
      <span>
        {busy ? t("batch.taking") : t("batch.take_pack")}
        {ready > 0 && <small class="muted"> · {t("work.ready_offline", { n: ready })}</small>}
      </span>
    </button>
  );
}
