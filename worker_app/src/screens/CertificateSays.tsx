import { has, t } from "@app/i18n";
import { finePercent } from "@app/i18n/format";
import type { Certified } from "@app/verify/certificate";

/** What it says, with the counts that each belt is made of. */
export function CertificateSays({ body }: { body: Certified }) {
  return (
    <section class="card stack tight" data-testid="certificate-says">
      <h2 dir="auto">{body.holder}</h2>
      <ul class="lines">
        {body.kinds.map((kind) => (
          <li class="line" key={`${kind.task_type} ${kind.medium}`}>
            <span class="grow">
              <strong>{has(`${kind.task_type}.what`) ? t(`${kind.task_type}.what`) : kind.task_type}</strong> <span class="chip good">{t(`belt.${kind.belt}`)}</span>
              <br />
              <span class="muted small">{t("certificate.counts", { right: kind.right, known: kind.known, agreed: kind.agreed, decided: kind.decided, sure: finePercent(kind.sure_bps / 1e4) })}</span>
            </span>
          </li>
        ))}
        {body.exams.map((exam) => (
          <li class="line" key={`${exam.title} ${exam.passed_on}`}>
            <span class="grow">
              <strong dir="auto">{t("certificate.exam", { title: exam.title })}</strong>
              <br />
              <span class="muted small">{t("certificate.passed", { by: exam.by, day: exam.passed_on, right: exam.right, n: exam.counted })}</span>
            </span>
          </li>
        ))}
      </ul>
      {!body.kinds.length && !body.exams.length && <p>{t("certificate.nothing")}</p>}
    </section>
  );
}
