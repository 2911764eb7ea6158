/** A face from sad (0) to glad (1): the mouth says it, in one hand with the icons. */
export function Face({ glad }: { glad: number }) {
  const bend = 4 * (glad - 0.5) * 3;
  return (
    <svg class="rating-mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="2" />
      <path d={`M9 9.5h.01M15 9.5h.01M7.8 ${15.5 - bend / 3}Q12 ${15.5 + bend} 16.2 ${15.5 - bend / 3}`} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
    </svg>
  );
}

export function Star({ full }: { full: boolean }) {
  return (
    <svg class={full ? "rating-mark full" : "rating-mark"} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3-5.6 3 1.2-6.2L3 9.5l6.3-.8z" stroke="currentColor" stroke-width="2" stroke-linejoin="round" />
    </svg>
  );
}
