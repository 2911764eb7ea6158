import { t } from "@app/i18n";
import type { LoadedMedia, Question } from "@app/app/widget";
import { AudioPlayer } from "./AudioPlayer";

/** The thing to label: a picture, a sound, a film, a text. */
export function ItemShown({ question, media }: { question: Question; media: LoadedMedia }) {
  return (
    <>
      {media.kind === "image" && media.url && (
        <div class="shown-picture">
          <img src={media.url} alt={t("task.picture")} draggable={false} />
        </div>
      )}
      {media.kind === "audio" && media.url && <AudioPlayer url={media.url} peaks={media.peaks} durationMs={media.durationMs} />}
      {media.kind === "video" && media.url && <video class="marked" src={media.url} controls playsInline />}
      {question.text && (
        <p class="card shown-text" data-testid="item-text" dir="auto">
          {question.text}
        </p>
      )}
    </>
  );
}
