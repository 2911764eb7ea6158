import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { BoxTool, type BoxDraft, type Mode } from "@app/canvas/box_tool";
import { paint, sizeCanvas, type Labels } from "@app/canvas/paint";
import { listen } from "@app/canvas/pointers";
import { pick, t } from "@app/i18n";
import { Icon, type IconName } from "@app/screens/parts/Icon";
import { Doubtful, Unfinished, type LoadedMedia, type Question, type TaskType, type WidgetProps } from "@app/app/widget";

type Value = { boxes: { label: string; x: number; y: number; width: number; height: number }[] };
// Colours told apart by all kinds of eyes (Okabe & Ito 2008), for labels that name none.
const COLOURS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOM = 1.5;

function labelsOf(question: Question): Labels {
  return new Map(question.labels.map(({ id, name, colour }, k) => [id, { name: pick(name), colour: colour ?? COLOURS[k % COLOURS.length]! }]));
}

function usePicture(url: string | null): HTMLImageElement | null {
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  useEffect(() => {
    const image = new Image();
    image.onload = () => setPicture(image);
    image.src = url ?? "";
    return () => (image.onload = null);
  }, [url]);
  return picture;
}

function useTool({ question, draft, change }: WidgetProps<BoxDraft>): BoxTool {
  const [, redraw] = useState({});
  const latest = useRef(change);
  latest.current = change;
  const tool = useMemo(() => {
    const image = { width: question.widthPx, height: question.heightPx };
    const made = new BoxTool(image, (next, how) => latest.current(next, how), () => redraw({}));
    made.label = question.labels[0]?.id ?? "";
    return made;
  }, [question]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => tool.load(draft), [tool, draft]);
  return tool;
}

function Widget(props: WidgetProps<BoxDraft>) {
  const { question, media } = props;
  const tool = useTool(props);
  const labels = useMemo(() => labelsOf(question), [question]);
  useKeys(tool, question);
  return (
    <>
      <LabelRow tool={tool} labels={labels} />
      <Stage tool={tool} labels={labels} media={media} />
      <BoxList tool={tool} labels={labels} />
      {tool.selected >= 0 || tool.draft.points.length > 0 ? <NudgeRow tool={tool} /> : <ModeRow tool={tool} />}
    </>
  );
}

function LabelRow({ tool, labels }: { tool: BoxTool; labels: Labels }) {
  return (
    <div class="labels" role="radiogroup" aria-label={t("boxes.label")}>
      {[...labels].map(([id, { name, colour }]) => (
        <button type="button" class="button" role="radio" aria-checked={tool.label === id} data-testid={`label-${id}`} onClick={() => tool.setLabel(id)}>
          <span class="swatch" style={{ backgroundColor: colour }} />
          {name}
        </button>
      ))}
    </div>
  );
}

function Stage({ tool, labels, media }: { tool: BoxTool; labels: Labels; media: LoadedMedia }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const sharp = useRef(1);
  const picture = usePicture(media.url);
  const repaint = () => picture && canvas.current && paint(canvas.current, sharp.current, picture, tool, labels);
  const latest = useRef(repaint);
  latest.current = repaint;
  useEffect(() => {
    const element = canvas.current!;
    const watch = new ResizeObserver(() => {
      const screen = { width: element.clientWidth, height: element.clientHeight };
      sharp.current = sizeCanvas(element, screen);
      tool.setScreen(screen);
      latest.current(); // at once: a resized canvas is blank
    });
    watch.observe(element);
    const deafen = listen(element, tool);
    return () => {
      watch.disconnect();
      deafen();
    };
  }, [tool]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => latest.current());
    return () => cancelAnimationFrame(frame);
  });
  return (
    <div class="stage">
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={t("boxes.canvas", { n: tool.draft.boxes.length })} aria-describedby="boxes-help" data-testid="stage" />
      <p id="boxes-help" class="visually-hidden">
        {t("boxes.help")}
      </p>
      <div class="zoom-keys">
        <RoundKey icon="plus" label={t("boxes.zoom_in")} press={() => tool.zoom(ZOOM)} />
        <RoundKey icon="minus" label={t("boxes.zoom_out")} press={() => tool.zoom(1 / ZOOM)} />
      </div>
    </div>
  );
}

function RoundKey({ icon, label, press }: { icon: IconName; label: string; press(): void }) {
  return (
    <button type="button" class="button" aria-label={label} title={label} onClick={press}>
      <Icon name={icon} />
    </button>
  );
}

/** Always of one height: a picture that moves between two taps spoils the box. */
function BoxList({ tool, labels }: { tool: BoxTool; labels: Labels }) {
  const left = 4 - tool.draft.points.length;
  if (tool.draft.boxes.length === 0 || left < 4)
    return (
      <p class="box-list muted" aria-live="polite">
        {tool.mode === "taps" ? t("boxes.taps_left", { n: left }) : t(`boxes.hint.${tool.mode}`)}
      </p>
    );
  return (
    <div class="box-list" role="group" aria-label={t("boxes.list")}>
      {tool.draft.boxes.map((box, k) => (
        <button
          type="button"
          class="button numbers"
          aria-pressed={tool.selected === k}
          aria-label={t("boxes.one", { n: k + 1, label: labels.get(box.label)?.name ?? box.label, width: box.width, height: box.height, x: box.x, y: box.y })}
          data-testid={`box-${k}`}
          onClick={() => tool.select(tool.selected === k ? -1 : k)}
        >
          {k + 1} · {labels.get(box.label)?.name ?? box.label}
        </button>
      ))}
    </div>
  );
}

