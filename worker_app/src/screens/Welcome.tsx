import { chooseLanguage } from "@app/app/session";
import { LANGUAGES, nameOf, t } from "@app/i18n";
import { Drafted } from "./parts/Drafted";
import { Mark } from "./parts/Icon";

/** The first screen of all: her language, before anything has to be read. */
export function Welcome() {
  return (
    <main class="welcome" data-testid="welcome">
      <Mark size={190} />
      <h1>Ilima</h1>
      <p class="lead">{t("welcome.lead")}</p>
      <div class="languages">
        {LANGUAGES.map((language) => (
          <button type="button" class="button" lang={language} onClick={() => void chooseLanguage(language)} data-testid={`language-${language}`}>
            {nameOf(language)}
          </button>
        ))}
      </div>
      <Drafted />
      <a class="button quiet wide" href="/" data-testid="what">
        {t("welcome.what")}
      </a>
      <div class="beads" />
    </main>
  );
}
