import type { WorkerSummary } from "@app/app/types";
import { t } from "@app/i18n";
import { moment, money } from "@app/i18n/format";

/** Of today's money: what is in her balance, and when the rest is at the latest. */
export function TodayIs({ worker }: { worker: WorkerSummary }) {
  const { yours_today_micro: yours, today_by: by, earned_today_micro: earned, currency } = worker;
  if (!earned || yours === undefined || !by) return null;
  const said = { yours: money(yours, currency), later: money(earned - yours, currency), by: moment(by) };
  return (
    <p class="small" data-testid="today-is" data-earned={earned} data-yours={yours}>
      {t("work.today_is", said)}
    </p>
  );
}
