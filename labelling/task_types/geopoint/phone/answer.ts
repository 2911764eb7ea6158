import { Unfinished, type AnswerRules, type Question } from "@app/app/widget";
import { kilometres } from "./words";

/** Where the middle of the map is, in degrees, and how near; `moved`: she has been at it. radius: in metres, null before she says it. */
export type Here = { lat: number; lon: number; zoom: number; moved: boolean; radius: number | null };
/** here: null where the map still stands as the project opens it. */
export type Draft = { here: Here | null };
type Value = { place: { latitude_e6: number; longitude_e6: number; radius_m: number } };
type Settings = { latitude?: number; longitude?: number; zoom?: number };

export const RADII = [10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Where the map opens. */
export function opened(question: Question): Here {
  const { latitude = 0, longitude = 20, zoom = 0 } = question.config as Settings;
  return { lat: latitude, lon: longitude, zoom, moved: false, radius: null };
}

export function said({ place: { latitude_e6, longitude_e6, radius_m } }: Value): string {
  const degrees = (e6: number, [plus, minus]: string) => `${(Math.abs(e6) / 1e6).toFixed(4)}° ${e6 < 0 ? minus : plus}`;
  return `${degrees(latitude_e6, "NS")}, ${degrees(longitude_e6, "EW")} ± ${kilometres(radius_m)}`;
}

export const answer: AnswerRules<Draft, Value> = {
  empty: { here: null },
  pictureWidth: 1280,
  guess: "after",
  start: ({ place }) => ({ here: { lat: place.latitude_e6 / 1e6, lon: place.longitude_e6 / 1e6, zoom: zoomOf(place.radius_m), moved: true, radius: place.radius_m } }),
  finish({ here }) {
    if (!here?.moved) throw new Unfinished("geopoint.missing");
    if (here.radius === null) throw new Unfinished("geopoint.missing_radius");
    const e6 = (degrees: number) => Math.round(degrees * 1e6) || 0;
    const longitude = e6(here.lon);
    return { place: { latitude_e6: e6(here.lat), longitude_e6: longitude === 180e6 ? -180e6 : longitude, radius_m: here.radius } };
  },
  show: (value) => ({ words: said(value) }),
};

/** So near that the circle is about a quarter of a small screen. */
export const zoomOf = (radius: number): number => Math.max(0, Math.min(14, Math.round(Math.log2(40_000_000 / (radius * 8 * 2)))));
