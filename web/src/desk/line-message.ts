import type { DeskEvent, DeskView } from './desk-view.ts';

/** What a page and the shared worker tell each other. */
export type ToWorker = { type: 'apply'; event: DeskEvent } | { type: 'wake' } | { type: 'leave' };
export type FromWorker = { type: 'view'; view: DeskView } | { type: 'signed-out' };
