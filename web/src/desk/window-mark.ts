/** Marks the tab, and the app's icon where Ringside is installed as one, while calls ring. */
export function markWindow(ringing: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const file = ringing > 0 ? '/favicon-ringing.svg' : '/favicon.svg';
  if (icon !== null && icon.getAttribute('href') !== file) icon.href = file;
  // Not in every browser, and refused where the page is no installed app.
  const badge = ringing > 0 ? navigator.setAppBadge?.(ringing) : navigator.clearAppBadge?.();
  badge?.catch(() => undefined);
}