function ModeRow({ tool }: { tool: BoxTool }) {
  const modes: Mode[] = ["taps", "drag", "hand"];
  return (
    <div class="tools">
      <div class="segments" role="group" aria-label={t("boxes.mode")}>
        {modes.map((mode) => (
          <button type="button" aria-pressed={tool.mode === mode} data-testid={`mode-${mode}`} onClick={() => tool.setMode(mode)}>
            {t(`boxes.mode.${mode}`)}
          </button>
        ))}
      </div>
      <RoundKey icon="plus" label={t("boxes.add_middle")} press={() => tool.addInTheMiddle()} />
    </div>
  );
}

function NudgeRow({ tool }: { tool: BoxTool }) {
  const box = tool.selected >= 0;
  return (
    <div class="tools" role="group" aria-label={t("boxes.nudge")}>
      <RoundKey icon="left" label={t("boxes.left")} press={() => tool.nudge(-1, 0)} />
      <RoundKey icon="up" label={t("boxes.up")} press={() => tool.nudge(0, -1)} />
      <RoundKey icon="down" label={t("boxes.down")} press={() => tool.nudge(0, 1)} />
      <RoundKey icon="right" label={t("boxes.right")} press={() => tool.nudge(1, 0)} />
      {box && <RoundKey icon={tool.handle ? "size" : "move"} label={t(tool.handle ? "boxes.sizing" : "boxes.moving")} press={() => tool.toggleSizing()} />}
      {box && <RoundKey icon="bin" label={t("boxes.delete")} press={() => tool.remove()} />}
      {box && <RoundKey icon="check" label={t("boxes.done_one")} press={() => tool.select(-1)} />}
    </div>
  );
}

/** Keyboard: arrows nudge (Shift: 10 px), Delete, + and -, Escape, N for a new box, M for move or size, digits for labels. */
function useKeys(tool: BoxTool, question: Question): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (press(tool, question, event.key, event.shiftKey ? 10 : 1)) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [tool, question]);
}

function press(tool: BoxTool, question: Question, key: string, step: number): boolean {
  const arrow = ARROWS[key];
  const label = /^[1-9]$/.test(key) ? question.labels[Number(key) - 1] : undefined;
  if (arrow) tool.nudge(arrow[0] * step, arrow[1] * step);
  else if (key === "Delete" || key === "Backspace") tool.remove();
  else if (key === "+" || key === "=") tool.zoom(ZOOM);
  else if (key === "-") tool.zoom(1 / ZOOM);
  else if (key === "Escape") tool.select(-1);
  else if (key.toLowerCase() === "n") tool.addInTheMiddle();
  else if (key.toLowerCase() === "m") tool.toggleSizing();
  else if (label) tool.setLabel(label.id);
  else return false;
  return true;
}

function Shown({ value, question, media }: { value: Value; question: Question; media: LoadedMedia }) {
  const labels = labelsOf(question);
  const { widthPx, heightPx } = question;
  const line = Math.max(widthPx, heightPx) / 160;
  return (
    <figure class="stack tight">
      {media.url && (
        <svg class="marked" viewBox={`0 0 ${widthPx} ${heightPx}`} role="img" aria-label={t("boxes.canvas", { n: value.boxes.length })}>
          <image href={media.url} width={widthPx} height={heightPx} />
          {value.boxes.map((box) => (
            <g fill="none">
              <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke="#000" stroke-width={line * 1.8} />
              <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke="#fff" stroke-width={line} />
              <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke={labels.get(box.label)?.colour} stroke-width={line / 2} />
            </g>
          ))}
        </svg>
      )}
      <figcaption>
        {value.boxes.length === 0 ? t("boxes.nothing") : value.boxes.map((box) => labels.get(box.label)?.name ?? box.label).join(", ")}
      </figcaption>
    </figure>
  );
}

const boxes: TaskType<BoxDraft, Value> = {
  empty: { boxes: [], points: [], looked: false },
  guess: "before",
  start: (value) => ({ boxes: value.boxes.map((box) => ({ ...box })), points: [], looked: false }),
  finish(draft, _question, sure) {
    if (draft.points.length) throw new Unfinished("boxes.points_left");
    // Small screens say "nothing" too often (Ahuja 2019): ask once, unless she has looked closely.
    if (!draft.boxes.length && !draft.looked && !sure) throw new Doubtful("boxes.sure_nothing");
    return { boxes: draft.boxes.map(({ label, x, y, width, height }) => ({ label, x, y, width, height })) };
  },
  doneKey: (draft) => (draft.boxes.length || draft.points.length ? "task.done" : "boxes.nothing"),
  Widget,
  Shown,
};
export default boxes;
