import type { Batch } from "@app/app/types";
import { t } from "@app/i18n";
import { price } from "@app/i18n/format";
import { Icon } from "./parts/Icon";

/** The exam that an offer asks for and that she has not passed: what it asks of her, and what it pays; nothing where she may begin. */
export function ExamMissing({ batch }: { batch: Batch }) {
  if (!batch.exam_missing) return null;
  const { batch: exam, tasks: n, base_micro } = batch.exam_missing;
  return (
    <p class="note" data-testid="exam-missing">
      <Icon name="star" /> {exam === null ? t("exam.closed") : t("exam.needs", { n, money: price(base_micro, batch.currency) })}
    </p>
  );
}
