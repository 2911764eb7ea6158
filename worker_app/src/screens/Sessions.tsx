import { useEffect, useState } from "preact/hooks";
import { call, failureOf } from "@app/app/api";
import { t } from "@app/i18n";
import { when } from "@app/i18n/format";
import { ConfirmIt } from "./ConfirmIt";
import { wordsOf } from "./parts/faults";
import { Problem, useSending } from "./parts/sending";

const PATH = "/_allauth/browser/v1/auth/sessions";
type Session = { id: number; user_agent: string; ip: string; created_at: number; last_seen_at?: number; is_current: boolean };
type Reply = { data: Session[] };

/** Where she is signed in, and a key to be signed out everywhere else: a phone that was lost or lent. */
export function Sessions() {
  const [rows, setRows] = useState<Session[]>([]);
  const { busy, problem, send } = useSending();
  const [asksAgain, setAsksAgain] = useState(false);
  useEffect(() => void call<Reply>(PATH).then(({ data }) => setRows(data), console.info), []);
  const others = rows.filter((row) => !row.is_current);
  const endOthers = async () => {
    setAsksAgain(false);
    setRows((await call<Reply>(PATH, { method: "DELETE", body: { sessions: others.map((row) => row.id) } })).data);
  };
  const refused = (error: unknown) => {
    if (!failureOf(error).signedOut) return wordsOf(error);
    setAsksAgain(true); // signed in she is: she has just read this list. It asks who holds the phone
    return "";
  };
  const end = () => void send(endOthers, refused);
  if (!rows.length) return null;
  return (
    <details class="card" data-testid="sessions" data-n={rows.length}>
      <summary>{t("sessions.title", { n: rows.length })}</summary>
      <ul class="lines">
        {rows.map((row) => (
          <li class="line" key={row.id}>
            <span class="grow">
              <strong>{row.is_current ? t("sessions.here") : deviceOf(row.user_agent)}</strong>
              <br />
              <span class="muted small">
                {when(new Date((row.last_seen_at ?? row.created_at) * 1000).toISOString())} · {row.ip}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {asksAgain && <ConfirmIt done={end} go="sessions.end" />}
      {others.length > 0 && !asksAgain && (
        <button type="button" class="button wide" disabled={busy} onClick={end} data-testid="sessions-end">
          {t("sessions.end")}
        </button>
      )}
    </details>
  );
}

/** The more special first: a phone with Android says Linux, too, and most browsers say Chrome and Safari. */
const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
const BROWSERS = ["Firefox", "Edg", "SamsungBrowser", "OPR", "Chrome", "Safari"];

/** The part of a browser's name that she knows: the phone or system, and the browser. */
function deviceOf(agent: string): string {
  const known = [BROWSERS, SYSTEMS].map((names) => names.find((name) => agent.includes(name)) ?? "");
  return known.filter(Boolean).join(", ") || agent.slice(0, 40);
}
