import { useEffect, useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import type { WorkTeam } from "@app/app/contract";
import { go } from "@app/app/router";
import { session } from "@app/app/session";
import { useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { announce } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";

/** What a link into a team opens: whose it is and what it means, before she joins. */
export function TeamScreen({ secret }: { secret: string }) {
  const pseudonym = useStore(session).me?.worker?.pseudonym ?? "";
  const [team, setTeam] = useState<WorkTeam | null>(null);
  const [trouble, setTrouble] = useState("");
  const { busy, problem, send } = useSending();
  useEffect(() => {
    const failed = (error: unknown) => setTrouble(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error));
    api<WorkTeam>("/work/team-link", { body: { secret } }).then(setTeam, failed);
  }, [secret]);
  const join = async () => {
    setTeam(await api<WorkTeam>("/work/team-link/join", { body: { secret } }));
    announce(t("team.joined"), true);
  };
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="team">
      <h1 dir="auto">{team ? team.name : t("team.title")}</h1>
      {!team && !trouble && <div class="spinner" role="progressbar" aria-label={t("team.title")} />}
      {trouble && <p class="note sorry">{trouble}</p>}
      {team && (
        <>
          <p data-testid="team-of">{t(team.joined ? "team.in" : "team.asks", { requester: team.requester })}</p>
          {["work", "sees", "free"].map((part) => (
            <p>{t(`team.${part}`, { requester: team.requester, name: pseudonym })}</p>
          ))}
          <Problem text={problem} />
          {team.joined ? (
            <button type="button" class="button main wide" onClick={() => go("work")} data-testid="team-work">
              {t("nav.work")}
            </button>
          ) : (
            <button type="button" class="button main wide" disabled={busy} onClick={() => void send(join)} data-testid="team-join">
              {t("team.join")}
            </button>
          )}
        </>
      )}
      <a class="button quiet wide" href="#/teams" data-testid="team-mine">
        {t("team.mine")}
      </a>
    </div>
  );
}
