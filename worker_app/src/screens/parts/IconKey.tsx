import { Icon, type IconName } from "./Icon";

type Props = { icon: IconName; label: string; press(): void; testid?: string };

/** A key that is only a sign; what it does is said to who does not see it. */
export function IconKey({ icon, label, press, testid }: Props) {
  return (
    <button type="button" class="button" aria-label={label} title={label} onClick={press} data-testid={testid}>
      <Icon name={icon} />
    </button>
  );
}
