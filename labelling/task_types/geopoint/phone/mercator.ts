/** Web Mercator: the world is a square of 1 x 1, west and north at 0; a tile of 256 pixels at zoom 0. */
export type At = { lat: number; lon: number };
export const TILE = 256;
export const MOST_LATITUDE = 85;
const AROUND_M = 40_075_017;

export const toWorld = ({ lat, lon }: At): [number, number] => {
  const sine = Math.sin((Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, lat)) * Math.PI) / 180);
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};

export const toDegrees = (x: number, y: number): At => {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  const turned = ((((x * 360) % 360) + 360) % 360) - 180;
  return { lat: Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, lat)), lon: turned };
};

/** The place so many pixels from another, on the map at this zoom. */
export function moved(at: At, dx: number, dy: number, zoom: number): At {
  const [x, y] = toWorld(at);
  const size = TILE * 2 ** zoom;
  return toDegrees(x + dx / size, y + dy / size);
}

export const metresOfPixel = (lat: number, zoom: number): number => (AROUND_M * Math.cos((lat * Math.PI) / 180)) / (TILE * 2 ** zoom);

/** The largest of 1, 2, 5, 10 ... metres that is no longer than so many pixels. */
export function scaleBar(lat: number, zoom: number, mostPx: number): { metres: number; px: number } {
  const each = metresOfPixel(lat, zoom);
  const most = each * mostPx;
  const ten = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((n) => n * ten).find((one) => one <= most)!;
  return { metres, px: metres / each };
}
