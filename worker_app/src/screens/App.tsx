import { useEffect, useRef } from "preact/hooks";
import { keepForOffline, takeUpdate, update } from "@app/app/install";
import { batches, findOffer } from "@app/app/offers";
import { go, route } from "@app/app/router";
import { owner, session } from "@app/app/session";
import { useStore } from "@app/app/store";
import type { Me } from "@app/app/types";
import { language, t, useLanguage } from "@app/i18n";
import { Begin } from "./Begin";
import { BatchScreen } from "./BatchScreen";
import { FeedbackSheet } from "./FeedbackSheet";
import { HistoryScreen } from "./HistoryScreen";
import { MeScreen } from "./MeScreen";
import { Announcer, forgive } from "./parts/announce";
import { arrived } from "./parts/place";
import { Frame } from "./parts/Frame";
import { fetched, worded } from "./parts/worded";
import { SignIn } from "./SignIn";
import { TaskScreen } from "./task/TaskScreen";
import { Welcome } from "./Welcome";
import { WorkScreen } from "./WorkScreen";

/** What a screen says beyond the first ones comes with it: its part of her language (tests/phone/test_languages.py). */
const Batch = worded(["work", "content"], BatchScreen);
const Task = worded(["work", "content"], TaskScreen);
const Wallet = fetched(["account"], async () => (await import("./WalletScreen")).WalletScreen);
const History = worded(["account", "work", "content"], HistoryScreen);
const Exam = fetched(["account", "work", "content"], async () => (await import("./ExamScreen")).ExamScreen);
const Certificate = fetched(["certificate"], async () => (await import("./MyCertificate")).MyCertificate);
const Check = fetched(["certificate"], async () => (await import("./CheckCertificate")).CheckCertificate);
const Me = worded(["account", "content"], MeScreen);
const Scores = fetched(["account"], async () => (await import("./ScoreScreen")).ScoreScreen);
const Notices = fetched(["notices"], async () => (await import("./NoticesScreen")).NoticesScreen);
const Team = fetched(["team"], async () => (await import("./TeamScreen")).TeamScreen);
const Teams = fetched(["team"], async () => (await import("./TeamsScreen")).TeamsScreen);
const Thread = fetched(["thread"], async () => (await import("./ThreadScreen")).ThreadScreen);
const Bans = fetched(["bans"], async () => (await import("./bans/BansScreen")).BansScreen);
const BeginWorded = worded(["account"], Begin);

/** Of the page as it stands now; who is without a network goes on with what she had. */
const hasAgreed = ({ terms }: Me): boolean => !terms || terms.agreed === terms.version;

export function App() {
  useLanguage();
  const { phase, me } = useStore(session);
  const [screen, id = ""] = useStore(route);
  useEffect(() => void keepForOffline(language(), phase === "ready"), [language(), phase === "ready"]);
  if (screen === "certificate") return <Check text={id} key={id} />; // whoever is shown one has no account
  return (
    <>
      {phase === "starting" && <div class="spinner" role="progressbar" aria-label="Ilima" />}
      {phase === "welcome" && <Welcome />}
      {phase === "signed_out" && <SignIn />}
      {phase === "ready" && (me?.worker ? hasAgreed(me) ? <Signed /> : <BeginWorded me={me} /> : <NotAWorker />)}
      <Announcer />
    </>
  );
}

function Signed() {
  const [screen = "work", id] = useStore(route);
  const known = useStore(batches);
  const newer = useStore(update);
  const batch = known?.find((one) => String(one.batch) === id);
  const seen = useRef(false);
  const needsBatch = screen === "batch" || screen === "task";
  useEffect(() => {
    if (needsBatch && !batch) findOffer(owner(), Number(id)).catch(() => go("work"));
    scrollTo(0, 0);
    forgive();
    if (seen.current) arrived(); // not when the app opens: nothing has been left yet
    seen.current = true;
  }, [screen, id]);
  return (
    <>
      {screen === "task" && batch ? <Task batch={batch} key={id} /> : <Frame screen={screen}>{inFrame()}</Frame>}
      <FeedbackSheet />
    </>
  );

  function inFrame() {
    if (screen === "batch" && batch) return <Batch batch={batch} />;
    if (needsBatch) return <div class="spinner" role="progressbar" aria-label={t("task.loading")} />;
    if (screen === "wallet") return <Wallet />;
    if (screen === "history") return <History />;
    if (screen === "me") return <Me />;
    if (screen === "exam" && id) return <Exam id={id} key={id} />;
    if (screen === "my-certificate") return <Certificate />;
    if (screen === "scores") return <Scores />;
    if (screen === "notices") return <Notices />;
    if (screen === "team" && id) return <Team secret={id} key={id} />;
    if (screen === "teams") return <Teams />;
    if (screen === "thread" && id) return <Thread project={id} key={id} />;
    if (screen === "bans") return <Bans />;
    return (
      <>
        {newer && (
          <button type="button" class="button wide" onClick={takeUpdate}>
            {t("update.ready")}
          </button>
        )}
        <WorkScreen />
      </>
    );
  }
}

function NotAWorker() {
  return (
    <main class="welcome">
      <h1 style={{ marginTop: "20vh" }}>{t("not_worker.title")}</h1>
      <p class="lead">{t("not_worker.text")}</p>
      <a class="button main" href="/">
        {t("not_worker.go")}
      </a>
    </main>
  );
}
