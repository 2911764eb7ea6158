import { useEffect, useState } from "preact/hooks";
import { failureOf } from "@app/app/api";
import { serverNowMs } from "@app/app/clock";
import { batches, addOffer, loadMoreOffers, moreOffers, refreshBatches } from "@app/app/offers";
import { dataSaver, owner, refreshMe, session } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { Batch, WorkerSummary } from "@app/app/types";
import { knowsTaskType } from "@app/app/widget";
import { t } from "@app/i18n";
import { bytes, duration, money, price, roundMoney } from "@app/i18n/format";
import { reconcile, renewSoon } from "@app/prefetch/held";
import { batchesInPack, readyOffline, tidy, type Ready } from "@app/prefetch/pack";
import { BansNotice } from "./bans/BansNotice";
import { BeltMissing } from "./BeltMissing";
import { ExamMissing } from "./ExamMissing";
import { EnoughCard, FieldKey } from "./Field";
import { NewsCard } from "./NewsCard";
import { wordsOf } from "./parts/faults";
import { Icon, type IconName } from "./parts/Icon";
import { Sum } from "./parts/Sum";
import { TodayIs } from "./TodayIs";
import { wishOf } from "./task/next_task";

export function WorkScreen() {
  const { me, reached } = useStore(session);
  const list = useStore(batches);
  const more = useStore(moreOffers);
  const [packs, setPacks] = useState<Record<number, Ready>>({});
  const [trouble, setTrouble] = useState("");

  const ask = (asking: Promise<void>) =>
    void asking.then(
      () => setTrouble(""),
      (error: unknown) => setTrouble(failureOf(error).mayPass ? t("work.offline") : wordsOf(error)),
    );
  useEffect(() => {
    const count = () => readyOffline(owner()).then(setPacks);
    void tidy().then(count);
    void refreshMe();
    ask(refreshBatches(owner()).then(() => holdOn(count)));
  }, []);

  const over = Object.values(packs).reduce((sum, ready) => sum + ready.ended, 0);
  const shown = (list ?? []).filter((batch) => knowsTaskType(batch.task_type) && (batch.open_items > 0 || packs[batch.batch]?.held));
  return (
    <div class="stack" style={{ paddingTop: "8px" }} data-testid="work">
      <h1 class="visually-hidden">{t("nav.work")}</h1>
      <Hero worker={me!.worker!} name={me!.name} />
      <NewsCard />
      <EnoughCard worker={me!.worker!} />
      <BansNotice n={me!.worker!.bans ?? 0} />
      {trouble && !reached && <p class="note">{trouble}</p>}
      {over > 0 && !reached && (
        <p class="note" data-testid="over">
          {t("work.over", { n: over })}
        </p>
      )}
      <h2>{t("work.choose")}</h2>
      {list && shown.length === 0 && <p class="card">{t("work.none")}</p>}
      {!list && !trouble && <div class="spinner" role="progressbar" aria-label={t("task.loading")} />}
      <div class="work-grid stack">
        {shown.map((batch) => (
          <Offer batch={batch} ready={packs[batch.batch]} />
        ))}
      </div>
      {more && (
        <button type="button" class="button wide" onClick={() => ask(loadMoreOffers())} data-testid="more-offers">
          {t("list.more")}
        </button>
      )}
    </div>
  );
}

function Hero({ worker, name }: { worker: WorkerSummary; name: string }) {
  return (
    <section class="hero" aria-label={t("work.you")} data-testid="hero">
      <div>
        <p>{name ? t("work.hello", { name }) : t("work.hello_plain")}</p>
        <p class="big">
          <Sum micro={worker.earned_today_micro} currency={worker.currency} testid="earned-today" />
        </p>
        <p>{t("work.today", { n: worker.answers_today })}</p>
        <TodayIs worker={worker} />
      </div>
      <FieldKey worker={worker} />
      <p class="facts">
        <span>
          <Icon name="star" />
          {t("work.points", { n: worker.points })}
        </span>
        {worker.streak_days > 0 && (
          <span>
            <Icon name="sun" />
            {t("work.streak", { n: worker.streak_days })}
          </span>
        )}
        {worker.pending_micro > 0 && (
          <span>
            <Icon name="wallet" />
            {t("work.pending", { money: money(worker.pending_micro, worker.currency) })}
          </span>
        )}
        {worker.wage_micro_per_hour ? (
          <span>
            <Icon name="clock" />
            {t("work.my_wage", { money: roundMoney(worker.wage_micro_per_hour, worker.currency) })}
          </span>
        ) : null}
      </p>
    </section>
  );
}

