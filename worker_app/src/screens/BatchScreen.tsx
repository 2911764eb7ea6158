import { useEffect, useState } from "preact/hooks";
import { ApiError, failureOf } from "@app/app/api";
import { loadOffer } from "@app/app/offers";
import { dataSaver, owner, session } from "@app/app/session";
import type { Batch } from "@app/app/types";
import { loadTaskType } from "@app/app/widget";
import { t } from "@app/i18n";
import { bytes, duration, price } from "@app/i18n/format";
import { keepReadingAndSend } from "@app/outbox/sync";
import { uuid7 } from "@app/outbox/uuid7";
import { drawHere } from "@app/prefetch/ahead";
import { renew } from "@app/prefetch/held";
import { fetchToCache } from "@app/prefetch/media";
import { fetchMedia, packOf, packSize, readyOffline, TAKEN_BYTES, type Ready } from "@app/prefetch/pack";
import { useAgreed } from "./content/use_agreed";
import { AgreeKeys, Warned } from "./content/Warning";
import { BeltMissing } from "./BeltMissing";
import { ExamMissing } from "./ExamMissing";
import { ExamRule } from "./ExamRule";
import { announce, complain } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { useSending } from "./parts/sending";
import { Instructions } from "./task/Aloud";
import { wantedPx } from "./task/next_task";
import { useActiveClock } from "./task/use_active_clock";
import { Voices } from "./Voices";
import { OfferFacts, ReadyChip } from "./WorkScreen";

/** One offer: what is asked, what it pays, and a pack to take along. */
export function BatchScreen({ batch }: { batch: Batch }) {
  const { agreed, agree } = useAgreed(batch);
  useReading(batch.batch);
  const open = !batch.missing && agreed;
  return (
    <article class="stack" style={{ paddingTop: "10px" }} data-testid="batch">
      <a class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} href="#/work">
        <Icon name="back" />
        {t("nav.work")}
      </a>
      <h1 dir="auto">{batch.title}</h1>
      <div>
        <OfferFacts batch={batch} />
        <Besides batch={batch} />
      </div>
      <BeltMissing batch={batch} />
      <Warned batch={batch} />
      <ExamMissing batch={batch} />
      {batch.exam_tasks ? <ExamRule tasks={batch.exam_tasks} needed={batch.exam_needed ?? 0} pay={price(batch.base_micro, batch.currency)} /> : null}
      <p class="note good">
        <Icon name="shield" /> {t("batch.promise")}
      </p>
      <section class="card stack tight">
        <h2>{t("batch.how")}</h2>
        <HowItIsDone batch={batch} />
      </section>
      <Voices project={batch.project} />
      {open && !batch.exam_missing && !batch.training && <OfflinePack batch={batch} />}
      {batch.late_s && <p class="muted small">{t("batch.late", { lease: duration(batch.lease_s ?? 0), pack: duration(batch.pack_s || batch.lease_s || 0), late: duration(batch.late_s) })}</p>}
      <p class="muted small">{t("batch.offer_hash", { hash: batch.offer_hash.slice(0, 12) })}</p>
      {batch.missing ? (
        <a class="button main wide start" href="#/scores" data-testid="to-scores">
          {t("belt.see")}
        </a>
      ) : batch.exam_missing ? (
        <a class="button main wide start" href={batch.exam_missing.batch === null ? "#/work" : `#/exam/${batch.exam_missing.batch}`} data-testid="to-exam">
          {t(batch.exam_missing.batch === null ? "nav.work" : "exam.see")}
        </a>
      ) : agreed === false ? (
        <AgreeKeys agree={() => void agree()} />
      ) : (
        <a class="button main wide start" href={`#/task/${batch.batch}`} data-testid="start">
          {t("batch.start")}
        </a>
      )}
    </article>
  );
}

const GLANCE_MS = 1000;

/** Her time on this page is time of hers: it goes to the server when she leaves it. */
function useReading(batch: number) {
  const [since] = useState({});
  const clock = useActiveClock(since);
  useEffect(
    () => () => {
      const active_ms = clock.readMs();
      if (active_ms >= GLANCE_MS) keepReadingAndSend({ id: uuid7(), owner: owner(), batch, active_ms }).catch((error: unknown) => console.error(error));
    },
    [batch],
  );
}

/** How far the times of people lie apart, and who gets what of the price. An older offer on this phone says neither. */
function Besides({ batch }: { batch: Batch }) {
  const { half_took_s: half, fee_micro: fee, base_micro: hers, topped_micro: topped, currency } = batch;
  return (
    <>
      {topped ? (
        <p class="note good" data-testid="topped">
          {t("batch.topped", { money: price(topped, currency) })}
        </p>
      ) : null}
      {half && (
        <p class="muted small" data-testid="half-took">
          {t("batch.half", { low: duration(half.low), high: duration(half.high) })}
        </p>
      )}
      {fee !== undefined && (
        <p class="muted small" data-testid="fee">
          {t("batch.fee", { all: price(hers + fee, currency), hers: price(hers, currency), fee: price(fee, currency) })}
        </p>
      )}
    </>
  );
}

/** As the phone has them, and asked for anew: they may have changed. */
function HowItIsDone({ batch }: { batch: Batch }) {
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    loadOffer(batch).then(
      () => setTrouble(""),
      (error: unknown) => setTrouble(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error)),
    );
  }, [batch.batch]);
  if (batch.instructions) return <Instructions texts={batch.instructions} spoken={batch.spoken} />;
  if (trouble) return <p class="note">{trouble}</p>;
  return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
}

const ALONG = { thrift: false, pack: true };

function OfflinePack({ batch }: { batch: Batch }) {
  const [ready, setReady] = useState<Ready>();
  const { busy, send } = useSending();
  const count = async () => setReady((await readyOffline(owner()))[batch.batch]);
  useEffect(() => void count(), []);
  const take = async () => {
    try {
      // She asks for a pack: the data saver's smaller pictures hold, its smaller pack does not.
      // Without a signal she needs these, too: what is asked, and the code of its type and of those within it.
      const { task_type, config, spoken } = batch.config ? batch : await loadOffer(batch);
      await loadTaskType(task_type, config);
      if ((await packOf(owner(), batch.batch)).length) await renew(batch.batch, true); // what she holds already goes along
      const wantPx = dataSaver.get() ? 320 : await wantedPx(task_type, config);
      await drawHere(owner(), batch, { ...ALONG, wantPx });
      await fetchMedia(await packOf(owner(), batch.batch), TAKEN_BYTES);
      if (spoken) await fetchToCache(spoken.url);
      announce(t("batch.pack_ready"), true);
    } catch (error) {
      complain(error instanceof ApiError && !error.mayPass ? wordsOf(error) : t("error.no_network"));
    } finally {
      await count();
    }
  };
  if (batch.pack_s === 0) return <p class="muted small">{t("batch.not_along")}</p>;
  const n = Math.min(packSize(batch, ready?.n ?? 0, ALONG), batch.open_items, session.get().me?.worker?.may_hold ?? Infinity);
  return (
    <>
      <button type="button" class="button wide" disabled={busy} onClick={() => void send(take)} data-testid="take-pack" data-ready={ready?.n ?? 0}>
        <Icon name="phone" />
        <span>
          {busy ? t("batch.taking") : t("batch.take_pack")}
          {n > 0 && !busy && <small class="muted"> · {batch.bytes_per_task ? t("batch.pack_size", { n, size: bytes(n * batch.bytes_per_task) }) : t("batch.pack_text", { n })}</small>}
        </span>
      </button>
      <p class="chips">
        <ReadyChip ready={ready} />
      </p>
    </>
  );
}
