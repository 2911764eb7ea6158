import { go } from "@app/app/router";
import type { Batch } from "@app/app/types";
import { t } from "@app/i18n";
import { Icon } from "../parts/Icon";
import { namesOf } from "./names";

/** What an offer may show, said before it is seen. */
export function Warned({ batch }: { batch: Batch }) {
  if (!batch.warnings?.length) return null;
  return (
    <section class="note stack tight" data-testid="warned">
      <h2>{t("content.title")}</h2>
      <p>
        <Icon name="shield" /> <strong>{namesOf(batch.warnings)}</strong>
      </p>
      <p>{t("content.text")}</p>
    </section>
  );
}

type KeysProps = { agree(): void; away?: boolean };

/** She may say no as easily as yes. */
export function AgreeKeys({ agree, away }: KeysProps) {
  return (
    <>
      <button type="button" class="button main wide" onClick={agree} data-testid="agree">
        {t("content.agree")}
      </button>
      {away && (
        <button type="button" class="button wide" onClick={() => go("work")} data-testid="not-for-me">
          {t("content.not")}
        </button>
      )}
    </>
  );
}

/** Before the first task. */
export function WarningPage({ batch, agree }: { batch: Batch; agree(): void }) {
  return (
    <main class="teach stack" data-testid="warning">
      <h1 dir="auto">{batch.title}</h1>
      <Warned batch={batch} />
      <AgreeKeys agree={agree} away />
    </main>
  );
}
