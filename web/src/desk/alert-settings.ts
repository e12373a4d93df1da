import { z } from 'zod';
import { storedValue } from '../ui/stored-value.ts';

/** How this browser draws attention to a call while nobody looks at Ringside. */
const schema = z.object({
  /** Null: not asked yet. */
  notifications: z.boolean().nullable(),
  sound: z.boolean(),
  /** 0 to 1. */
  volume: z.number().min(0).max(1),
});

export const alertSettings = storedValue('ringside-alerts', schema, {
  notifications: null,
  sound: false,
  volume: 0.5,
});

/** Browsers have notifications, and know which tab is to show them, only over HTTPS and on this very computer. */
export const canAlert = 'Notification' in window && 'locks' in navigator;
