import { useEffect, useState } from "preact/hooks";
import { api, failureOf } from "@app/app/api";
import type { Certificate } from "@app/app/types";
import { t } from "@app/i18n";
import type { Certified } from "@app/verify/certificate";
import { CertificateSays } from "./CertificateSays";
import { announce } from "./parts/announce";
import { wordsOf } from "./parts/faults";

/** Hers: what it says, its code to be shown, the page to print, and whether her name stands on it. */
export function MyCertificate() {
  const [named, setNamed] = useState(false);
  const [made, setMade] = useState<Certificate | null>(null);
  const [trouble, setTrouble] = useState("");
  const query = `name=${named ? "yes" : "no"}`;
  useEffect(() => {
    setMade(null); // what is copied says what the switch says
    api<Certificate>(`/work/certificate?${query}`).then(setMade, (error: unknown) => setTrouble(failureOf(error).mayPass ? t("error.no_network") : wordsOf(error)));
  }, [query]);
  const copy = () => void navigator.clipboard.writeText(made!.link).then(() => announce(t("certificate.copied"), true));
  return (
    <div class="stack" style={{ paddingTop: "10px" }} data-testid="my-certificate">
      <h1>{t("certificate.title")}</h1>
      <p>{t("certificate.lead")}</p>
      {trouble && <p class="note">{trouble}</p>}
      <label class="switch">
        <input type="checkbox" role="switch" checked={named} onChange={(event) => setNamed(event.currentTarget.checked)} data-testid="certificate-name" />
        <span>{t("certificate.name")}</span>
      </label>
      {!made && !trouble && <div class="spinner" role="progressbar" aria-label={t("certificate.title")} />}
      {made && (
        <>
          <img class="code" src={`/api/v1/work/certificate/file?as=png&${query}`} alt={t("certificate.code")} data-testid="certificate-code" />
          <CertificateSays body={made.body as Certified} />
          <a class="button main wide" href={`/api/v1/work/certificate/file?as=pdf&${query}`} download data-testid="certificate-pdf">
            {t("certificate.pdf")}
          </a>
          <button type="button" class="button wide" onClick={copy} data-testid="certificate-copy">
            {t("certificate.copy")}
          </button>
          <a class="button quiet wide" href={made.link.slice(made.link.indexOf("#"))} data-testid="certificate-see">
            {t("certificate.see")}
          </a>
        </>
      )}
    </div>
  );
}
