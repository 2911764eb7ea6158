import { language } from "./index";

/** Languages that she may say she reads (ISO 639): what is spoken where most of us are, then the widest others. */
export const READ_FIRST = "en zu xh af st tn nso ts ss ve nr sw ha yo ig am so rw sn ny om ti ln wo fr pt ar es hi bn ur ta te id vi tl zh ru".split(" ");

/** Countries (ISO 3166), for where she lives; their names come from the browser, in her language. */
export const COUNTRIES = (
  "AE AF AL AM AO AR AT AU AZ BA BD BE BF BG BH BI BJ BN BO BR BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DO DZ EC EE EG ER ES ET FI FJ FR GA GB GE GH GM GN GQ GR GT GW GY HK HN HR HT HU " +
  "ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KM KR KW KZ LA LB LK LR LS LT LU LV LY MA MD ME MG MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SN SO SR SS ST SV SY SZ " +
  "TD TG TH TJ TL TM TN TR TT TW TZ UA UG US UY UZ VE VN VU WS XK YE ZA ZM ZW"
).split(" ");

export const nameOfCountry = (code: string): string => new Intl.DisplayNames([language(), "en"], { type: "region" }).of(code) ?? code;

/** In the language itself, where the browser knows it. */
export function nameOfLanguage(code: string): string {
  const own = new Intl.DisplayNames([code, language(), "en"], { type: "language" }).of(code);
  return own && own !== code ? own : (new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code);
}
