import type { CallWork } from './work-contract.ts';

/** For tests: a call that nobody has worked on, and that has no wrap-up. */
export const noWork: CallWork = {
  note: { text: '', version: 0, updatedAt: null, sent: [] },
  colleagues: [],
  case: null,
  newCaseLink: null,
  wrapUp: {
    state: 'none',
    beganAt: null,
    dueAt: null,
    codes: [],
    required: false,
    code: null,
    secondsTalked: 0,
    secondsWorked: null,
    finishedBy: null,
    keeps: false,
  },
  writes: [],
};
