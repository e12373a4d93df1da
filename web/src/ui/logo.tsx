/** The mark: somebody with a seat at the ring, and the ring of a phone going out from there. Decorative. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      <g stroke="var(--ringside-mark)" strokeWidth="4" strokeLinecap="round">
        <path d="M27.2 14.9A12 12 0 1 0 14.9 27.2" />
        <path d="M20.9 14.2A6 6 0 1 0 14.2 20.9" />
      </g>
      <circle cx="23.5" cy="23.5" r="5" fill="var(--ringside-accent)" />
    </svg>
  );
}
