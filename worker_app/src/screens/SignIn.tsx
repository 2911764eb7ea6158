import { useEffect, useState } from "preact/hooks";
import { ApiError } from "@app/app/api";
import * as auth from "@app/app/auth";
import { go, route } from "@app/app/router";
import { chooseLanguage, refreshMe } from "@app/app/session";
import { language, LANGUAGES, nameOf, t } from "@app/i18n";
import { countWaitingOfAll } from "@app/outbox/outbox";
import { Drafted } from "./parts/Drafted";
import { Icon, Mark } from "./parts/Icon";
import { Problem, useSending } from "./parts/sending";

type Way = "code" | "password";

/** The state of the form: which way, which step, what went wrong. */
function useSignIn() {
  const [joining, setJoining] = useState(false);
  const [way, setWay] = useState<Way>("code");
  const [step, setStep] = useState<auth.Step | null>(null);
  const [who, setWho] = useState("");
  const [secret, setSecret] = useState("");
  const { busy, problem, send } = useSending();

  const enter = async (act: () => Promise<auth.Step>) => {
    const next = await act();
    setSecret("");
    if (next !== "in") return setStep(next);
    // Before the screens of a signed-in person are there: afterwards it would undo where she went. A link into a team is where she goes.
    if (route.get()[0] !== "team") go("work");
    await refreshMe();
  };
  const attempt = (act: () => Promise<auth.Step>) => send(() => enter(act), sentence);
  const submit = (event: Event) => {
    event.preventDefault();
    if (step && step !== "in") return attempt(() => auth.confirmCode(step, secret));
    if (joining) return attempt(() => auth.signUp(who, language()));
    return attempt(() => (way === "code" ? auth.requestCode(who) : auth.withPassword(who, secret)));
  };
  const password = way === "password" && !joining;
  return { joining, setJoining, way, setWay, step, setStep, who, setWho, secret, setSecret, busy, problem, attempt, submit, password };
}

type Form = ReturnType<typeof useSignIn>;

export function SignIn() {
  const form = useSignIn();
  const { step, who, secret, problem, password } = form;
  return (
    <main class="welcome brief" data-testid="sign-in">
      <LanguageRow />
      <Mark size={120} />
      <h1>{t(form.joining ? "join.title" : "sign_in.title")}</h1>
      <p class="lead">{t("welcome.lead")}</p>
      <Unsent />
      <form class="stack" onSubmit={form.submit}>
        {step ? (
          <CodeField label={t(step === "mfa" ? "sign_in.mfa_code" : "sign_in.code_sent", { who })} code={secret} set={form.setSecret} />
        ) : (
          <>
            <WhoField who={who} set={form.setWho} />
            {password && <PasswordField password={secret} set={form.setSecret} />}
          </>
        )}
        <Problem text={problem} />
        <button type="submit" class="button main wide" disabled={form.busy} data-testid="sign-in-send">
          {t(step || password ? "sign_in.enter" : "sign_in.send_code")}
        </button>
      </form>
      <OtherWays form={form} />
    </main>
  );
}

function OtherWays({ form }: { form: Form }) {
  const { joining, way } = form;
  if (form.step) return <Quiet text={t("sign_in.start_again")} press={() => form.setStep(null)} />;
  return (
    <div class="stack tight" style={{ marginTop: "12px" }}>
      {!joining && auth.hasPasskeys() && (
        <button type="button" class="button wide" disabled={form.busy} onClick={() => void form.attempt(auth.withPasskey)} data-testid="passkey">
          <Icon name="key" />
          {t("sign_in.passkey")}
        </button>
      )}
      {!joining && <Quiet text={t(way === "code" ? "sign_in.use_password" : "sign_in.use_code")} press={() => form.setWay(way === "code" ? "password" : "code")} testid="other-way" />}
      <Quiet text={t(joining ? "sign_in.have_account" : "sign_in.join")} press={() => form.setJoining(!joining)} testid="join" />
    </div>
  );
}

function sentence(error: unknown): string {
  if (error instanceof auth.SignInError) return refused(error);
  if (error instanceof ApiError) return t(error.status === 0 ? "error.no_network" : "error.server");
  return t("sign_in.not_right"); // a passkey that was cancelled
}

/** The common faults in her language; the rest as the server says it. */
function refused({ code, param, message }: auth.SignInError): string {
  if (code.endsWith("_password_mismatch")) return t("sign_in.mismatch");
  if (code === "incorrect_code") return t("sign_in.wrong_code");
  if (code.startsWith("invalid") && ["phone", "email"].includes(param)) return t("sign_in.bad_address");
  return message || t("sign_in.not_right");
}

function WhoField({ who, set }: { who: string; set(text: string): void }) {
  return (
    <label class="field">
      {t("sign_in.who")}
      <input name="who" required autocomplete="username" inputMode="email" autoCapitalize="none" value={who} onInput={(event) => set(event.currentTarget.value)} data-testid="who" />
      <span class="hint small muted">{t("sign_in.who_hint")}</span>
    </label>
  );
}

function PasswordField({ password, set }: { password: string; set(text: string): void }) {
  return (
    <label class="field">
      {t("sign_in.password")}
      <input name="password" type="password" required autocomplete="current-password" value={password} onInput={(event) => set(event.currentTarget.value)} data-testid="password" />
    </label>
  );
}

function CodeField({ label, code, set }: { label: string; code: string; set(text: string): void }) {
  return (
    <label class="field">
      {label}
      <input
        class="code-input"
        name="code"
        required
        autocomplete="one-time-code"
        autoCapitalize="characters"
        autofocus
        value={code}
        onInput={(event) => set(event.currentTarget.value)}
        data-testid="code"
      />
    </label>
  );
}

function LanguageRow() {
  return (
    <>
      <label class="row" style={{ paddingTop: "12px", justifyContent: "flex-end" }}>
        <Icon name="globe" label={t("settings.language")} />
        <select class="button" value={language()} onChange={(event) => void chooseLanguage(event.currentTarget.value)} data-testid="language">
          {LANGUAGES.map((name) => (
            <option value={name} lang={name}>
              {nameOf(name)}
            </option>
          ))}
        </select>
      </label>
      <Drafted />
    </>
  );
}

/** Signed out with answers on the phone: they are safe, and this says so. */
function Unsent() {
  const [count, setCount] = useState(0);
  useEffect(() => void countWaitingOfAll().then(setCount), []);
  return count ? (
    <p class="note" style={{ marginBottom: "16px" }}>
      {t("sign_in.unsent", { n: count })}
    </p>
  ) : null;
}

function Quiet({ text, press, testid }: { text: string; press(): void; testid?: string }) {
  return (
    <button type="button" class="button quiet wide" onClick={press} data-testid={testid}>
      {text}
    </button>
  );
}
