import { Component, createRef } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { BoxTool, type Box, type BoxDraft, type Mode, type Said } from "./tool";
import { Painter, type Labels } from "./paint";
import { listen } from "@app/canvas/pointers";
import { sizeCanvas } from "@app/canvas/size_canvas";
import { useSharper } from "@app/canvas/use_sharper";
import { pick, t } from "@app/i18n";
import { Icon, type IconName } from "@app/screens/parts/Icon";
import { LabelSheet, MANY_LABELS } from "@app/screens/parts/labels";
import { Picture } from "@app/screens/parts/Picture";
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

/** The tool; this component is drawn anew when a key would look different, not with every movement of a finger. */
function useTool({ question, draft, change, announce }: WidgetProps<BoxDraft>, labels: Labels, repaint: () => void): BoxTool {
  const [, redraw] = useState({});
  const latest = useRef({ change, say, repaint });
  latest.current = { change, say, repaint };
  function say(said: Said, index: number, box: Box) {
    announce(t(`boxes.said.${said}`, { n: index + 1, label: labels.get(box.label)?.name ?? box.label, width: box.width, height: box.height, x: box.x, y: box.y }), said === "named" || said === "removed");
  }
  const tool = useMemo(() => {
    const image = { width: question.widthPx, height: question.heightPx };
    let face: unknown[] = [];
    const seen = () => {
      latest.current.repaint();
      const now = [made.draft, made.selected, made.live, made.label, made.mode, made.handle];
      if (now.some((part, k) => part !== face[k])) redraw({});
      face = now;
    };
    const made: BoxTool = new BoxTool(image, (next, how) => latest.current.change(next, how), seen, (...said) => latest.current.say(...said));
    made.label = question.labels[0]?.id ?? "";
    return made;
  }, [question]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => tool.load(draft), [tool, draft]);
  return tool;
}

function Widget(props: WidgetProps<BoxDraft>) {
  const { question, media } = props;
  const labels = useMemo(() => labelsOf(question), [question]);
  const painting = useRef(() => {});
  const tool = useTool(props, labels, () => painting.current());
  useKeys(tool, question);
  return (
    <>
      <Stage tool={tool} labels={labels} media={media} painting={painting} />
      <div class="dock stage-dock">
        <LabelRow tool={tool} labels={labels} question={question} />
        <div class="shape-row">
          <BoxList tool={tool} labels={labels} />
          <RoundKey icon="minus" label={t("stage.zoom_out")} press={() => tool.zoom(1 / ZOOM)} />
          <RoundKey icon="plus" label={t("stage.zoom_in")} press={() => tool.zoom(ZOOM)} />
        </div>
        {tool.selected >= 0 || tool.draft.points.length > 0 ? <NudgeRow tool={tool} /> : <ModeRow tool={tool} />}
      </div>
    </>
  );
}

/** All of a short list; of a long one those used last, and a key to the rest. */
function LabelRow({ tool, labels, question }: { tool: BoxTool; labels: Labels; question: Question }) {
  const [asking, setAsking] = useState(false);
  const recent = useRef<string[]>([]);
  const many = labels.size >= MANY_LABELS;
  if (recent.current[0] !== tool.label) recent.current = [tool.label, ...recent.current.filter((id) => id !== tool.label)].slice(0, 3);
  const shown = many ? recent.current : [...labels.keys()];
  return (
    <div class="labels" role="radiogroup" aria-label={t("boxes.label")}>
      {many && (
        <button type="button" class="button" onClick={() => setAsking(true)} data-testid="all-labels">
          {t("labels.all", { n: labels.size })}
        </button>
      )}
      {shown.map((id) => (
        <button type="button" class="button" role="radio" aria-checked={tool.label === id} data-testid={`label-${id}`} onClick={() => tool.setLabel(id)} key={id}>
          <span class="swatch" style={{ backgroundColor: labels.get(id)?.colour }} />
          {labels.get(id)?.name ?? id}
        </button>
      ))}
      {asking && <LabelSheet labels={question.labels} colourOf={(id) => labels.get(id)!.colour} chosen={tool.label} pick={(id) => tool.setLabel(id)} close={() => setAsking(false)} />}
    </div>
  );
}

type StageProps = { tool: BoxTool; labels: Labels; media: LoadedMedia; painting: { current: () => void } };

