/** `0:07`, `1:30`: hours and minutes; a part of a minute counts as a whole one. */
export function hoursAndMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

/** What somebody typed as hours and minutes, or as minutes alone; null when it is no time of at most a day. */
export function secondsOf(text: string): number | null {
  const [, hours = '0', minutes = ''] = /^\s*(?:(\d{0,2})[:.])?\s*(\d{1,4})\s*$/.exec(text) ?? [];
  if (minutes === '') return null;
  const seconds = (Number(hours || '0') * 60 + Number(minutes)) * 60;
  return seconds <= 86_400 ? seconds : null;
}
