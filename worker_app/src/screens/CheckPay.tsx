import { useEffect, useState } from "preact/hooks";
import { api, ApiError } from "@app/app/api";
import type { Page } from "@app/app/types";
import { has, t } from "@app/i18n";
import type { Finding } from "@app/verify";
import { wordsOf } from "./parts/faults";
import { Icon } from "./parts/Icon";
import { Problem, useSending } from "./parts/sending";

type Period = { period: string; day: string; state: string };

/** She recomputes her own pay of a period on her own phone, from what the server must hand out. */
export function CheckPay() {
  const [periods, setPeriods] = useState<Period[]>([]);
  const [period, setPeriod] = useState("");
  const [asked, setAsked] = useState(false);
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const { busy, problem, send } = useSending();
  useEffect(() => {
    api<Page<Period>>("/proofs/periods").then(
      ({ results }) => {
        setPeriods(results);
        setAsked(true);
        setPeriod(results[0]?.period ?? "");
      },
      () => setPeriods([]), // no network: there is nothing to check against now
    );
  }, []);
  const check = async () => {
    setFindings(null);
    const [bundle, verify] = await Promise.all([api(`/proofs/bundle?period=${encodeURIComponent(period)}`), import("@app/verify")]);
    setFindings(await verify.check(bundle));
  };
  const unread = (error: unknown) => (error instanceof ApiError ? wordsOf(error) : t("check.unreadable"));
  if (!periods.length) return asked ? <NothingYet /> : null;
  return (
    <section class="card stack tight" data-testid="check-pay">
      <h2>{t("check.title")}</h2>
      <p class="muted">{t("check.text")}</p>
      <div class="row">
        <label class="field grow">
          {t("check.period")}
          <select value={period} onChange={(event) => setPeriod(event.currentTarget.value)}>
            {periods.map((one) => (
              <option value={one.period}>{one.day}</option>
            ))}
          </select>
        </label>
        <button type="button" class="button main" style={{ alignSelf: "flex-end" }} disabled={busy} onClick={() => void send(check, unread)} data-testid="check">
          <Icon name="shield" />
          {t("check.do")}
        </button>
      </div>
      <Problem text={problem} />
      {findings && <Findings findings={findings} />}
    </section>
  );
}

function NothingYet() {
  return (
    <section class="card stack tight" data-testid="check-later">
      <h2>{t("check.title")}</h2>
      <p class="muted">{t("check.none_yet")}</p>
    </section>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  const broken = findings.filter((finding) => finding.holds === false).length;
  return (
    <div role="status" data-testid="check-result" data-holds={broken === 0}>
      <p class={broken ? "note sorry" : "note good"}>{broken ? t("check.broken", { n: broken }) : t("check.holds")}</p>
      <ul class="checks">
        {findings.map(({ name, holds, detail }) => (
          <li>
            <Icon name={holds === false ? "warn" : holds ? "check" : "more"} label={t(holds === false ? "check.no" : holds ? "check.yes" : "check.not_checked")} />
            <span>
              {has(`check.${name}`) ? t(`check.${name}`) : name}
              {holds === false && <span class="small"> · {detail}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
