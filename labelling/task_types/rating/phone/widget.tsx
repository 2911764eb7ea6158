import { pick, t } from "@app/i18n";
import { useKeys } from "@app/app/keys";
import type { Question, WidgetProps } from "@app/app/widget";
import { ItemShown } from "@app/screens/parts/ItemShown";
import { Icon } from "@app/screens/parts/Icon";
import { answer, hasSlider, highestOf, lowestOf, meaningOf, moved, settingsOf, type Draft } from "./answer";
import { Face, Star } from "./faces";
import "./style.css";

function Widget({ question, media, draft, change, announce, finish, quick }: WidgetProps<Draft>) {
  const slides = hasSlider(question);
  const rate = (rating: number, how: "step" | "typing" = "step") => {
    if (quick && !slides) return finish({ rating });
    change({ rating }, how);
    if (how === "step") announce(nameOf(rating, question)); // a slider that is moved tells it itself
  };
  useKeys(({ key }) => press(key, question, draft.rating, rate));
  return (
    <>
      <ItemShown question={question} media={media} />
      <div class="dock">
        {slides ? <Slider question={question} rating={draft.rating} rate={rate} /> : <Steps question={question} rating={draft.rating} rate={rate} />}
        <Ends question={question} />
      </div>
    </>
  );
}

type Props = { question: Question; rating: number | null; rate(rating: number, how?: "step" | "typing"): void };

function nameOf(rating: number, question: Question): string {
  const meant = meaningOf(rating, question);
  const said = t("rating.of", { n: rating, most: highestOf(question) });
  return meant ? `${said}: ${meant}` : said;
}

/** All steps in one row, each a key. */
function Steps({ question, rating, rate }: Props) {
  const most = highestOf(question);
  const look = settingsOf(question).look ?? "stars";
  return (
    <div class="rating-steps" role="radiogroup" aria-label={t("rating.question")}>
      {Array.from({ length: most }, (_, k) => k + 1).map((step) => (
        <button type="button" class="button" role="radio" aria-checked={rating === step} aria-label={nameOf(step, question)} data-testid={`rate-${step}`} onClick={() => rate(step)} key={step}>
          {look === "stars" && <Star full={rating !== null && step <= rating} />}
          {look === "faces" && <Face glad={(step - 1) / (most - 1)} />}
          <span class={look === "numbers" ? "rating-number" : "small"} aria-hidden="true">
            {step}
          </span>
        </button>
      ))}
    </div>
  );
}

/** No number stands there before she has touched it: what is preset is what people say. */
function Slider({ question, rating, rate }: Props) {
  const [low, high] = [lowestOf(question), highestOf(question)];
  return (
    <div class={rating === null ? "rating-slider untouched" : "rating-slider"}>
      <output class="rating-figure" data-testid="rating-figure">
        {rating ?? "–"}
      </output>
      <button type="button" class="button square" onClick={() => rate(moved(rating, -1, question))} aria-label={t("rating.less")} data-testid="rate-less">
        <Icon name="minus" />
      </button>
      <input
        type="range"
        min={low}
        max={high}
        step={1}
        value={rating ?? (low + high) / 2}
        aria-label={t("rating.question")}
        aria-valuetext={rating === null ? t("rating.untouched") : nameOf(rating, question)}
        data-testid="rating-slider"
        onInput={(event) => rate(Number(event.currentTarget.value), "typing")}
        onClick={(event) => rating === null && rate(Number(event.currentTarget.value))}
      />
      <button type="button" class="button square" onClick={() => rate(moved(rating, 1, question))} aria-label={t("rating.more")} data-testid="rate-more">
        <Icon name="plus" />
      </button>
    </div>
  );
}

function Ends({ question }: { question: Question }) {
  const { low, high } = settingsOf(question);
  if (!low && !high) return null;
  return (
    <p class="rating-ends small" data-testid="rating-ends">
      <span>{low && `${lowestOf(question)} = ${pick(low)}`}</span>
      <span>{high && `${highestOf(question)} = ${pick(high)}`}</span>
    </p>
  );
}

/** A digit is a step; with + and - she goes up and down, on a slider too. */
function press(key: string, question: Question, rating: number | null, rate: (rating: number) => void): void {
  if (!hasSlider(question) && /^[1-9]$/.test(key) && Number(key) <= highestOf(question)) rate(Number(key));
  else if (key === "+" || key === "-") rate(moved(rating, key === "+" ? 1 : -1, question));
}

export default { ...answer, Widget };
