import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { looksOf, type Labels } from "@app/app/looks";
import type { LoadedMedia, WidgetProps } from "@app/app/widget";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { Icon } from "@app/screens/parts/Icon";
import { LabelRow } from "@app/screens/parts/labels";
import { answer } from "./answer";
import { HoldKey } from "./HoldKey";
import { useSegmentKeys } from "./keys";
import { usePlayback, type Playback } from "./playback";
import "./style.css";
import { clock, SegmentTool, type Draft, type Said, type Segment } from "./tool";
import { CloseLook, useStrip, Wave, Whole, type Shown } from "./views";
import { AROUND_MS } from "./wave";

const SPEEDS = [1, 1.5, 0.75];
const BACK_MS = 3_000;
const AT_THE_END_MS = 300;
const STEPS_MS = [100, 10];

function Widget(props: WidgetProps<Draft>) {
  const { question, media } = props;
  const labels = useMemo(() => looksOf(question.labels), [question]);
  const tool = useTool(props, labels);
  const playback = usePlayback(media.durationMs, (atMs) => atMs >= media.durationMs - AT_THE_END_MS && tool.hear());
  useSegmentKeys(tool, playback, question);
  const shown = { tool, playback, media, labels, strip: useStrip(media) };
  return (
    <>
      <div class="look seg-look">
        <Medium media={media} playback={playback} />
        <Wave {...shown} />
        {!tool.chosen && <Whole {...shown} />}
        <Player playback={playback} durationMs={media.durationMs} />
        <p id="segments-help" class="visually-hidden">
          {t("segments.help")}
        </p>
      </div>
      <div class="dock stage-dock">
        <LabelRow labels={labels} question={question} chosen={tool.chosen?.label ?? tool.label} pick={(id) => tool.setLabel(id)} />
        {tool.chosen ? <Ends {...shown} /> : <Marking tool={tool} playback={playback} seen={media.kind === "video"} />}
        {!tool.chosen && <List tool={tool} labels={labels} playback={playback} />}
      </div>
    </>
  );
}

function useTool({ question, media, draft, change, announce }: WidgetProps<Draft>, labels: Labels): SegmentTool {
  const [, redraw] = useState({});
  const latest = useRef({ change, say });
  latest.current = { change, say };
  function say(said: Said, { label, start_ms, end_ms }: Segment) {
    const shown = said !== "chosen" && said !== "moved" && said !== "label";
    announce(t(`segments.said.${said}`, { label: labels.get(label)?.name ?? label, start: clock(start_ms), end: clock(end_ms) }), shown);
  }
  const tool = useMemo(
    () =>
      new SegmentTool(media.durationMs, question.labels[0]?.id ?? "", media.activity ?? [], {
        change: (...next) => latest.current.change(...next),
        redraw: () => redraw({}),
        say: (...said) => latest.current.say(...said),
      }),
    [question, media],
  );
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => tool.load(draft), [tool, draft]);
  return tool;
}

/** The sound itself, or the clip to look at. */
function Medium({ media, playback }: { media: LoadedMedia; playback: Playback }) {
  const { follow, attach } = playback;
  const events = { ref: attach, src: media.url ?? undefined, preload: "auto" as const, onPlay: follow, onPause: follow, onSeeked: follow, onLoadedData: follow, onEnded: follow };
  if (media.kind !== "video") return <audio {...events} data-testid="sound" />;
  return <video {...events} class="seg-clip" playsInline data-testid="clip" />;
}

function Player({ playback, durationMs }: { playback: Playback; durationMs: number }) {
  const next = SPEEDS[(SPEEDS.indexOf(playback.speed) + 1) % SPEEDS.length]!;
  return (
    <div class="seg-player">
      <button type="button" class="button main play" onClick={() => playback.toggle()} aria-label={t(playback.playing ? "audio.pause" : "audio.play")} data-testid="play">
        <Icon name={playback.playing ? "pause" : "play"} />
      </button>
      <span class="seg-time numbers" data-testid="time" dir="ltr">
        {clock(playback.atMs)} / {clock(durationMs)}
      </span>
      <button type="button" class="button" onClick={() => playback.seek(playback.atMs - BACK_MS)} aria-label={t("audio.back", { n: BACK_MS / 1000 })}>
        <Icon name="again" />
      </button>
      <button type="button" class="button numbers" onClick={() => playback.setSpeed(next)} aria-label={t("audio.speed", { n: playback.speed })}>
        {playback.speed}×
      </button>
    </div>
  );
}

