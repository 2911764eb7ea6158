import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import { looksOf } from "@app/app/looks";
import type { Question, WidgetProps } from "@app/app/widget";
import { Stage } from "@app/canvas/stage";
import { StageView, type Repaint } from "@app/canvas/StageView";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { LabelRow } from "@app/screens/parts/labels";
import { answer, type Draft } from "./answer";
import { loadRegions } from "./regions";
import { BRUSHES, MaskTool, type Mode, type Said } from "./tool";
import "./style.css";

let hinted = false; // once is enough
type Drawing = { tool: MaskTool; stage: Stage; question: Question; told(): void };
const percent = (share: number): string => (share > 0 && share < 0.01 ? "< 1" : String(Math.round(100 * share)));

function Widget(props: WidgetProps<Draft>) {
  const { question, media } = props;
  const repaint = useRef(() => {});
  const { tool, stage } = useTool(props, repaint);
  const told = () => {
    const here = tool.here;
    if (here) props.announce(t(here.taken ? "mask.here.taken" : "mask.here.free", { share: percent(here.share) }));
  };
  const drawing = { tool, stage, question, told };
  useKeys((event) => press(drawing, event.key, event.shiftKey ? 10 : 1));
  return (
    <>
      <StageView stage={stage} media={media} label={saidOf(tool)} help={t("mask.help")} repaint={repaint} />
      <div class="dock stage-dock">
        <LabelRow labels={tool.labels} question={question} chosen={tool.label} pick={(id) => tool.setLabel(id)} />
        <FineRow {...drawing} />
        {tool.cursor ? <WalkRow {...drawing} /> : <ModeRow {...drawing} />}
      </div>
    </>
  );
}

/** What is coloured in, and how much of the picture each label has. */
function saidOf(tool: MaskTool): string {
  const each = tool.draft.masks.map(({ label }) => t("mask.one", { label: tool.labels.get(label)?.name ?? label, share: percent(tool.shareOf(label)) }));
  return [t("mask.canvas", { n: each.length }), ...each].join(". ");
}

/** The tool and its stage; the widget is drawn anew when a key would look different, not with every movement of a finger. */
function useTool({ question, media, draft, change, announce }: WidgetProps<Draft>, repaint: Repaint) {
  const [, redraw] = useState({});
  const latest = useRef({ change, announce });
  latest.current = { change, announce };
  const made = useMemo(() => {
    let face: unknown[] = [];
    const seen = () => {
      repaint.current();
      const now = [tool.draft, tool.mode, tool.hand, tool.level, tool.cut, tool.label, tool.brush, tool.cursor === null];
      if (now.some((part, k) => part !== face[k])) redraw({});
      face = now;
    };
    const say = (said: Said, share: number) => {
      const label = tool.labels.get(tool.label)?.name ?? tool.label;
      latest.current.announce(t(`mask.said.${said}`, { label, share: percent(share), whole: percent(tool.shareOf(tool.label)) }), said === "nothing" || said === "cleared");
    };
    const image = { width: question.widthPx, height: question.heightPx };
    const tool: MaskTool = new MaskTool(image, looksOf(question.labels), { change: (next, how) => latest.current.change(next, how), repaint: () => seen(), say, px: () => 1 / stage.view.scale });
    const stage: Stage = new Stage(image, tool, seen);
    return { tool, stage };
  }, [question]);
  useEffect(() => {
    let here = true;
    void loadRegions(media.aids, made.tool.painting.grid).then((regions) => {
      if (!here) return;
      made.tool.setRegions(regions);
      if (regions && !hinted) latest.current.announce(t("mask.hint"), true);
      hinted ||= regions !== null;
    });
    return () => void (here = false);
  }, [made, media]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => made.tool.load(draft), [made, draft]);
  return made;
}

/** How coarse the regions are, or how wide the brush is; and how near she is. */
function FineRow({ tool, stage }: Drawing) {
  return (
    <div class="shape-row">
      {tool.mode === "regions" && tool.cut ? <Levels tool={tool} /> : <Brushes tool={tool} />}
      {tool.mode === "regions" && tool.cut ? (
        <IconKey icon="move" label={t("mask.walk")} press={() => tool.point(stage.middle)} testid="mask-walk" />
      ) : (
        <IconKey icon="insert" label={t("mask.fill")} press={() => tool.fillHoles()} testid="mask-fill" />
      )}
      <IconKey icon="minus" label={t("stage.zoom_out")} press={stage.zoomOut} />
      <IconKey icon="plus" label={t("stage.zoom_in")} press={stage.zoomIn} />
    </div>
  );
}

