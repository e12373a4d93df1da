let page = 'Ringside';
let notice: string | null = null;

/** Names the page in the window's title. */
export function setPageTitle(title: string): void {
  page = title;
  show();
}

/** What stands in the window's title before everything else while it lasts, such as who is calling; null: nothing. */
export function setTitleNotice(text: string | null): void {
  notice = text;
  show();
}

function show(): void {
  document.title = notice ?? `${page} · Ringside`;
}
