import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useEveryKey, useTaskKeys } from "@app/app/keys";
import type { ChangeKind, LoadedMedia, Question, TaskType } from "@app/app/widget";
import { saidIn, t, useLanguage } from "@app/i18n";
import { announce, Announcer, complain, forgive, Trouble } from "../parts/announce";
import { Icon } from "../parts/Icon";
import { doneKeyOf } from "../task/done_key";
import * as drafting from "../task/history";
import type { Host } from "./host";
import { nextScreen, readDraft } from "./reading";

type Kind = TaskType<unknown, unknown>;
type Props = { host: Host; type: Kind; question: Question; media: LoadedMedia };

/** A widget as on the phone; its answer stands in the form around it with every change, and an unfinished one is not sent. */
export function Editor({ host, type, question, media }: Props) {
  useLanguage();
  const [drafts, setDrafts] = useState(() => drafting.begin(begun(type, host.first)));
  const [doubt, setDoubt] = useState("");
  const draft = drafting.latest(drafts);
  const sureOf = useRef<unknown>(undefined); // the draft that she was asked about and said yes to
  const latest = useRef(draft);
  const draftShown = useRef(draft);
  const toSay = useRef(() => undefined as void); // of a screen that comes first
  latest.current = draft;

  const change = useCallback((next: unknown, how: ChangeKind = "step") => {
    latest.current = next;
    setDrafts((before) => drafting.change(before, next, how, Date.now()));
  }, []);
  const begin = (value: unknown) => {
    change(type.start(value));
    announce(t("editor.begun"), true);
  };
  const undo = () => {
    setDrafts(drafting.undo);
    announce(t("task.undone"));
  };
  const refuses = () => {
    const said = readDraft(type, latest.current, question, sureOf.current === latest.current);
    if ("value" in said) {
      host.write(said.value);
      return false;
    }
    if (said.at !== latest.current) change(said.at, "silent"); // to the screen where it is
    if ("missing" in said) toSay.current = () => complain(t(said.missing), true);
    else toSay.current = () => setDoubt(said.doubt);
    if (said.at === draftShown.current) say();
    return true;
  };
  const say = () => {
    toSay.current();
    toSay.current = () => undefined;
  };
  const finish = (given?: unknown) => {
    if (given !== undefined) change(given);
    const onward = nextScreen(type, latest.current, question);
    if (onward === null) host.submit();
    else change(onward);
  };
  const sure = () => {
    sureOf.current = draft;
    setDoubt("");
    host.submit();
  };
  useLayoutEffect(() => {
    const said = readDraft(type, draft, question, true);
    host.write("value" in said ? said.value : null);
  }, [draft]);
  useEffect(() => {
    draftShown.current = draft;
    forgive();
    setDoubt("");
    say();
  }, [draft]);
  useEffect(() => host.onSubmit(refuses), []);
  useEffect(() => host.onStart(begin), []);
  useTaskKeys(undo, finish);

  const { Widget } = type;
  const next = nextScreen(type, draft, question);
  const key = doneKeyOf(type, draft, question);
  return (
    <main class="task" data-testid="editor">
      <h1 class="visually-hidden">{host.title}</h1>
      <div class="task-body">
        <Widget question={question} media={media} draft={draft} change={change} announce={announce} finish={finish} quick={false} />
      </div>
      <Trouble />
      {doubt && <Doubt words={t(doubt)} close={() => setDoubt("")} sure={sure} />}
      <Keys canUndo={drafting.canUndo(drafts)} undo={undo} host={host}>
        {next !== null && key && (
          <button type="button" class="button main" onClick={() => change(next)} data-testid="done">
            {saidIn(key)}
          </button>
        )}
      </Keys>
      <Announcer />
    </main>
  );
}

/** What to begin with: what stands in the form, where the type can read it. */
export function begun(type: Kind, value: unknown): unknown {
  if (value === null) return type.empty;
  try {
    return type.start(value);
  } catch (error) {
    console.info("begins empty:", error); // typed by hand, in no form that the type knows
    return type.empty;
  }
}

function Doubt({ words, close, sure }: { words: string; close(): void; sure(): void }) {
  return (
    <div class="trouble" role="alert" data-testid="doubt">
      <Icon name="warn" />
      <span class="grow">{words}</span>
      <button type="button" class="button" onClick={close}>
        {t("task.look_again")}
      </button>
      <button type="button" class="button" onClick={sure} data-testid="sure">
        {t("task.sure")}
      </button>
    </div>
  );
}

function Keys({ canUndo, undo, host, children }: { canUndo: boolean; undo(): void; host: Host; children: ComponentChildren }) {
  const [large, setLarge] = useState(false);
  useLayoutEffect(() => host.enlarge(large), [large]);
  useEffect(() => {
    const back = () => setLarge(false); // whoever tabs on goes on with the page
    addEventListener("blur", back);
    return () => removeEventListener("blur", back);
  }, []);
  useEveryKey(({ key }) => {
    if (key === "Escape") setLarge(false);
  });
  return (
    <div class="task-keys">
      <button type="button" class="button undo" onClick={undo} disabled={!canUndo} aria-label={t("task.undo")} data-testid="undo">
        <Icon name="undo" />
        <span class="word">{t("task.undo")}</span>
      </button>
      {children}
      <button type="button" class={large ? "button main" : "button"} onClick={() => setLarge(!large)} data-testid="enlarge">
        <Icon name={large ? "check" : "size"} />
        {t(large ? "editor.smaller" : "editor.larger")}
      </button>
    </div>
  );
}
