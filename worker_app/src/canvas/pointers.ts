import type { Point } from "@app/geometry/box";
import type { BoxTool } from "./box_tool";

/** Turns pointer and wheel events of a canvas into calls on the tool: one finger works, two fingers look. */
export function listen(canvas: HTMLCanvasElement, tool: BoxTool): () => void {
  const fingers = new Map<number, Point>();
  const place = (event: PointerEvent | WheelEvent): Point => {
    const frame = canvas.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  const two = (): [Point, Point] => [...fingers.values()].slice(0, 2) as [Point, Point];

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 1) tool.down(place(event), event.pointerType !== "mouse");
    else if (fingers.size === 2) tool.pinchStart(two());
  };
  const moved = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, place(event));
    if (fingers.size === 2) tool.pinchMove(two());
    else tool.moveTo(place(event));
  };
  const up = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId)) tool.up();
  };
  const cancelled = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    tool.cancel();
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    tool.zoom(Math.exp(-event.deltaY / 300), place(event));
  };

  canvas.addEventListener("pointerdown", down);
  canvas.addEventListener("pointermove", moved);
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", cancelled);
  canvas.addEventListener("wheel", wheel, { passive: false });
  return () => {
    canvas.removeEventListener("pointerdown", down);
    canvas.removeEventListener("pointermove", moved);
    canvas.removeEventListener("pointerup", up);
    canvas.removeEventListener("pointercancel", cancelled);
    canvas.removeEventListener("wheel", wheel);
  };
}
