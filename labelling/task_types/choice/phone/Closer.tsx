import { t } from "@app/i18n";
import type { Cell } from "@app/app/widget";
import { Photo } from "@app/screens/parts/Picture";
import { Sheet } from "@app/screens/parts/Sheet";
import { useWidest } from "@app/screens/parts/widest";

type Props = { cell: Cell; n: number; of: number; chosen: boolean; toggle(): void; leave(as: "skip" | "report"): void; close(): void };

/** One picture of a grid, as sharp as it can be had, and what can be done with it alone. */
export function Closer({ cell: { media }, n, of, chosen, toggle, leave, close }: Props) {
  const url = useWidest(media);
  return (
    <Sheet title={t("choice.grid_cell", { n, of })} onClose={close} testid="closer">
      {url && <Photo url={url} widthPx={media.widthPx} heightPx={media.heightPx} tiles={media.tiles} />}
      <button type="button" class="button main" onClick={toggle} data-testid="closer-toggle">
        {t(chosen ? "choice.grid_leave" : "choice.grid_take")}
      </button>
      <button type="button" class="button" onClick={() => leave("skip")} data-testid="closer-skip">
        {t("choice.grid_skip")}
      </button>
      <button type="button" class="button" onClick={() => leave("report")} data-testid="closer-report">
        {t("task.report")}
      </button>
      <button type="button" class="button quiet" onClick={close} data-testid="closer-close">
        {t("task.go_on")}
      </button>
    </Sheet>
  );
}