function Levels({ tool }: { tool: MaskTool }) {
  const key = (word: string, by: number, sign: string, end: number) => (
    <button type="button" class="button" disabled={tool.level === end} aria-label={t(word)} title={t(word)} onClick={() => tool.setLevel(tool.level + by)} data-testid={word.replace(".", "-")}>
      <span class={`mask-cut ${sign}`} aria-hidden="true" />
    </button>
  );
  return (
    <div class="shape-list mask-fine" role="group" aria-label={t("mask.levels")}>
      {key("mask.coarser", -1, "coarse", 0)}
      <span class="muted numbers" aria-live="polite" data-testid="mask-count">
        <span aria-hidden="true">{tool.cut!.count}</span>
        <span class="visually-hidden">{t("mask.count", { n: tool.cut!.count })}</span>
      </span>
      {key("mask.finer", 1, "fine", tool.finest)}
    </div>
  );
}

function Brushes({ tool }: { tool: MaskTool }) {
  return (
    <div class="shape-list mask-fine" role="radiogroup" aria-label={t("mask.brushes")}>
      {BRUSHES.map((across, k) => (
        <button type="button" class="button" role="radio" aria-checked={tool.brush === k} aria-label={t(`mask.brush.${k}`)} onClick={() => tool.setBrush(k)} data-testid={`brush-${k}`} key={k}>
          <span class="mask-dab" style={{ width: `${across / 2}px`, height: `${across / 2}px` }} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

function ModeRow({ tool, stage }: Drawing) {
  const choose = (mode: Mode, hand: boolean) => {
    stage.setHand(hand);
    tool.setMode(mode, hand);
  };
  const key = (mode: Mode, hand = false) => (
    <button
      type="button"
      aria-pressed={stage.hand === hand && (hand || tool.mode === mode)}
      data-testid={hand ? "mode-hand" : `mode-${mode}`}
      onClick={() => choose(mode, hand)}
      key={hand ? "hand" : mode}
    >
      {t(hand ? "stage.mode.hand" : `mask.mode.${mode}`)}
    </button>
  );
  return (
    <div class="tools modes">
      <div class="segmented" role="group" aria-label={t("stage.mode")}>
        {tool.cut && key("regions")}
        {key("brush")}
        {key("rubber")}
        {key(tool.mode, true)}
      </div>
    </div>
  );
}

/** For who has no finger on the picture: from region to region, or step by step with the brush. */
function WalkRow({ tool, stage, told }: Drawing) {
  const arrow = (icon: "left" | "up" | "down" | "right", dx: number, dy: number) => (
    <IconKey
      icon={icon}
      label={t(`mask.walk.${icon}`)}
      press={() => {
        stage.nudge(dx, dy);
        told();
      }}
    />
  );
  return (
    <div class="tools" role="group" aria-label={t("mask.walk")} dir="ltr">
      {arrow("left", -1, 0)}
      {arrow("up", 0, -1)}
      {arrow("down", 0, 1)}
      {arrow("right", 1, 0)}
      <IconKey icon="check" label={t("mask.press")} press={() => tool.press()} testid="mask-press" />
      <IconKey icon="close" label={t("mask.walk.end")} press={() => tool.unpoint()} testid="mask-walk-end" />
    </div>
  );
}

/** Keyboard: arrows walk (N or space takes or leaves), square brackets coarser and finer, R B E the way to colour, F holes, digits labels. */
function press({ tool, stage, question, told }: Drawing, key: string, step: number): boolean {
  const label = byDigit(key, question.labels);
  const small = key.toLowerCase();
  const mode = ({ r: "regions", b: "brush", e: "rubber" } as Record<string, Mode>)[small];
  if (key.startsWith("Arrow") && !tool.cursor && !stage.hand) tool.point(stage.middle);
  if (stage.press(key, step)) told();
  else if (small === "n" || (key === " " && document.activeElement?.tagName === "CANVAS")) {
    if (tool.cursor) tool.press();
    else tool.point(stage.middle);
  } else if (key === "[" || key === "]") tool.setLevel(tool.level + (key === "[" ? -1 : 1));
  else if (small === "f") tool.fillHoles();
  else if (key === "Delete" || key === "Backspace") tool.clear();
  else if (key === "Escape") tool.unpoint();
  else if (mode && (mode !== "regions" || tool.cut)) {
    stage.setHand(false);
    tool.setMode(mode);
  } else if (label) tool.setLabel(label.id);
  else return false;
  return true;
}

export default { ...answer, Widget };
