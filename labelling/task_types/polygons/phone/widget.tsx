import { shapesWidget } from "@app/canvas/ShapesWidget";
import { t } from "@app/i18n";
import { IconKey } from "@app/screens/parts/IconKey";
import { answer } from "./answer";
import { boundsOf, MIN_CORNERS } from "./ring";
import { PolygonTool, type Polygon } from "./tool";

const told = (n: number, label: string, { points }: Polygon) => ({ n, label, corners: points.length, ...boundsOf(points) });

function CornerKeys({ tool }: { tool: PolygonTool }) {
  const begun = tool.draft.points.length;
  if (begun) return <>{begun >= MIN_CORNERS && <IconKey icon="check" label={t("polygons.close")} press={() => tool.close()} testid="close-ring" />}</>;
  if (!tool.chosen) return null;
  return (
    <>
      <IconKey icon="next" label={t("polygons.next_corner", { n: tool.corner + 1, of: tool.chosen.points.length })} press={() => tool.stepCorner(1)} testid="next-corner" />
      <IconKey icon="insert" label={t("polygons.insert")} press={() => tool.insertCorner()} testid="insert-corner" />
    </>
  );
}

function hint(tool: PolygonTool, hand: boolean): string {
  const { points } = tool.draft;
  if (points.length) return t(points.length < MIN_CORNERS ? "polygons.hint.more" : "polygons.hint.close");
  if (hand) return t("polygons.hint.hand");
  return t(tool.mode === "drag" ? "polygons.hint.drag" : "polygons.hint.taps");
}

function press(tool: PolygonTool, key: string): boolean {
  const small = key.toLowerCase();
  if (small === "c") tool.close();
  else if (small === "i") tool.insertCorner();
  else if (key === "[" || key === "]") tool.stepCorner(key === "[" ? -1 : 1);
  else return false;
  return true;
}

const Widget = shapesWidget<Polygon, PolygonTool>({
  make: (image, hooks) => new PolygonTool(image, hooks),
  modes: ["taps", "drag"],
  words: {
    said: (said, n, label, shape) => t(`polygons.said.${said}`, told(n, label, shape)),
    one: (n, label, shape) => t("polygons.one", told(n, label, shape)),
    canvas: (n) => t("polygons.canvas", { n }),
    help: () => t("polygons.help"),
    list: () => t("polygons.list"),
    mode: (mode) => t(`polygons.mode.${mode}`),
    hint,
    addInTheMiddle: () => t("polygons.add_middle"),
    remove: (tool) => t(tool.corner < 0 ? "polygons.delete" : "polygons.delete_corner"),
    finishOne: () => t("polygons.done_one"),
  },
  Keys: CornerKeys,
  press,
});

export default { ...answer, Widget };