const MEDIA: Record<string, IconName> = { image: "image", text: "text", audio: "audio", video: "video", parts: "pair" };

/** With the server at hand: what she holds elsewhere comes here, and what ends soon is hers for longer. */
async function holdOn(count: () => Promise<void>): Promise<void> {
  const known = new Map((batches.get() ?? []).map((batch) => [batch.batch, batch]));
  await reconcile(owner(), ({ batch }) => (known.has(batch) ? wishOf(known.get(batch)!) : { thrift: dataSaver.get(), wantPx: 640 }));
  for (const batch of await batchesInPack(owner())) if (!known.has(batch)) await addOffer(batch);
  await renewSoon(owner(), batches.get() ?? []);
  await count();
}

const SOON_MS = 3_600_000;

/** Tasks on this phone that need no network, and for how long they are hers. */
export function ReadyChip({ ready }: { ready: Ready | undefined }) {
  if (!ready?.n) return null;
  const leftMs = Math.max(0, ready.endsMs - serverNowMs());
  const soon = leftMs < SOON_MS;
  return (
    <span class={soon ? "chip warm" : "chip good"} data-testid="ready" data-n={ready.n}>
      <Icon name={soon ? "clock" : "phone"} />
      {t(soon ? "work.ending" : "work.ready_for", { n: ready.n, left: duration(leftMs / 1000) })}
    </span>
  );
}

function Offer({ batch, ready }: { batch: Batch; ready: Ready | undefined }) {
  return (
    <a class="card batch" href={`#/batch/${batch.batch}`} data-testid={`batch-${batch.batch}`}>
      <div class="row" style={{ flexWrap: "nowrap" }}>
        <span class="medium">
          <Icon name={MEDIA[batch.medium] ?? "work"} />
        </span>
        <div class="grow">
          <h2 dir="auto">{batch.title}</h2>
          <p class="muted small">{t(`${batch.task_type}.what`)}</p>
        </div>
        <Icon name="open" />
      </div>
      <OfferFacts batch={batch} ready={ready} />
      <BeltMissing batch={batch} />
      <ExamMissing batch={batch} />
    </a>
  );
}

export function OfferFacts({ batch, ready }: { batch: Batch; ready?: Ready }) {
  const facts: [string, string][] = [
    [t("offer.pay"), price(batch.base_micro, batch.currency)],
    [t("offer.hundred"), price(batch.base_micro * 100, batch.currency)],
    [t("offer.time"), duration(batch.task_s)],
    [t("offer.wage"), batch.wage_micro_per_hour ? roundMoney(batch.wage_micro_per_hour, batch.currency) : t("offer.not_known")],
  ];
  return (
    <>
      <dl class="offer">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="chips">
        {batch.warnings?.length ? <span class="chip warm">{t("offer.warns")}</span> : null}
        {batch.exam_tasks ? <span class="chip warm">{t("offer.exam", { n: batch.exam_tasks })}</span> : null}
        {batch.training && !batch.exam_tasks && <span class="chip good">{t("offer.training")}</span>}
        {batch.bonus_micro > 0 && <span class="chip warm">{t("offer.bonus", { money: price(batch.bonus_micro, batch.currency) })}</span>}
        {batch.bytes_per_task > 0 && <span class="chip">{t("offer.data", { size: bytes(batch.bytes_per_task) })}</span>}
        {batch.open_items > 0 && <span class="chip">{t("work.open", { n: batch.open_items })}</span>}
        <ReadyChip ready={ready} />
      </p>
    </>
  );
}
