import type { ComponentChildren } from "preact";
import { t } from "@app/i18n";
import { Trouble } from "./announce";
import { Icon, Mark, type IconName } from "./Icon";
import { SyncChip } from "./SyncChip";

const PLACES: [string, IconName][] = [
  ["work", "work"],
  ["wallet", "wallet"],
  ["history", "history"],
  ["me", "person"],
];

/** Top bar, page, and the four places under the thumb. */
export function Frame({ screen, children }: { screen: string; children: ComponentChildren }) {
  const here = ["bans", "my-certificate", "notices", "scores"].includes(screen) ? "me" : PLACES.some(([name]) => name === screen) ? screen : "work";
  return (
    <>
      <header class="top">
        <div class="beads" />
        <div class="bar">
          <span class="mark">
            <Mark size={30} />
            Ilima
          </span>
          <SyncChip />
        </div>
      </header>
      <main class="page">
        {children}
        <Trouble />
      </main>
      <nav class="nav" aria-label={t("nav.places")}>
        <ul>
          {PLACES.map(([name, icon]) => (
            <li>
              <a href={`#/${name}`} aria-current={here === name ? "page" : undefined} data-testid={`nav-${name}`}>
                <Icon name={icon} />
                {t(`nav.${name}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
