import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { WorkTeam } from "@app/app/contract";
import { usePages } from "@app/app/pages";
import { t } from "@app/i18n";
import { announce } from "./parts/announce";
import { Icon } from "./parts/Icon";
import { PageList } from "./parts/PageList";
import { Problem, useSending } from "./parts/sending";

/** The teams that she is in, and the way out of each. */
export function TeamsScreen() {
  const pages = usePages<WorkTeam>("/work/teams");
  const [left, setLeft] = useState<number[]>([]);
  const shown = { ...pages, rows: pages.rows.filter((one) => !left.includes(one.team)) };
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="teams">
      <a class="button quiet" style={{ alignSelf: "flex-start", paddingInline: "4px" }} href="#/me">
        <Icon name="back" />
        {t("nav.me")}
      </a>
      <h1>{t("team.mine")}</h1>
      <p class="muted small">{t("team.free")}</p>
      <PageList pages={shown} empty={t("team.none")} row={(one) => <Mine team={one} left={() => setLeft([...left, one.team])} key={one.team} />} />
    </div>
  );
}

function Mine({ team, left }: { team: WorkTeam; left(): void }) {
  const { busy, problem, send } = useSending();
  const leave = async () => {
    await api(`/work/teams/${team.team}`, { method: "DELETE" });
    left();
    announce(t("team.left"), true);
  };
  return (
    <li class="stack tight" style={{ paddingBottom: "10px" }} data-testid={`team-${team.team}`}>
      <strong dir="auto">{team.name}</strong>
      <span class="muted small" dir="auto">
        {team.requester}
      </span>
      <Problem text={problem} />
      <button type="button" class="button" disabled={busy} onClick={() => void send(leave)} data-testid="team-leave">
        {t("team.leave")}
        <span class="visually-hidden"> {team.name}</span>
      </button>
    </li>
  );
}
