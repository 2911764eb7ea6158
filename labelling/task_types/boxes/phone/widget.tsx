import { shapesWidget } from "@app/canvas/ShapesWidget";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { answer } from "./answer";
import { BoxTool, type Box } from "./tool";

const told = (n: number, label: string, { width, height, x, y }: Box) => ({ n, label, width, height, x, y });

function SizeKey({ tool }: { tool: BoxTool }) {
  if (!tool.chosen) return null;
  return <IconKey icon={tool.handle ? "size" : "move"} label={t(tool.handle ? "boxes.sizing" : "boxes.moving")} press={() => tool.toggleSizing()} />;
}

function hint(tool: BoxTool, hand: boolean): string {
  if (hand) return t("boxes.hint.hand");
  return tool.mode === "taps" ? t("boxes.taps_left", { n: 4 - tool.draft.points.length }) : t("boxes.hint.drag");
}

const Widget = shapesWidget<Box, BoxTool>({
  make: (image, hooks) => new BoxTool(image, hooks),
  modes: ["taps", "drag"],
  words: {
    said: (said, n, label, box) => t(`boxes.said.${said}`, told(n, label, box)),
    one: (n, label, box) => t("boxes.one", told(n, label, box)),
    canvas: (n) => t("boxes.canvas", { n }),
    help: () => t("boxes.help"),
    list: () => t("boxes.list"),
    mode: (mode) => t(`boxes.mode.${mode}`),
    hint,
    addInTheMiddle: () => t("boxes.add_middle"),
    remove: () => t("boxes.delete"),
    finishOne: () => t("boxes.done_one"),
  },
  Keys: SizeKey,
  press(tool, key) {
    if (key.toLowerCase() !== "m") return false;
    tool.toggleSizing();
    return true;
  },
});

export default { ...answer, Widget };
