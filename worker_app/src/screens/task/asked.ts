import type { Batch, Item, Part } from "@app/app/types";
import type { LoadedMedia, Question, QuestionPart, TaskType } from "@app/app/widget";
import { chooseFor, loadMedia, type ChosenFor } from "@app/prefetch/media";

/** What is asked about an item, and its media on this screen: for her who works, who tries her own task, and who corrects an answer. */
export function questionOf(batch: Pick<Batch, "config">, item: Item): Question {
  const config = batch.config ?? {};
  const { labels = [], language = "" } = config;
  const parts = item.parts?.map(withoutMedia);
  return { labels, config, language, text: item.text ?? "", ...(parts && { parts }), widthPx: item.media?.width_px ?? 0, heightPx: item.media?.height_px ?? 0 };
}

function withoutMedia(part: Part): QuestionPart {
  const { media: _media, ...rest } = part;
  return rest;
}

export const WIDEST_PX = 1280;

/** How wide a picture this type of task can use on this screen; config: of the project, where it may want several at once. */
export function widthFor(type: TaskType<unknown, unknown>, config?: Batch["config"]): number {
  const screenPx = Math.min(screen.width, screen.height) * Math.min(2, devicePixelRatio || 1);
  const usefulPx = type.together && type.together.most(config) > 1 ? type.together.pictureWidth : type.pictureWidth;
  return usefulPx ? Math.min(usefulPx, screenPx) : WIDEST_PX;
}

/** An item that is not lent, fetched now; asWorker: as wide as on a phone, where the project may want several at once. */
export async function shownNow(batch: Pick<Batch, "config">, item: Item, type: TaskType<unknown, unknown>, asWorker = false): Promise<{ question: Question; media: LoadedMedia; chosen: ChosenFor }> {
  const chosen = item.media || item.parts ? chooseFor(item, widthFor(type, asWorker ? batch.config : undefined), false) : {};
  return { question: questionOf(batch, item), media: await loadMedia(item, chosen), chosen };
}
