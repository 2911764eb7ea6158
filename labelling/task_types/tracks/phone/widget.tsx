import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import { looksOf, type Labels } from "@app/app/looks";
import type { Question, WidgetProps } from "@app/app/widget";
import { Stage } from "@app/canvas/stage";
import { StageView } from "@app/canvas/StageView";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { LabelRow } from "@app/screens/parts/labels";
import { answer } from "./answer";
import { useFrame } from "./frames";
import "./style.css";
import { clock, TrackTool, type Draft, type Said, type Track } from "./tool";

const USUAL_FRAME_MS = 40; // of a clip whose frames nobody has counted

function Widget(props: WidgetProps<Draft>) {
  const { question, media } = props;
  const repaint = useRef(() => {});
  const { tool, stage } = useTool(props, repaint);
  const frame = useFrame(media.url, tool.draft.atMs, tool.frameMs);
  useKeys((event) => press(tool, stage, question, event));
  const shown = useMemo(() => ({ ...media, url: frame, tiles: undefined }), [media, frame]);
  return (
    <>
      <StageView stage={stage} media={shown} label={t("tracks.canvas", { n: tool.draft.tracks.length, at: clock(tool.draft.atMs) })} help={t("tracks.help")} repaint={repaint} />
      <div class="dock stage-dock">
        <LabelRow labels={tool.labels} question={question} chosen={tool.label} pick={(id) => tool.setLabel(id)} />
        <Time tool={tool} />
        {tool.active ? <Looking tool={tool} stage={stage} /> : <List tool={tool} stage={stage} />}
      </div>
    </>
  );
}

function useTool({ question, media, draft, change, announce }: WidgetProps<Draft>, repaint: { current: () => void }) {
  const [, redraw] = useState({});
  const labels = useMemo(() => looksOf(question.labels), [question]);
  const latest = useRef({ change, say });
  latest.current = { change, say };
  function say(said: Said, { label }: Track, atMs: number) {
    announce(t(`tracks.said.${said}`, { label: nameOf(labels, label), at: clock(atMs) }), said !== "moved" && said !== "chosen");
  }
  const made = useMemo(() => {
    const seen = () => {
      repaint.current();
      redraw({});
    };
    const image = { width: question.widthPx, height: question.heightPx };
    const frameMs = media.frames ? media.durationMs / media.frames : USUAL_FRAME_MS;
    const tool = new TrackTool(image, media.durationMs, frameMs, { change: (...next) => latest.current.change(...next), repaint: seen, say: (...said) => latest.current.say(...said) });
    tool.labels = labels;
    tool.label = question.labels[0]?.id ?? "";
    return { tool, stage: new Stage(image, tool, () => repaint.current()) };
  }, [question, media]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => made.tool.load(draft), [made, draft]);
  return made;
}

const nameOf = (labels: Labels, label: string): string => labels.get(label)?.name ?? label;

/** Where in the clip she is: ten frames on, ten back, or anywhere. */
function Time({ tool }: { tool: TrackTool }) {
  const { atMs } = tool.draft;
  return (
    <div class="track-time" dir="ltr">
      <IconKey icon="left" label={t("tracks.back")} press={() => tool.step(-1)} testid="track-back" />
      <input
        type="range"
        min={0}
        max={tool.lastMs}
        step={Math.max(1, Math.round(tool.frameMs))}
        value={atMs}
        aria-label={t("tracks.position")}
        aria-valuetext={clock(atMs)}
        onInput={(event) => tool.go(Number(event.currentTarget.value))}
        data-testid="track-position"
        data-at={atMs}
      />
      <span class="numbers">{clock(atMs)}</span>
      <IconKey icon="right" label={t("tracks.on")} press={() => tool.step(1)} testid="track-on" />
    </div>
  );
}

/** The three keys of every look: right, gone; and put right by a finger, or by arrows. */
function Looking({ tool, stage }: { tool: TrackTool; stage: Stage }) {
  return (
    <>
      <div class="track-keys">
        <button type="button" class="button main" onClick={() => tool.right()} data-testid="track-right">
          {t("tracks.right")}
        </button>
        <button type="button" class="button" onClick={() => tool.gone()} data-testid="track-gone">
          {t("tracks.gone")}
        </button>
      </div>
      <div class="tools" role="group" aria-label={t("stage.nudge")} dir="ltr">
        <IconKey icon="left" label={t("stage.left")} press={() => stage.nudge(-1, 0)} />
        <IconKey icon="up" label={t("stage.up")} press={() => stage.nudge(0, -1)} />
        <IconKey icon="down" label={t("stage.down")} press={() => stage.nudge(0, 1)} />
        <IconKey icon="right" label={t("stage.right")} press={() => stage.nudge(1, 0)} />
        <IconKey icon={tool.handle ? "size" : "move"} label={t(tool.handle ? "tracks.sizing" : "tracks.moving")} press={() => tool.toggleSizing()} />
        <IconKey icon="bin" label={t("tracks.delete")} press={() => tool.remove()} testid="remove" />
        <IconKey icon="check" label={t("tracks.done_one")} press={() => tool.choose(-1)} testid="finish-one" />
      </div>
    </>
  );
}

/** What is followed already, and how another one is begun. */
function List({ tool, stage }: { tool: TrackTool; stage: Stage }) {
  const { tracks, points } = tool.draft;
  return (
    <div class="shape-row">
      {tracks.length && !points.length ? (
        <div class="shape-list" role="group" aria-label={t("tracks.list")}>
          {tracks.map((track, k) => (
            <button type="button" class="button numbers" onClick={() => tool.choose(k)} data-testid={`track-${k}`} key={k}>
              {k + 1} · {nameOf(tool.labels, track.label)}
            </button>
          ))}
        </div>
      ) : (
        <p class="shape-list muted">{t("tracks.hint", { n: 4 - points.length })}</p>
      )}
      <IconKey icon="add" label={t("tracks.add_middle")} press={() => tool.addInTheMiddle(stage.middle)} testid="add-middle" />
      <IconKey icon="minus" label={t("stage.zoom_out")} press={stage.zoomOut} />
      <IconKey icon="plus" label={t("stage.zoom_in")} press={stage.zoomIn} />
    </div>
  );
}

/** R: it is right, G: it is gone, B: back; N boxes one in the middle, M moves or sizes it; arrows nudge it. */
function press(tool: TrackTool, stage: Stage, question: Question, { key, shiftKey, target }: KeyboardEvent): boolean {
  if (key.startsWith("Arrow") && (target as HTMLElement).matches("input")) return false;
  if (stage.press(key, shiftKey ? 10 : 1)) return true;
  const label = byDigit(key, question.labels);
  const keys: Record<string, () => void> = {
    r: () => tool.right(),
    g: () => tool.gone(),
    b: () => tool.step(-1),
    f: () => tool.step(1),
    n: () => tool.addInTheMiddle(stage.middle),
    m: () => tool.toggleSizing(),
    delete: () => tool.remove(),
    backspace: () => tool.remove(),
    escape: () => tool.choose(-1),
  };
  if (label) tool.setLabel(label.id);
  else if (keys[key.toLowerCase()]) keys[key.toLowerCase()]!();
  else return false;
  return true;
}

export default { ...answer, Widget };
