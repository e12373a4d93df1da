/** The rooms of src/ and their floors (docs/architecture.md). A room imports only rooms on lower floors. */
export const floors: Record<string, number> = {
  platform: 1,
  crm: 2,
  telephony: 2,
  organization: 3,
  directory: 4,
  calls: 5,
  desk: 6,
  'systems-check': 7,
  reports: 7,
  privacy: 7,
  http: 8,
};

/** Files directly in src/: the composition root and the commands. */
export const topFloor = 9;

/** Rooms with one folder per product: others see only these files, and no product sees another. */
export const adapterRooms: Record<string, string[]> = {
  crm: ['port.ts', 'record.ts', 'write.ts', 'check-step.ts', 'crm-error.ts', 'registry.ts'],
  telephony: ['port.ts', 'registry.ts'],
};

/** The rooms that `room` must not import: its own floor and those above. */
export function forbiddenRooms(room: string): string[] {
  return Object.keys(floors).filter((other) => other !== room && floors[other]! >= floors[room]!);
}
