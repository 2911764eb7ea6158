import { t } from "@app/i18n";

/** As kernel/content_warnings.py has them. */
export const CATEGORIES = ["violence", "injury", "death", "self_harm", "sexual", "hate", "medical"];

export const namesOf = (warnings: readonly string[]): string => warnings.map((one) => t(`content.${one}`)).join(", ");
