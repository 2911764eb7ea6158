import { Component, createRef, type ComponentChildren, type FunctionComponent } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { byDigit, useKeys } from "@app/app/keys";
import { looksOf, type Labels } from "@app/app/looks";
import type { Question, WidgetProps } from "@app/app/widget";
import type { Size } from "@app/geometry/box";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { LabelRow } from "@app/screens/parts/labels";
import type { Drawn, Hooks, Labelled, Said, ShapesTool } from "./shapes_tool";
import { Stage } from "./stage";
import { StageView, type Repaint } from "./StageView";

/** What a type of shape brings along: its tool, its words, and keys of its own. */
export type Kind<S extends Labelled, T extends ShapesTool<S>> = {
  make(image: Size, hooks: Hooks<S>): T;
  /** Ways to draw; moving the view is always another one. */
  modes: readonly string[];
  words: {
    said(said: Said, n: number, label: string, shape: S): string;
    one(n: number, label: string, shape: S): string;
    canvas(n: number): string;
    help(): string;
    list(): string;
    mode(mode: string): string;
    hint(tool: T, hand: boolean): string;
    addInTheMiddle(): string;
    remove(tool: T): string;
    finishOne(): string;
  };
  /** More keys for what is chosen or begun. */
  Keys?: FunctionComponent<{ tool: T }>;
  /** More keys of a keyboard; false: not one of them. */
  press?(tool: T, key: string): boolean;
};

type Drawing<S extends Labelled, T extends ShapesTool<S>> = { kind: Kind<S, T>; tool: T; stage: Stage; question: Question };

/** The widget of a type whose answers are labelled shapes on a picture. */
export function shapesWidget<S extends Labelled, T extends ShapesTool<S>>(kind: Kind<S, T>): FunctionComponent<WidgetProps<Drawn<S>>> {
  return function Widget(props) {
    const repaint = useRef(() => {});
    const { tool, stage } = useTool(kind, props, repaint);
    const drawing = { kind, tool, stage, question: props.question };
    useKeys(({ key, shiftKey }) => press(drawing, key, shiftKey ? 10 : 1));
    return (
      <>
        <StageView stage={stage} media={props.media} label={kind.words.canvas(tool.draft.shapes.length)} help={kind.words.help()} repaint={repaint} />
        <div class="dock stage-dock">
          <LabelRow labels={tool.labels} question={props.question} chosen={tool.label} pick={(id) => tool.setLabel(id)} />
          <div class="shape-row">
            <ShapeList {...drawing} />
            <IconKey icon="minus" label={t("stage.zoom_out")} press={stage.zoomOut} />
            <IconKey icon="plus" label={t("stage.zoom_in")} press={stage.zoomIn} />
          </div>
          {tool.selected >= 0 || tool.draft.points.length > 0 ? <NudgeRow {...drawing} /> : <ModeRow {...drawing} />}
        </div>
      </>
    );
  };
}

/** The tool and its stage; the widget is drawn anew when a key would look different, not with every movement of a finger. */
function useTool<S extends Labelled, T extends ShapesTool<S>>(kind: Kind<S, T>, props: WidgetProps<Drawn<S>>, repaint: Repaint) {
  const { question, draft, change, announce } = props;
  const [, redraw] = useState({});
  const labels = useMemo(() => looksOf(question.labels), [question]);
  const latest = useRef({ change, say, announce });
  latest.current = { change, say, announce };
  function say(said: Said, index: number, shape: S) {
    announce(kind.words.said(said, index + 1, nameOf(labels, shape), shape), said === "named" || said === "removed");
  }
  const made = useMemo(() => {
    let face: unknown[] = [];
    const seen = () => {
      repaint.current();
      const now = faceOf(tool, stage);
      if (now.some((part, k) => part !== face[k])) redraw({});
      face = now;
    };
    const image = { width: question.widthPx, height: question.heightPx };
    const tool: T = kind.make(image, {
      change: (next, how) => latest.current.change(next, how),
      repaint: () => seen(),
      say: (...said) => latest.current.say(...said),
      refuse: (why) => latest.current.announce(t(why), true),
    });
    tool.labels = labels;
    tool.label = question.labels[0]?.id ?? "";
    const stage = new Stage(image, tool, seen);
    return { tool, stage };
  }, [question]);
  // Before the next key or tap: an undo must not be overtaken by what follows it.
  useLayoutEffect(() => made.tool.load(draft), [made, draft]);
  return made;
}

const faceOf = <S extends Labelled>(tool: ShapesTool<S>, stage: Stage): unknown[] => [tool.draft, tool.selected, tool.live, tool.label, tool.mode, tool.handleAt, stage.hand];

