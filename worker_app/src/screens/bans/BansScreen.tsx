import { useState } from "preact/hooks";
import { usePages } from "@app/app/pages";
import { refreshMe } from "@app/app/session";
import type { Ban } from "@app/app/types";
import { t } from "@app/i18n";
import { moment } from "@app/i18n/format";
import { Icon } from "../parts/Icon";
import { PageList } from "../parts/PageList";
import { AppealSheet } from "./AppealSheet";
import { evidenceInWords } from "./evidence";

/** Every ban of hers, the newest first: where, until when, why, on what evidence, and her appeal. */
export function BansScreen() {
  const pages = usePages<Ban>("/bans");
  const [changed, setChanged] = useState<Record<number, Ban>>({});
  const keep = (ban: Ban) => {
    setChanged((now) => ({ ...now, [ban.ban]: ban }));
    void refreshMe();
  };
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="bans">
      <h1>{t("bans.title")}</h1>
      <PageList pages={pages} empty={t("bans.none")} row={(ban) => <BanCard ban={changed[ban.ban] ?? ban} keep={keep} key={ban.ban} />} />
    </div>
  );
}

function BanCard({ ban, keep }: { ban: Ban; keep(ban: Ban): void }) {
  const [asking, setAsking] = useState(false);
  return (
    <li class="ban" data-testid={`ban-${ban.ban}`} data-stands={ban.stands}>
      <article class="card stack tight">
        <h2>{ban.title ?? t("bans.everywhere")}</h2>
        <p>
          <span class={ban.stands ? "chip sorry" : "chip good"}>{stateOf(ban)}</span>
        </p>
        <p>
          <strong>{t(`bans.reason.${ban.reason}`)}</strong>
        </p>
        <p class="said">{ban.sentence}</p>
        <WhatItStandsOn ban={ban} />
        {ban.lift_note && <p class="said">{ban.lift_note}</p>}
        {ban.stands && (
          <p class="muted small row safe">
            <Icon name="shield" />
            <span class="grow">{t("bans.money")}</span>
          </p>
        )}
        <AppealState ban={ban} />
        {ban.may_appeal && (
          <button type="button" class="button main wide" onClick={() => setAsking(true)} data-testid="appeal-open">
            {t("appeal.ask")}
          </button>
        )}
      </article>
      {asking && <AppealSheet ban={ban} close={() => setAsking(false)} sent={keep} />}
    </li>
  );
}

function stateOf(ban: Ban): string {
  if (ban.stands) return t("bans.until", { at: moment(ban.until) });
  return t(`bans.state.${ban.lifted_because || "over"}`, { at: moment(ban.lifted_at ?? ban.until) });
}

function WhatItStandsOn({ ban }: { ban: Ban }) {
  if (!ban.evidence.length) return null;
  return (
    <>
      <h3>{t("bans.evidence")}</h3>
      <ul>
        {ban.evidence.map((entry) => (
          <li>
            {entry.project !== ban.project && `${entry.title}: `}
            {evidenceInWords(entry)}
          </li>
        ))}
      </ul>
    </>
  );
}

function AppealState({ ban }: { ban: Ban }) {
  if (!ban.appeal) return null;
  const { words, outcome, answer, answer_by } = ban.appeal;
  return (
    <section class={outcome && outcome !== "lost" ? "note good stack tight" : "note stack tight"} data-testid="appeal-state" data-outcome={outcome || "waiting"}>
      <h3>{t("appeal.yours")}</h3>
      <p class="said">{words}</p>
      <p>{outcome ? t(`appeal.${outcome}`) : t("appeal.waiting", { at: moment(answer_by) })}</p>
      {answer && <p class="said">{answer}</p>}
    </section>
  );
}
