import { useEffect, useState } from "preact/hooks";
import { api } from "@app/app/api";
import type { SigningKey } from "@app/app/types";
import { t } from "@app/i18n";
import { getMeta, remember } from "@app/outbox/db";
import type { Verdict } from "@app/verify/certificate";
import { CertificateSays } from "./CertificateSays";
import { Icon } from "./parts/Icon";

const KEY = "signing_key";

/** Anybody's page: what a certificate says, and whether it is the operator's. Checked here; the document is sent to nobody. */
export function CheckCertificate({ text }: { text: string }) {
  const [asked, setAsked] = useState(text);
  const [typed, setTyped] = useState("");
  const [verdict, setVerdict] = useState<Verdict | "no_key" | null>(null);
  useEffect(() => {
    setVerdict(null);
    if (!asked) return;
    void verdictOf(asked).then(setVerdict);
  }, [asked]);
  return (
    <main class="page stack" style={{ paddingTop: "14px" }} data-testid="check-certificate">
      <h1>{t("certificate.check")}</h1>
      {asked && !verdict && <div class="spinner" role="progressbar" aria-label={t("certificate.check")} />}
      {verdict && <Said verdict={verdict} />}
      <details class="card" open={!asked}>
        <summary>{t("certificate.other")}</summary>
        <form
          class="stack tight"
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(typed.trim());
          }}
        >
          <label class="field">
            {t("certificate.paste")}
            <textarea rows={4} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} data-testid="certificate-text" />
          </label>
          <button type="submit" class="button wide" disabled={!typed.trim()} data-testid="certificate-check">
            <Icon name="shield" />
            {t("certificate.do")}
          </button>
        </form>
      </details>
      <p class="muted small">{t("certificate.how")}</p>
    </main>
  );
}

/** The key is asked for when there is a network, and remembered for when there is none. */
async function verdictOf(text: string): Promise<Verdict | "no_key"> {
  const known = await getMeta<SigningKey>(KEY);
  const key = await api<SigningKey>("/proofs/key").catch(() => known);
  if (!key) return "no_key";
  if (key !== known) remember(KEY, key);
  const { checkCertificate } = await import("@app/verify/certificate");
  return checkCertificate(text, key.public_key);
}

function Said({ verdict }: { verdict: Verdict | "no_key" }) {
  if (verdict === "no_key") return <p class="note">{t("certificate.no_key")}</p>;
  if (verdict.says !== "signed")
    return (
      <p class="note sorry" role="status" data-testid="verdict" data-says={verdict.says}>
        {t(`certificate.${verdict.says}`)}
      </p>
    );
  const { operator, made_on: day } = verdict.body;
  return (
    <>
      <p class="note good" role="status" data-testid="verdict" data-says="signed">
        <Icon name="shield" /> {t("certificate.signed", { operator, day })}
      </p>
      <CertificateSays body={verdict.body} />
    </>
  );
}
