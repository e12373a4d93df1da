import type { NoteSave, OwnNote } from '../../../src/desk/work-contract.ts';
import { asProblem } from '../ui/problem.ts';
import type { NoteDrafts } from './note-drafts.ts';

/** What is known of a note in this window. */
export interface NoteView {
  text: string;
  /** `unsaved`: kept in this browser, the hub does not have it yet; `refused`: the hub does not take it, `problem` says why. */
  state: 'saved' | 'unsaved' | 'conflict' | 'refused';
  problem: string | null;
  /** What another window wrote meanwhile. */
  theirs: OwnNote | null;
}

export interface NoteKeeperDeps {
  callId: string;
  /** Of this window; another for every load of the page. */
  editor: string;
  drafts: NoteDrafts;
  save(save: NoteSave): Promise<OwnNote>;
  /** The note as the hub has it now. */
  read(): Promise<OwnNote>;
}

const debounceMs = 600;
const longestRetryMs = 15_000;

/** Brings what somebody types to the hub, in order, and keeps it in the browser until the hub has confirmed it. */
export class NoteKeeper {
  readonly #deps: NoteKeeperDeps;
  readonly #listeners = new Set<() => void>();
  #view: NoteView;
  #base: number;
  #editor: string;
  #step = 0;
  #sending = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: NoteKeeperDeps, note: OwnNote) {
    this.#deps = deps;
    this.#base = note.version;
    this.#editor = deps.editor;
    this.#view = { text: note.text, state: 'saved', problem: null, theirs: null };
    const left = deps.drafts.list(deps.callId).at(-1)?.draft;
    if (left === undefined) return;
    // Left by a window that is gone: it goes on its way as that window would have sent it.
    this.#editor = left.editor;
    this.#step = left.step;
    this.#base = left.base;
    this.#view = { ...this.#view, text: left.text, state: 'unsaved' };
    this.#flushIn(0);
  }

  get view(): NoteView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  type(text: string): void {
    this.#step += 1;
    this.#show({
      ...this.#view,
      text,
      state: this.#view.state === 'conflict' ? 'conflict' : 'unsaved',
    });
    this.#deps.drafts.keep(this.#deps.callId, this.#save());
    if (this.#view.state !== 'conflict') this.#flushIn(debounceMs);
  }

  /** The note as it stands, to be sent together with what else is asked for. */
  handOut(): NoteSave {
    clearTimeout(this.#timer);
    this.#step += 1;
    return this.#save();
  }

  /** The hub has told what it has, on the stream or in an answer. */
  hear(note: OwnNote): void {
    if (note.version <= this.#base || this.#view.state !== 'saved') return;
    this.#base = note.version;
    this.#show({ ...this.#view, text: note.text });
  }

  /** What was handed out arrived. */
  settle(note: OwnNote): void {
    clearTimeout(this.#timer);
    this.#confirm(note, note.text);
  }

  resolve(keep: 'mine' | 'theirs' | 'both'): void {
    const { text, theirs } = this.#view;
    if (theirs === null) return;
    this.#base = theirs.version;
    const kept = { mine: text, theirs: theirs.text, both: `${theirs.text}\n${text}` }[keep];
    this.#show({ ...this.#view, state: 'unsaved', theirs: null, problem: null });
    this.type(kept);
    this.#flushIn(0);
  }

  /** At once: the window closes, the network is back. */
  flush(): void {
    if (this.#view.state === 'unsaved') this.#flushIn(0);
  }

  #flushIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), ms);
  }

  async #send(): Promise<void> {
    if (this.#sending || this.#view.state !== 'unsaved') return;
    this.#sending = true;
    const save = this.#save();
    try {
      const note = await this.#deps.save(save);
      this.#failures = 0;
      if (save.step === this.#step) this.#confirm(note, save.text);
      else this.#base = note.version;
    } catch (error) {
      await this.#fail(error);
    } finally {
      this.#sending = false;
    }
    if (this.#view.state === 'unsaved') this.#flushIn(this.#wait());
  }

  #wait(): number {
    return this.#failures === 0
      ? debounceMs
      : Math.min(longestRetryMs, 1000 * 2 ** (this.#failures - 1));
  }

  async #fail(error: unknown): Promise<void> {
    const { status, code, detail } = asProblem(error);
    if (code === 'conflict') return this.#meetOther();
    if (status >= 400 && status < 500 && status !== 401 && status !== 429)
      return this.#show({ ...this.#view, state: 'refused', problem: detail });
    this.#failures += 1;
    this.#show({ ...this.#view, problem: detail });
  }

  /** Another window wrote, or the note was sent meanwhile. */
  async #meetOther(): Promise<void> {
    const theirs = await this.#deps.read().catch(() => null);
    if (theirs === null) {
      this.#failures += 1;
      return;
    }
    const { text } = this.#view;
    const sent = theirs.sent.at(-1)?.text;
    if (theirs.text === '' && sent !== undefined && text.startsWith(sent)) {
      // Only what was typed after it was sent is left to be written.
      this.#base = theirs.version;
      this.#show({ ...this.#view, state: 'unsaved' });
      this.type(text.slice(sent.length).trimStart());
      return;
    }
    this.#show({ ...this.#view, state: 'conflict', theirs });
  }

  #confirm(note: OwnNote, text: string): void {
    this.#deps.drafts.drop(this.#deps.callId, this.#editor);
    this.#base = note.version;
    if (this.#editor !== this.#deps.editor) {
      this.#editor = this.#deps.editor;
      this.#step = 0;
    }
    this.#show({ text, state: 'saved', problem: null, theirs: null });
  }

  #save(): NoteSave {
    return {
      text: this.#view.text,
      base: this.#base,
      editor: this.#editor,
      step: Math.max(1, this.#step),
    };
  }

  #show(view: NoteView): void {
    this.#view = view;
    for (const tell of this.#listeners) tell();
  }
}
