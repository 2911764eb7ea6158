import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "@app/i18n";
import { Icon } from "../parts/Icon";
import { namesOf } from "./names";

type CoverProps = { warnings: readonly string[]; picture?: string | null; show(): void; showAll?(): void };

/** In place of what may disturb: nothing of it is on the screen, is read out or sounds, but a picture's colours. */
export function Cover({ warnings, picture, show, showAll }: CoverProps) {
  return (
    <div class="look cover" data-testid="cover">
      <button type="button" class="covered" onClick={show} data-testid="uncover">
        {picture && <img src={picture} alt="" draggable={false} />}
        <span class="said">
          <Icon name="shield" />
          {t("content.covered", { what: namesOf(warnings) })}
          <strong>{t("content.show")}</strong>
        </span>
      </button>
      {showAll && (
        <button type="button" class="button quiet wide" onClick={showAll} data-testid="uncover-all">
          {t("content.show_all")}
        </button>
      )}
    </div>
  );
}

type Props = { warnings?: readonly string[]; picture?: string | null; children: ComponentChildren };

/** What may disturb, once she has asked to see it; anything else as it is. */
export function Covered({ warnings = [], picture, children }: Props) {
  const [shown, setShown] = useState(false);
  if (shown || !warnings.length) return <>{children}</>;
  return <Cover warnings={warnings} picture={picture} show={() => setShown(true)} />;
}
