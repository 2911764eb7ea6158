import { useState } from "preact/hooks";
import { api } from "@app/app/api";
import { addPasskey, hasPasskeys } from "@app/app/auth";
import { installPrompt } from "@app/app/install";
import { chooseLanguage, dataSaver, refreshMe, session, setDataSaver, signOut } from "@app/app/session";
import { useStore } from "@app/app/store";
import { language, LANGUAGES, nameOf, t } from "@app/i18n";
import { number } from "@app/i18n/format";
import { sync } from "@app/outbox/sync";
import { Safety } from "./content/Safety";
import { CloseAccount } from "./CloseAccount";
import { Sessions } from "./Sessions";
import { HelpLines } from "./help/HelpLines";
import { announce, complain } from "./parts/announce";
import { wordsOf } from "./parts/faults";
import { Drafted } from "./parts/Drafted";
import { Icon } from "./parts/Icon";
import { ReadsField } from "./parts/ReadsField";
import { useSending } from "./parts/sending";
import { Sheet } from "./parts/Sheet";

export function MeScreen() {
  const { me } = useStore(session);
  const saver = useStore(dataSaver);
  const install = useStore(installPrompt);
  return (
    <div class="stack" style={{ paddingTop: "14px" }} data-testid="me">
      <h1>{me!.name || t("nav.me")}</h1>
      <p class="muted">{me!.email ?? me!.phone}</p>
      <Score />
      <section class="card stack">
        <Name />
        <label class="field">
          {t("settings.language")}
          <select value={language()} onChange={(event) => void chooseLanguage(event.currentTarget.value)} data-testid="language">
            {LANGUAGES.map((name) => (
              <option value={name} lang={name}>
                {nameOf(name)}
              </option>
            ))}
          </select>
        </label>
        <Drafted />
        <label class="switch">
          <input type="checkbox" role="switch" checked={saver} onChange={(event) => void setDataSaver(event.currentTarget.checked)} data-testid="data-saver" />
          <span>
            <strong>{t("settings.saver")}</strong>
            <br />
            <span class="muted small">{t("settings.saver_text")}</span>
          </span>
        </label>
      </section>
      <Reads />
      <Safety />
      <HelpLines others />
      {install && (
        <button type="button" class="button wide" onClick={() => void install.prompt().then(() => installPrompt.set(null))}>
          <Icon name="phone" />
          {t("settings.install")}
        </button>
      )}
      {hasPasskeys() && <Passkey />}
      <a class="button wide" href="#/notices" data-testid="to-notices">
        {t("settings.notices")}
      </a>
      <a class="button wide" href="#/teams" data-testid="to-teams">
        {t("settings.teams")}
      </a>
      <a class="button quiet wide" href="#/bans" data-testid="to-bans">
        {t("bans.title")}
      </a>
      <a class="button quiet wide" href="/console/account/export/" download data-testid="export">
        {t("settings.export")}
      </a>
      <Sessions />
      <SignOut />
      <CloseAccount me={me!} />
    </div>
  );
}

function Score() {
  const worker = useStore(session).me!.worker!;
  return (
    <section class="card stack tight" data-testid="score">
      <h2>{t("work.level_short", { n: worker.level })}</h2>
      <p>{t("score.how", { points: number(worker.points) })}</p>
      {worker.streak_days > 0 && <p>{t("score.streak", { n: worker.streak_days })}</p>}
      <a class="button wide" href="#/scores" data-testid="to-scores">
        {t("scores.title")}
      </a>
      <p class="muted small">{t("score.pseudonym", { name: worker.pseudonym })}</p>
    </section>
  );
}

function Name() {
  const { me } = useStore(session);
  const [name, setName] = useState(me!.name);
  const save = async () => {
    if (name.trim() === me!.name) return;
    await tellHow(api("/me", { method: "PATCH", body: { display_name: name.trim() } }), "settings.saved");
    await refreshMe();
  };
  return (
    <label class="field">
      {t("settings.name")}
      <input value={name} maxLength={80} autocomplete="name" onInput={(event) => setName(event.currentTarget.value)} onBlur={() => void save()} />
    </label>
  );
}

function Reads() {
  const worker = useStore(session).me!.worker!;
  const [reads, setReads] = useState(worker.reads ?? []);
  const { busy, send } = useSending();
  const save = async () => {
    await tellHow(api("/me", { method: "PATCH", body: { reads } }), "settings.saved");
    await refreshMe();
  };
  const same = String([...reads].sort()) === String([...(worker.reads ?? [])].sort());
  return (
    <section class="card stack tight">
      <ReadsField reads={reads} change={setReads} />
      {!same && (
        <button type="button" class="button main wide" disabled={busy || !reads.length} onClick={() => void send(save)} data-testid="reads-save">
          {t("reads.save")}
        </button>
      )}
    </section>
  );
}

function Passkey() {
  const { busy, send } = useSending();
  return (
    <button type="button" class="button wide" disabled={busy} onClick={() => void send(() => tellHow(addPasskey("Ilima"), "settings.passkey_added"))} data-testid="add-passkey">
      <Icon name="key" />
      {t("settings.add_passkey")}
    </button>
  );
}

async function tellHow(work: Promise<unknown>, good: string): Promise<void> {
  try {
    await work;
    announce(t(good), true);
  } catch (error) {
    complain(wordsOf(error));
  }
}

function SignOut() {
  const { unsent } = useStore(sync);
  const [asking, setAsking] = useState(false);
  const { busy, send } = useSending();
  const stays = () => (complain(t("error.no_network")), "");
  const leave = () => void send(signOut, stays);
  return (
    <>
      <button type="button" class="button quiet wide" disabled={busy} onClick={() => (unsent ? setAsking(true) : leave())} data-testid="sign-out">
        {t("settings.sign_out")}
      </button>
      {asking && (
        <Sheet title={t("settings.sign_out")} onClose={() => setAsking(false)}>
          <p>{t("sign_out.unsent", { n: unsent })}</p>
          <button type="button" class="button main" onClick={() => setAsking(false)}>
            {t("sign_out.stay")}
          </button>
          <button type="button" class="button" disabled={busy} onClick={leave}>
            {t("settings.sign_out")}
          </button>
        </Sheet>
      )}
    </>
  );
}
