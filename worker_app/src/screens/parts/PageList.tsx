import type { ComponentChildren } from "preact";
import type { Pages } from "@app/app/pages";
import { t } from "@app/i18n";
import { wordsOf } from "./faults";

type Props<T> = { pages: Pages<T>; empty: string; row(line: T): ComponentChildren };

/** A list with its four states: loading, empty, trouble, more to come. */
export function PageList<T>({ pages, empty, row }: Props<T>) {
  const { rows, more, loading, problem, load } = pages;
  return (
    <>
      {!loading && !problem && rows.length === 0 && <p class="muted">{empty}</p>}
      <ul class="lines">{rows.map((line) => row(line))}</ul>
      {problem && (
        <p class="note" role="alert">
          {problem.mayPass ? t("error.no_network") : wordsOf(problem)}
        </p>
      )}
      {loading && <p class="muted">{t("task.loading")}</p>}
      {!loading && (more || problem) && (
        <button type="button" class="button wide" onClick={load}>
          {t(problem ? "list.again" : "list.more")}
        </button>
      )}
    </>
  );
}
