import { apiTagged, failureOf, type Tagged } from "./api";
import { LANGUAGES, language, listenTo, type Speakers } from "@app/i18n";
import { getMeta, remember } from "@app/outbox/db";

/**
 * The words of speakers over the app's own: those that the phone remembers at once, then what the server says now. A nicety: whatever
 * goes wrong, what was built is said, nobody is troubled, and the next start asks again.
 */
export async function askSpeakers(of = language()): Promise<void> {
  if (!LANGUAGES.includes(of)) return;
  const key = `speakers:${of}`;
  try {
    const known = await getMeta<Tagged<Speakers>>(key);
    if (known) listenTo(of, known.body);
    const told = await apiTagged<Speakers>(`/languages/${of}/words`, known);
    if (told === known) return;
    listenTo(of, told.body);
    remember(key, told);
  } catch (error) {
    failureOf(error); // a fault of this phone is written down
  }
}
