import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t, useParts, type Part } from "@app/i18n";

type Coming = { state: "here" | "coming" | "failed"; again(): void };

/** A screen that speaks of more than the first screens do: its part of her language comes with it. */
export function worded<Props extends object>(parts: readonly Part[], Screen: ComponentType<Props>): ComponentType<Props> {
  return function Worded(props: Props) {
    const words = useParts(parts);
    return words.state === "here" ? <Screen {...props} /> : <NotYet {...words} />;
  };
}

/** The same of a screen that nobody needs for her first task: its code comes with its words. */
export function fetched<Props extends object>(parts: readonly Part[], fetchIt: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let Screen: ComponentType<Props> | undefined;
  return function Fetched(props: Props) {
    const [state, setState] = useState<Coming["state"]>(Screen ? "here" : "coming");
    const again = () => {
      setState("coming");
      fetchIt().then(
        (found) => {
          Screen = worded(parts, found);
          setState("here");
        },
        (error: unknown) => {
          console.info("a screen's file is not to be had now", error);
          setState("failed");
        },
      );
    };
    useEffect(() => {
      if (!Screen) again();
    }, []);
    return Screen ? <Screen {...props} /> : <NotYet state={state} again={again} />;
  };
}

function NotYet({ state, again }: Coming) {
  if (state !== "failed") return <div class="spinner" role="progressbar" aria-label="Ilima" />;
  return (
    <div class="stack" style={{ padding: "14px" }}>
      <p class="note" role="alert">
        {t("error.no_network")}
      </p>
      <button type="button" class="button wide" onClick={again}>
        {t("list.again")}
      </button>
    </div>
  );
}
