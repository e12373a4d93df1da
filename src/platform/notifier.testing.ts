import type { Notifier } from './notifier.ts';

/** For tests in which nobody listens. */
export const silentNotifier: Notifier = {
  publish: async () => {},
  publishAll: async () => {},
  node: '00000000-0000-0000-0000-000000000000',
  tell: () => {},
  subscribe: () => () => {},
  onReconnect: () => () => {},
};
