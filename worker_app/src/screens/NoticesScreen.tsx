import { useEffect, useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { Notices, NoticesChosen } from "@app/app/contract";
import { isForbidden, isMissing, subscribe, takesPushes, unsubscribe } from "@app/app/push";
import { t } from "@app/i18n";
import { hourOfDay } from "@app/i18n/format";
import { announce } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";

const KINDS = ["work", "money", "appeals"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

class Refused extends Error {}

/** What she is told, by which way, and when not. All of it is off until she switches it on. */
export function NoticesScreen() {
  const [now, setNow] = useState<Notices | null>(null);
  const [problem, setProblem] = useState("");
  const sending = useSending();
  const load = async () => {
    try {
      const found = await api<Notices>("/me/notices");
      setNow(found);
      const here = found.by === "push" && KINDS.some((kind) => found[kind]);
      if (here && (await isMissing())) setNow(await save(found, {}));
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  useEffect(() => void load(), []);
  const change = (chosen: NoticesChosen) => {
    if (!now) return;
    const refused = (error: unknown) => {
      setNow(now);
      return error instanceof Refused ? t(isForbidden() ? "notices.forbidden" : "notices.no_push") : wordsOf(error);
    };
    setNow({ ...now, ...chosen }); // what she tapped shows at once, and goes back when it was refused
    void sending.send(async () => {
      setNow(await save(now, chosen));
      announce(t("notices.saved"), true);
    }, refused);
  };
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="notices">
      <h1>{t("notices.title")}</h1>
      <p class="muted">{t("notices.text")}</p>
      <Problem text={problem || sending.problem} testid="notices-problem" />
      {now ? <Chosen now={now} busy={sending.busy} change={change} /> : !problem && <div class="spinner" role="progressbar" aria-label={t("notices.title")} />}
    </div>
  );
}

/** Her zone goes with every change: she may have moved. A way to this phone is asked of the phone first. */
async function save(now: Notices, chosen: NoticesChosen): Promise<Notices> {
  const next = { ...now, ...chosen };
  const body: NoticesChosen = { time_zone: zone(), by: next.by, ...chosen };
  const isOn = KINDS.some((kind) => next[kind]);
  if (isOn && next.by === "push") {
    const keys = takesPushes() ? await subscribe(now.push_key) : null;
    if (!keys) throw new Refused();
    body.push = keys;
  }
  const saved = await api<Notices>("/me/notices", { method: "PATCH", body });
  if (!isOn || saved.by !== "push") await unsubscribe();
  return saved;
}

type Part = { now: Notices; busy: boolean; change(chosen: NoticesChosen): void };

function Chosen({ now, busy, change }: Part) {
  const none = KINDS.every((kind) => !now[kind]);
  return (
    <>
      <section class="card stack tight" aria-labelledby="notices-what">
        <h2 id="notices-what">{t("notices.what")}</h2>
        {KINDS.map((kind) => (
          <label class="switch" key={kind}>
            <input type="checkbox" role="switch" checked={now[kind]} disabled={busy} onChange={(event) => change({ [kind]: event.currentTarget.checked })} data-testid={`notices-${kind}`} />
            <span>{t(`notices.${kind}`)}</span>
          </label>
        ))}
        <p class="muted small">{t("notices.answers")}</p>
      </section>
      <Ways now={now} busy={busy} change={change} />
      <Quiet now={now} busy={busy} change={change} />
      {!none && (
        <button type="button" class="button wide" disabled={busy} onClick={() => change({ work: false, money: false, appeals: false })} data-testid="notices-stop">
          {t("notices.stop")}
        </button>
      )}
    </>
  );
}

function Ways({ now, busy, change }: Part) {
  return (
    <section class="card stack tight" aria-labelledby="notices-how">
      <h2 id="notices-how">{t("notices.how")}</h2>
      <p class="chips">
        {now.ways.map((way) => (
          <button type="button" class="button" key={way} aria-pressed={now.by === way} disabled={busy} onClick={() => change({ by: way })} data-testid={`notices-by-${way}`}>
            {t(`notices.by_${way}`)}
          </button>
        ))}
      </p>
    </section>
  );
}

function Quiet({ now, busy, change }: Part) {
  const hours = (name: "quiet_from" | "quiet_until") => (
    <label class="field">
      {t(`notices.${name}`)}
      <select value={now[name]} disabled={busy} onChange={(event) => change({ [name]: Number(event.currentTarget.value) })} data-testid={`notices-${name}`}>
        {HOURS.map((hour) => (
          <option value={hour} key={hour}>
            {hourOfDay(hour)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="card stack tight" aria-labelledby="notices-quiet">
      <h2 id="notices-quiet">{t("notices.quiet")}</h2>
      {hours("quiet_from")}
      {hours("quiet_until")}
      <p class="muted small">{t("notices.quiet_text")}</p>
    </section>
  );
}
