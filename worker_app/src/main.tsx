import { render } from "preact";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/screens.css";
import "./styles/task.css";
import { answerIn, readCsrfFrom } from "@app/app/api";
import { keepServerClockWith } from "@app/app/clock";
import { csrfCookie } from "@app/app/cookies";
import { start } from "@app/app/session";
import { askSpeakers } from "@app/app/speakers";
import { registerServiceWorker } from "@app/app/install";
import { followKeyboard } from "@app/app/room";
import { guessLanguage, language, setLanguage } from "@app/i18n";
import { getMeta, remember } from "@app/outbox/db";
import { listenForWakeUps } from "@app/outbox/sync";
import { App } from "@app/screens/App";
import { triedProject } from "@app/screens/trial/address";
import { tellOfFaults } from "@app/screens/parts/faults";
import { followHeading } from "@app/screens/parts/place";

async function boot(): Promise<void> {
  tellOfFaults();
  followKeyboard();
  followHeading();
  const tried = triedProject();
  if (tried) return tryIt(tried);
  await setLanguage((await getMeta<string>("language")) ?? guessLanguage());
  render(<App />, document.getElementById("app")!);
  listenForWakeUps();
  void askSpeakers();
  await start();
  // Asks that the browser never throws the outbox away to win space.
  await navigator.storage?.persist?.();
}

/** A requester looks at her task: no session of a worker's, nothing kept. */
async function tryIt(project: string): Promise<void> {
  await setLanguage(guessLanguage());
  const { TrialScreen } = await import("@app/screens/trial/TrialScreen");
  render(<TrialScreen project={project} />, document.getElementById("app")!);
}

readCsrfFrom(csrfCookie);
answerIn(language);
keepServerClockWith((seen) => remember("clock", seen));
if (!triedProject()) registerServiceWorker();
void boot();
