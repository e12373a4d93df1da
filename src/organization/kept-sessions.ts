import type { FoundSession } from './account-store.ts';

/** Well below the second within which a deactivated person is out, also on a node that missed the hint. */
const keptMs = 500;

/**
 * Keeps for half a second whose session a token is: a program, or a page that is being opened, asks many times in that time, and the
 * session would be a third of each answer. Whoever changed something, or is told that somebody did, forgets them first.
 */
export class KeptSessions {
  readonly #find: (token: string) => Promise<FoundSession | null>;
  #kept = new Map<string, Promise<FoundSession | null>>();
  /** By the process's own clock, which nobody can set back. */
  #until = 0;

  constructor(find: (token: string) => Promise<FoundSession | null>) {
    this.#find = find;
  }

  /** The session of a token, at most half a second old; null when it has ended. */
  find(token: string): Promise<FoundSession | null> {
    // All grow old together, so that none is ever swept.
    if (performance.now() >= this.#until) {
      this.forget();
      this.#until = performance.now() + keptMs;
    }
    const kept = this.#kept;
    const known = kept.get(token);
    if (known !== undefined) return known;
    const found = this.#find(token);
    kept.set(token, found);
    found.then(
      (session) => session ?? kept.delete(token),
      () => kept.delete(token),
    );
    return found;
  }

  /** What is being asked at this moment is kept by nobody. */
  forget(): void {
    this.#kept = new Map();
  }
}