/** Two ways to mark: for as long as she holds it, or the next stretch in which something is heard. */
function Marking({ tool, playback, seen }: { tool: SegmentTool; playback: Playback; seen: boolean }) {
  const take = () => {
    const end = tool.take(playback.atMs);
    if (end !== null) playback.seek(end);
  };
  return (
    <div class="seg-keys">
      <HoldKey tool={tool} playback={playback} label={t(seen ? "segments.hold_seen" : "segments.hold")} />
      {tool.draft.begun !== null ? (
        <IconKey icon="bin" label={t("segments.never_mind")} press={() => tool.cancel()} testid="never-mind" />
      ) : (
        tool.activity.length > 0 && (
          <button type="button" class="button take" onClick={take} data-testid="take">
            {t("segments.take")}
          </button>
        )
      )}
    </div>
  );
}

/** What there is, to choose by a tap; or what to do first. */
function List({ tool, labels, playback }: { tool: SegmentTool; labels: Labels; playback: Playback }) {
  const { segments } = tool.draft;
  if (!segments.length)
    return (
      <p class="shape-list muted" tabIndex={0}>
        {t("segments.hint")}
      </p>
    );
  const choose = (k: number) => {
    tool.select(k);
    playback.stopAt(segments[k]!.start_ms);
  };
  return (
    <div class="shape-list" role="group" aria-label={t("segments.list")}>
      {segments.map(({ label, start_ms, end_ms }, k) => (
        <button type="button" class="button segment-key" onClick={() => choose(k)} data-testid={`segment-${k}`} key={k}>
          <span class="swatch" style={{ backgroundColor: labels.get(label)?.colour }} />
          {t("segments.told", { label: labels.get(label)?.name ?? label, start: clock(start_ms), end: clock(end_ms) })}
        </button>
      ))}
    </div>
  );
}

/** One end at a time: seen from near, heard again and again, moved by a slide or by keys. */
function Ends(shown: Shown) {
  const { tool, playback } = shown;
  const choose = (side: "start" | "end") => {
    tool.setSide(side);
    playback.stopAt(tool.edge!);
  };
  return (
    <>
      <CloseLook {...shown} />
      <div class="seg-ends">
        <div class="segmented" role="group" aria-label={t("segments.which")}>
          {(["start", "end"] as const).map((side) => (
            <button type="button" aria-pressed={tool.side === side} onClick={() => choose(side)} data-testid={`side-${side}`} key={side}>
              {t(`segments.${side}`)}
            </button>
          ))}
        </div>
        <IconKey icon="again" label={t("segments.around")} press={() => playback.playAround(tool.edge!, AROUND_MS)} testid="around" />
        <IconKey icon="bin" label={t("segments.delete")} press={() => tool.remove()} testid="remove" />
        <IconKey icon="check" label={t("segments.done_one")} press={() => tool.select(-1)} testid="finish-one" />
      </div>
      <Nudges tool={tool} playback={playback} />
    </>
  );
}

function Nudges({ tool, playback }: { tool: SegmentTool; playback: Playback }) {
  useEffect(() => {
    if (!playback.playing) playback.seek(tool.edge ?? playback.atMs);
  }, [tool.edge]);
  const key = (by: number) => (
    <button type="button" class="button numbers" aria-label={t(by < 0 ? "segments.earlier" : "segments.later", { n: Math.abs(by) })} onClick={() => tool.nudge(by)} data-testid={`nudge${by}`} key={by}>
      <span dir="ltr">{`${by < 0 ? "−" : "+"}${Math.abs(by)}`}</span>
    </button>
  );
  return (
    <div class="seg-nudges" dir="ltr">
      {STEPS_MS.map((step) => key(-step))}
      <button type="button" class="button" aria-label={`${t("segments.here")}: ${t(`segments.put_${tool.side}`)}`} onClick={() => tool.put(playback.atMs, tool.side, "step")} data-testid="put-here">
        {t("segments.here")}
      </button>
      {[...STEPS_MS].reverse().map((step) => key(step))}
    </div>
  );
}

export default { ...answer, Widget };
