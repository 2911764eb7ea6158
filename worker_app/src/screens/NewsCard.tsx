import { useEffect } from "preact/hooks";
import { askNews, readNews, told } from "@app/app/news";
import { useStore } from "@app/app/store";
import { t } from "@app/i18n";
import { money } from "@app/i18n/format";
import { Icon } from "./parts/Icon";

/** The first thing that she reads when she comes back: what became of her work. */
export function NewsCard() {
  const now = useStore(told);
  useEffect(() => void askNews(), []);
  if (!now) return null;
  const { news, level } = now;
  return (
    <section class="card stack tight news" data-testid="news" aria-labelledby="news-title">
      <h2 id="news-title">{t("news.title")}</h2>
      {level !== null && (
        <p class="news-level">
          <Icon name="star" />
          {t("news.level", { n: level })}
        </p>
      )}
      {news.settled > 0 && <p data-testid="news-money">{t("news.settled", { n: news.settled, money: money(news.earned_micro, news.currency) })}</p>}
      {news.confirmed > 0 && <p class="muted">{t("news.confirmed", { n: news.confirmed })}</p>}
      <button type="button" class="button wide" onClick={() => void readNews()} data-testid="news-read">
        {t("news.read")}
      </button>
    </section>
  );
}
