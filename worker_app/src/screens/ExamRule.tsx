import { t } from "@app/i18n";

/** What it asks, before she begins: nothing of it comes as a surprise. */
export function ExamRule({ tasks: n, needed, pay }: { tasks: number; needed: number; pay: string }) {
  return (
    <section class="card stack tight" data-testid="exam-rule">
      <p>{t("exam.rule", { n, needed, money: pay })}</p>
      <p class="muted small">{t("exam.at_the_end")}</p>
    </section>
  );
}
