import { useState } from "preact/hooks";
import { exactly, isWholeCents, money } from "@app/i18n/format";

type Props = { micro: number; currency: string; class?: string; testid?: string };

/** A sum in cents; where it is more than that, a tap tells it to the micro-unit. */
export function Sum({ micro, currency, class: name, testid }: Props) {
  const [whole, setWhole] = useState(false);
  const text = whole ? exactly(micro, currency) : money(micro, currency);
  if (isWholeCents(micro, currency))
    return (
      <span class={name} data-testid={testid} data-micro={micro}>
        {text}
      </span>
    );
  return (
    <button type="button" class={`sum ${name ?? ""}`} aria-expanded={whole} onClick={() => setWhole(!whole)} data-testid={testid} data-micro={micro}>
      {text}
    </button>
  );
}
