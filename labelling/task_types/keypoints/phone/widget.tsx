import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import { looksOf } from "@app/app/looks";
import type { Question, WidgetProps } from "@app/app/widget";
import { Stage } from "@app/canvas/stage";
import { StageView, type Repaint } from "@app/canvas/StageView";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { LabelRow } from "@app/screens/parts/labels";
import { answer, type At, type Draft } from "./answer";
import { asksSeveral, idsOf, linesOf, nameOf, skeletonOf, type Skeleton } from "./skeleton";
import { KeypointTool, type Said } from "./tool";
import "./style.css";

type Drawing = { tool: KeypointTool; stage: Stage; question: Question; skeleton: Skeleton };

function Widget(props: WidgetProps<Draft>) {
  const { question, media } = props;
  const repaint = useRef(() => {});
  const skeleton = useMemo(() => skeletonOf(question), [question]);
  const { tool, stage } = useTool(props, skeleton, repaint);
  const drawing = { tool, stage, question, skeleton };
  useKeys((event) => press(drawing, event));
  return (
    <>
      <StageView stage={stage} media={media} label={t("keypoints.canvas", { n: tool.done, of: skeleton.points.length })} help={t("keypoints.help")} repaint={repaint} />
      <div class="dock stage-dock">
        {question.labels.length > 1 && <LabelRow labels={tool.labels} question={question} chosen={tool.figure.label} pick={(id) => tool.setLabel(id)} />}
        {asksSeveral(question) && <Figures {...drawing} />}
        <Asked {...drawing} />
        <Keys {...drawing} />
        {tool.here && <NudgeRow {...drawing} />}
      </div>
    </>
  );
}

/** The tool and its stage; the widget is drawn anew when a key would look different, not with every movement of a finger. */
function useTool({ question, draft, change, announce }: WidgetProps<Draft>, skeleton: Skeleton, repaint: Repaint) {
  const [, redraw] = useState({});
  const latest = useRef({ change, announce });
  latest.current = { change, announce };
  const made = useMemo(() => {
    let face: unknown[] = [];
    const seen = () => {
      repaint.current();
      const now = [tool.draft, tool.chosen, tool.asked, tool.hiding, tool.label];
      if (now.some((part, k) => part !== face[k])) redraw({});
      face = now;
    };
    const say = (said: Said, id: string, at: At | null) => latest.current.announce(t(`keypoints.said.${said}`, { name: nameOf(skeleton, id), x: at?.x ?? 0, y: at?.y ?? 0 }));
    const image = { width: question.widthPx, height: question.heightPx };
    const tool: KeypointTool = new KeypointTool(image, skeleton, asksSeveral(question), { change: (next, how) => latest.current.change(next, how), repaint: () => seen(), say });
    tool.labels = looksOf(question.labels);
    tool.label = question.labels[0]?.id ?? "";
    const stage = new Stage(image, tool, seen);
    return { tool, stage };
  }, [question]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => made.tool.load(draft), [made, draft]);
  return made;
}

/** What is asked for now: its name, and where it is in a small drawing. */
function Asked({ tool, stage, skeleton }: Drawing) {
  const { asked } = tool;
  const n = idsOf(skeleton).indexOf(asked) + 1;
  return (
    <div class="shape-row">
      <Ghost skeleton={skeleton} lit={asked} />
      <p class="shape-list asked-point" aria-live="polite" data-testid="asked" data-point={asked}>
        <strong>{asked ? nameOf(skeleton, asked) : t("keypoints.all_done")}</strong>{" "}
        <small class="muted">{asked ? t("keypoints.count", { n, of: skeleton.points.length }) : t("keypoints.redo")}</small>
      </p>
      <IconKey icon="minus" label={t("stage.zoom_out")} press={stage.zoomOut} />
      <IconKey icon="plus" label={t("stage.zoom_in")} press={stage.zoomIn} />
    </div>
  );
}

