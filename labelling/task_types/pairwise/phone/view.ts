/** One look for all pictures of a pair: what is done to one is done to all, so that the same place is seen in each. */
export type View = { scale: number; x: number; y: number }; // x, y: of the picture's middle from the pane's, in shares of the pane
export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST = 8;

/** Nothing but picture is seen: the middle goes no farther than its edge allows. */
function kept({ scale, x, y }: View): View {
  const room = (scale - 1) / 2;
  const within = (at: number) => Math.max(-room, Math.min(room, at)) || 0;
  return { scale, x: within(x), y: within(y) };
}

/** Larger or smaller around a place of the pane (shares from its middle), which stays where it is. */
export function zoomed(view: View, by: number, at = { x: 0, y: 0 }): View {
  const scale = Math.max(1, Math.min(MOST, view.scale * by));
  const grown = scale / view.scale;
  return kept({ scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown });
}

export const moved = (view: View, dx: number, dy: number): View => kept({ ...view, x: view.x + dx, y: view.y + dy });

export const transformOf = ({ scale, x, y }: View): string => `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
