// Runs before the first paint, so that a dark page does not flash white. A file of its own, because the content
// security policy allows no inline script. Same key and attribute as MantineProvider uses.
(function () {
  var choice = 'auto';
  try {
    choice = window.localStorage.getItem('ringside-color-scheme') || 'auto';
  } catch {
    // Storage may be switched off; then the system decides.
  }
  var dark =
    choice === 'dark' ||
    (choice !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