function Stage({ tool, labels, media, painting }: StageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter | null>(null);
  const picture = usePicture(media.url);
  const sharper = useSharper(media, () => painting.current());
  const paint = () => picture && painter.current?.paint(picture, tool, labels);
  const latest = useRef(paint);
  latest.current = paint;
  useLayoutEffect(() => {
    const element = canvas.current!;
    let frame = 0;
    painting.current = () =>
      (frame ||= requestAnimationFrame(() => {
        frame = 0;
        latest.current();
      }));
    const watch = new ResizeObserver(() => {
      const screen = { width: element.clientWidth, height: element.clientHeight };
      painter.current = new Painter(element, sizeCanvas(element, screen), sharper);
      tool.setScreen(screen);
      latest.current(); // at once: a resized canvas is blank
    });
    watch.observe(element);
    const deafen = listen(element, tool);
    return () => {
      watch.disconnect();
      deafen();
      cancelAnimationFrame(frame);
    };
  }, [tool]);
  useEffect(() => painting.current());
  return (
    <div class="stage">
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={t("boxes.canvas", { n: tool.draft.boxes.length })} aria-describedby="boxes-help" data-testid="stage" />
      <p id="boxes-help" class="visually-hidden">
        {t("boxes.help")}
      </p>
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

function BoxList({ tool, labels }: { tool: BoxTool; labels: Labels }) {
  const left = 4 - tool.draft.points.length;
  if (tool.draft.boxes.length === 0 || left < 4)
    return (
      <p class="shape-list muted" aria-live="polite">
        {tool.mode === "taps" ? t("boxes.taps_left", { n: left }) : t(`boxes.hint.${tool.mode}`)}
      </p>
    );
  return (
    <div class="shape-list" role="group" aria-label={t("boxes.list")}>
      {tool.draft.boxes.map((box, k) => (
        <BoxKey box={box} k={k} name={labels.get(box.label)?.name ?? box.label} chosen={tool.selected === k} live={tool.live && tool.selected === k} tool={tool} key={k} />
      ))}
    </div>
  );
}

type BoxKeyProps = { box: Box; k: number; name: string; chosen: boolean; live: boolean; tool: BoxTool };

/** One of perhaps two hundred: drawn anew only when it is another box. A tap makes it live, so that it can be moved on the picture. */
class BoxKey extends Component<BoxKeyProps> {
  private key = createRef<HTMLButtonElement>();

  override shouldComponentUpdate(next: BoxKeyProps): boolean {
    const { box, k, name, chosen, live } = this.props;
    return next.box !== box || next.k !== k || next.name !== name || next.chosen !== chosen || next.live !== live;
  }

  override componentDidMount(): void {
    this.show();
  }

  override componentDidUpdate(): void {
    this.show();
  }

  private show(): void {
    if (this.props.chosen) this.key.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  render({ box, k, name, chosen, live, tool }: BoxKeyProps) {
    return (
      <button
        type="button"
        class="button numbers"
        ref={this.key}
        aria-pressed={chosen}
        aria-label={t("boxes.one", { n: k + 1, label: name, width: box.width, height: box.height, x: box.x, y: box.y })}
        data-testid={`box-${k}`}
        data-live={live}
        onClick={() => tool.select(live ? -1 : k)}
      >
        {k + 1} · {name}
      </button>
    );
  }
}

function ModeRow({ tool }: { tool: BoxTool }) {
  const modes: Mode[] = ["taps", "drag", "hand"];
  return (
    <div class="tools modes">
      <div class="segments" role="group" aria-label={t("stage.mode")}>
        {modes.map((mode) => (
          <button type="button" aria-pressed={tool.mode === mode} data-testid={`mode-${mode}`} onClick={() => tool.setMode(mode)}>
            {t(mode === "hand" ? "stage.mode.hand" : `boxes.mode.${mode}`)}
          </button>
        ))}
      </div>
      <RoundKey icon="add" label={t("boxes.add_middle")} press={() => tool.addInTheMiddle()} />
    </div>
  );
}

function NudgeRow({ tool }: { tool: BoxTool }) {
  const box = tool.selected >= 0;
  return (
    <div class="tools" role="group" aria-label={t("stage.nudge")}>
      <RoundKey icon="left" label={t("stage.left")} press={() => tool.nudge(-1, 0)} />
      <RoundKey icon="up" label={t("stage.up")} press={() => tool.nudge(0, -1)} />
      <RoundKey icon="down" label={t("stage.down")} press={() => tool.nudge(0, 1)} />
      <RoundKey icon="right" label={t("stage.right")} press={() => tool.nudge(1, 0)} />
      {box && <RoundKey icon={tool.handle ? "size" : "move"} label={t(tool.handle ? "boxes.sizing" : "boxes.moving")} press={() => tool.toggleSizing()} />}
      {box && <RoundKey icon="bin" label={t("boxes.delete")} press={() => tool.remove()} />}
      {box && <RoundKey icon="check" label={t("boxes.done_one")} press={() => tool.select(-1)} />}
    </div>
  );
}

/** Keyboard: arrows nudge (Shift: 10 px), Delete, + and -, Escape, N for a new box, comma and full stop from box to box, M for move or size, digits for labels. */
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
  else if (key === "," || key === ".") tool.step(key === "," ? -1 : 1);
  else if (key.toLowerCase() === "m") tool.toggleSizing();
  else if (label) tool.setLabel(label.id);
  else return false;
  return true;
}

function Shown({ value, question, media }: { value: Value; question: Question; media: LoadedMedia }) {
  const labels = labelsOf(question);
  const { widthPx, heightPx } = question;
  const line = Math.max(widthPx, heightPx) / 160;
  const label = t("boxes.canvas", { n: value.boxes.length });
  return (
    <figure class="stack tight">
      {media.url && (
        <Picture size={{ width: widthPx, height: heightPx }} label={label}>
          <svg viewBox={`0 0 ${widthPx} ${heightPx}`} role="img" aria-label={label}>
            <image href={media.url} width={widthPx} height={heightPx} />
            {value.boxes.map((box) => (
              <g fill="none">
                <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke="#000" stroke-width={line * 1.8} />
                <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke="#fff" stroke-width={line} />
                <rect x={box.x} y={box.y} width={box.width} height={box.height} stroke={labels.get(box.label)?.colour} stroke-width={line / 2} />
              </g>
            ))}
          </svg>
        </Picture>
      )}
      <figcaption>
        {value.boxes.length === 0 ? t("task.nothing") : value.boxes.map((box) => labels.get(box.label)?.name ?? box.label).join(", ")}
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
    if (!draft.boxes.length && !draft.looked && !sure) throw new Doubtful("stage.sure_nothing");
    return { boxes: draft.boxes.map(({ label, x, y, width, height }) => ({ label, x, y, width, height })) };
  },
  doneKey: (draft) => (draft.boxes.length || draft.points.length ? "task.done" : "task.nothing"),
  showsPicture: true,
  Widget,
  Shown,
};
export default boxes;
