import {
  deskState,
  deskTick,
  missedNews,
  pop,
  popGone,
  testNews,
  tickSeconds,
} from '../../../src/desk/contract.ts';
import { emptyView, foldDesk, pruneDesk } from './desk-view.ts';
import type { DeskEvent, DeskView } from './desk-view.ts';

const streamPath = '/api/v1/desk/stream';
const longestWait = 30_000;

/**
 * The line to the hub: keeps one event stream open and folds it into a DeskView. A lost line is opened again, first at
 * once and then after growing pauses; the hub's first event then replaces everything, so nothing is missed or stays.
 * Runs in a page or in a shared worker.
 */
export class DeskLine {
  readonly #onView: (view: DeskView) => void;
  readonly #onSignedOut: () => void;
  #view: DeskView = emptyView;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #heardAt = Date.now();
  readonly #watch: ReturnType<typeof setInterval>;

  constructor(listeners: { onView(view: DeskView): void; onSignedOut(): void }) {
    this.#onView = listeners.onView;
    this.#onSignedOut = listeners.onSignedOut;
    this.#watch = setInterval(() => this.#look(), 1000);
    this.#open();
  }

  get view(): DeskView {
    return this.#view;
  }

  /** Folds in what an answer of the API already told, before the stream repeats it. */
  apply(event: DeskEvent): void {
    this.#show(foldDesk(this.#view, event));
  }

  /** Tries at once: the computer woke up or the network came back. */
  wake(): void {
    if (this.#view.line === 'live' && !this.#silent()) return;
    this.#failures = 0;
    this.#open();
  }

  close(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#source?.close();
  }

  #open(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#heardAt = Date.now();
    const source = new EventSource(streamPath);
    this.#source = source;
    source.onerror = () => this.#lose();
    const read = (name: string, toEvent: (data: unknown, receivedAt: number) => DeskEvent | null) =>
      source.addEventListener(name, (message: MessageEvent<string>) => {
        const receivedAt = Date.now();
        this.#heardAt = receivedAt;
        const event = toEvent(parse(message.data), receivedAt);
        if (event !== null) this.apply(event);
      });
    read('state', (data, receivedAt) => {
      const { success, data: state } = deskState.safeParse(data);
      if (!success) return null;
      this.#failures = 0;
      return { type: 'state', state, receivedAt };
    });
    read('pop', (data) => {
      const { success, data: changed } = pop.safeParse(data);
      return success ? { type: 'pop', pop: changed } : null;
    });
    read('gone', (data, receivedAt) => {
      const { success, data: gone } = popGone.safeParse(data);
      return success ? { type: 'gone', gone, receivedAt } : null;
    });
    read('missed', (data) => {
      const { success, data: news } = missedNews.safeParse(data);
      return success ? { type: 'missed', news } : null;
    });
    read('test', (data, receivedAt) => {
      const { success, data: news } = testNews.safeParse(data);
      return success ? { type: 'test', id: news.id, receivedAt } : null;
    });
    read('tick', (data, receivedAt) => {
      const { success, data: tick } = deskTick.safeParse(data);
      return success ? { type: 'tick', now: tick.now, receivedAt } : null;
    });
  }

  /** The browser's own reconnecting gives up on an answer that is no stream and knows no pauses: we do it. */
  #lose(): void {
    this.#source?.close();
    this.#source = null;
    this.apply({ type: 'lost' });
    const wait = Math.min(longestWait, 500 * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#reopen(), wait);
  }

  /** A stream that is refused does not say why; a small request does. */
  async #reopen(): Promise<void> {
    const answer = await fetch('/api/v1/me', { credentials: 'same-origin' }).catch(() => null);
    if (answer?.status === 401) return this.#onSignedOut();
    this.#open();
  }

  #silent(): boolean {
    return Date.now() - this.#heardAt > tickSeconds * 2500;
  }

  #look(): void {
    if (this.#source !== null && this.#silent()) this.#lose();
    this.#show(pruneDesk(this.#view, Date.now() + this.#view.clockOffset));
  }

  #show(view: DeskView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#onView(view);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