function Ghost({ skeleton, lit }: { skeleton: Skeleton; lit: string }) {
  const places = skeleton.points.map(({ at }) => at);
  if (!places.every(Boolean)) return null;
  const at = places as [number, number][];
  return (
    <svg class="ghost" viewBox="-12 -12 124 124" aria-hidden="true">
      {linesOf(skeleton).map(([a, b]) => (
        <path d={`M${at[a]!.join(" ")}L${at[b]!.join(" ")}`} />
      ))}
      {skeleton.points.map(({ id }, k) => (
        <circle cx={at[k]![0]} cy={at[k]![1]} r={id === lit ? 11 : 5} class={id === lit ? "lit" : undefined} />
      ))}
    </svg>
  );
}

function Keys({ tool, stage }: Drawing) {
  const place = t(tool.here ? "keypoints.next" : "keypoints.add_middle");
  return (
    <div class="tools modes">
      <IconKey icon="left" label={t("keypoints.back")} press={() => tool.step(-1)} testid="point-back" />
      <div class="segmented" role="group" aria-label={t("keypoints.keys")}>
        <button type="button" aria-pressed={tool.hiding} disabled={!tool.asked} onClick={() => tool.toggleHidden()} data-testid="point-hidden">
          {t("keypoints.hidden")}
        </button>
        <button type="button" aria-pressed={tool.here === null} disabled={!tool.asked} onClick={() => tool.absent()} data-testid="point-absent">
          {t("keypoints.absent")}
        </button>
      </div>
      <IconKey icon={tool.here ? "check" : "add"} label={place} press={() => tool.asked && tool.addInTheMiddle(stage.middle)} testid="point-middle" />
      <IconKey icon="right" label={t("keypoints.skip")} press={() => tool.step(1)} testid="point-skip" />
    </div>
  );
}

function Figures({ tool }: Drawing) {
  const { figures } = tool.draft;
  const name = (label: string) => tool.labels.get(label)?.name ?? label;
  return (
    <div class="shape-row">
      <div class="shape-list" role="group" aria-label={t("keypoints.list")}>
        {figures.map(({ label }, k) => (
          <button type="button" class="button numbers" aria-pressed={k === tool.chosen} onClick={() => tool.choose(k)} data-testid={`figure-${k}`} key={k}>
            {k + 1} · {name(label)}
          </button>
        ))}
        {figures.length > 0 && tool.chosen < figures.length && (
          <button type="button" class="button" onClick={() => tool.another()} data-testid="another-figure">
            {t("keypoints.another")}
          </button>
        )}
      </div>
      {tool.chosen < figures.length && <IconKey icon="bin" label={t("keypoints.delete")} press={() => tool.remove()} testid="remove" />}
    </div>
  );
}

function NudgeRow({ stage }: Drawing) {
  const arrow = (icon: "left" | "up" | "down" | "right", dx: number, dy: number) => <IconKey icon={icon} label={t(`stage.${icon}`)} press={() => stage.nudge(dx, dy)} />;
  return (
    <div class="tools" role="group" aria-label={t("stage.nudge")} dir="ltr">
      {arrow("left", -1, 0)}
      {arrow("up", 0, -1)}
      {arrow("down", 0, 1)}
      {arrow("right", 1, 0)}
    </div>
  );
}

/** Keyboard: N places or confirms, arrows move (Shift: 10 px), H hidden, X not there, comma and full stop from point to point, A another. */
function press({ tool, stage, question }: Drawing, { key, shiftKey }: KeyboardEvent): boolean {
  const small = key.toLowerCase();
  const label = byDigit(key, question.labels);
  if (stage.press(key, shiftKey ? 10 : 1)) return true;
  if (small === "n" || small === "h") {
    if (!tool.asked) return true;
    if (small === "n") tool.addInTheMiddle(stage.middle);
    else tool.toggleHidden();
  } else if (small === "x" || key === "Delete" || key === "Backspace") tool.absent();
  else if (small === "a") tool.another();
  else if (key === "," || key === ".") tool.step(key === "," ? -1 : 1);
  else if (label) tool.setLabel(label.id);
  else return false;
  return true;
}

export default { ...answer, Widget };
