import "./style.css";
import type { FunctionComponent } from "preact";
import { shapesWidget } from "@app/canvas/ShapesWidget";
import type { WidgetProps } from "@app/app/widget";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { boundsOf } from "../../polygons/phone/ring";
import { answer, type Draft } from "./answer";
import { Strips } from "./Strips";
import { RegionTool, type Region } from "./tool";

const told = (n: number, label: string, { points, text }: Region) => ({ n, label, text: text ?? "", ...boundsOf(points) });

function CornerKeys({ tool }: { tool: RegionTool }) {
  if (!tool.chosen || tool.draft.points.length) return null;
  return <IconKey icon="next" label={t("regions.next_corner", { n: tool.corner + 1 })} press={() => tool.stepCorner(1)} testid="next-corner" />;
}

function hint(tool: RegionTool, hand: boolean): string {
  if (hand) return t("regions.hint.hand");
  return t(["regions.hint.begin", "regions.hint.end", "regions.hint.height"][tool.draft.points.length] ?? "regions.hint.begin");
}

const Lines = shapesWidget<Region, RegionTool>({
  make: (image, hooks) => new RegionTool(image, hooks),
  modes: ["taps"],
  words: {
    said: (said, n, label, region) => t(`regions.said.${said}`, told(n, label, region)),
    one: (n, label, region) => t("regions.one", told(n, label, region)),
    canvas: (n) => t("regions.canvas", { n }),
    help: () => t("regions.help"),
    list: () => t("regions.list"),
    mode: () => t("regions.mode"),
    hint,
    addInTheMiddle: () => t("regions.add_middle"),
    remove: () => t("regions.delete"),
    finishOne: () => t("regions.done_one"),
  },
  Keys: CornerKeys,
  press(tool, key) {
    if (key === "[" || key === "]") tool.stepCorner(key === "[" ? -1 : 1);
    else return false;
    return true;
  },
}) as unknown as FunctionComponent<WidgetProps<Draft>>;

/** First where the lines are, then what each says. */
function Widget(props: WidgetProps<Draft>) {
  return props.draft.writing === null || !props.draft.shapes.length ? <Lines {...props} /> : <Strips {...props} />;
}

export default { ...answer, Widget };
