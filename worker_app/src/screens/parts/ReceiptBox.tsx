import type { Receipt } from "@app/app/types";
import { t } from "@app/i18n";
import { Icon } from "./Icon";

/** The signed words of the server, as they are: what she can show to anybody. */
export function ReceiptBox({ receipt, id }: { receipt: Receipt; id: string }) {
  const save = () => {
    const file = new Blob([JSON.stringify(receipt, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `ilima-receipt-${id}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <details class="receipt" data-testid="receipt">
      <summary>
        <Icon name="shield" />
        {t("receipt.title")}
      </summary>
      <dl>
        {Object.entries(receipt.body).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
          </>
        ))}
        <dt>{t("receipt.signature")}</dt>
        <dd>{receipt.signature}</dd>
      </dl>
      <button type="button" class="button" onClick={save}>
        {t("receipt.save")}
      </button>
    </details>
  );
}
