import { IconCloudDataConnection } from '@tabler/icons-react';

/** The sign of a CRM platform. Drawn plainly in its colour: the makers' logos are theirs. Decorative. */
export function PlatformIcon({ platform, size = 20 }: { platform: string; size?: number }) {
  if (platform !== 'servicenow') return <IconCloudDataConnection size={size} aria-hidden="true" />;
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect width="20" height="20" rx="5" fill="#0b3b2e" />
      <path
        d="M5.4 14V9.6a4.6 4.6 0 0 1 9.2 0V14"
        fill="none"
        stroke="#7ee08a"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="10" cy="13" r="1.5" fill="#7ee08a" />
    </svg>
  );
}