const nameOf = (labels: Labels, { label }: Labelled): string => labels.get(label)?.name ?? label;

function ShapeList<S extends Labelled, T extends ShapesTool<S>>({ kind, tool, stage }: Drawing<S, T>) {
  if (tool.draft.shapes.length === 0 || tool.draft.points.length > 0)
    return (
      <p class="shape-list muted" tabIndex={0} aria-live="polite">
        {kind.words.hint(tool, stage.hand)}
      </p>
    );
  return (
    <div class="shape-list" role="group" aria-label={kind.words.list()}>
      {tool.draft.shapes.map((shape, k) => (
        <ShapeKey shape={shape} k={k} name={nameOf(tool.labels, shape)} chosen={tool.selected === k} live={tool.live && tool.selected === k} say={kind.words.one} tool={tool} key={k} />
      ))}
    </div>
  );
}

type ShapeKeyProps = { shape: Labelled; k: number; name: string; chosen: boolean; live: boolean; say(n: number, label: string, shape: any): string; tool: ShapesTool<any> };

/** One of perhaps two hundred: drawn anew only when it is another shape. A tap makes it live, so that it can be changed on the picture. */
class ShapeKey extends Component<ShapeKeyProps> {
  private key = createRef<HTMLButtonElement>();

  override shouldComponentUpdate(next: ShapeKeyProps): boolean {
    const { shape, k, name, chosen, live } = this.props;
    return next.shape !== shape || next.k !== k || next.name !== name || next.chosen !== chosen || next.live !== live;
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

  render({ shape, k, name, chosen, live, say, tool }: ShapeKeyProps) {
    const press = () => tool.select(live ? -1 : k);
    return (
      <button type="button" class="button numbers" ref={this.key} aria-pressed={chosen} aria-label={say(k + 1, name, shape)} data-testid={`shape-${k}`} data-live={live} onClick={press}>
        {k + 1} · {name}
      </button>
    );
  }
}

function ModeRow<S extends Labelled, T extends ShapesTool<S>>({ kind, tool, stage }: Drawing<S, T>) {
  const choose = (mode: string, hand: boolean) => {
    stage.setHand(hand);
    tool.setMode(mode);
  };
  const key = (mode: string, on: boolean, word: string, press: () => void) => (
    <button type="button" aria-pressed={on} data-testid={`mode-${mode}`} onClick={press} key={mode}>
      {word}
    </button>
  );
  return (
    <div class="tools modes">
      <div class="segmented" role="group" aria-label={t("stage.mode")}>
        {kind.modes.map((mode) => key(mode, !stage.hand && tool.mode === mode, kind.words.mode(mode), () => choose(mode, false)))}
        {key("hand", stage.hand, t("stage.mode.hand"), () => choose(tool.mode, true))}
      </div>
      <IconKey icon="add" label={kind.words.addInTheMiddle()} press={() => tool.addInTheMiddle(stage.middle)} />
    </div>
  );
}

function NudgeRow<S extends Labelled, T extends ShapesTool<S>>({ kind, tool, stage }: Drawing<S, T>) {
  const { Keys } = kind;
  const arrow = (icon: "left" | "up" | "down" | "right", dx: number, dy: number): ComponentChildren => <IconKey icon={icon} label={t(`stage.${icon}`)} press={() => stage.nudge(dx, dy)} />;
  return (
    <div class="tools" role="group" aria-label={t("stage.nudge")} dir="ltr">
      {arrow("left", -1, 0)}
      {arrow("up", 0, -1)}
      {arrow("down", 0, 1)}
      {arrow("right", 1, 0)}
      {Keys && <Keys tool={tool} />}
      {tool.chosen && <IconKey icon="bin" label={kind.words.remove(tool)} press={() => tool.remove()} testid="remove" />}
      {tool.chosen && <IconKey icon="check" label={kind.words.finishOne()} press={() => tool.select(-1)} testid="finish-one" />}
    </div>
  );
}

/** Keyboard: arrows nudge (Shift: 10 px), Delete, + and -, Escape, N for a new one, comma and full stop from one to the next, digits for labels. */
function press<S extends Labelled, T extends ShapesTool<S>>({ kind, tool, stage, question }: Drawing<S, T>, key: string, step: number): boolean {
  const label = byDigit(key, question.labels);
  if (stage.press(key, step) || kind.press?.(tool, key)) return true;
  if (key === "Delete" || key === "Backspace") tool.remove();
  else if (key === "Escape") tool.select(-1);
  else if (key.toLowerCase() === "n") tool.addInTheMiddle(stage.middle);
  else if (key === "," || key === ".") tool.step(key === "," ? -1 : 1);
  else if (label) tool.setLabel(label.id);
  else return false;
  return true;
}
