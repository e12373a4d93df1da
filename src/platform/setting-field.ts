/** What forms are described with: of a CRM connection, of a phone system. Form, validation and help all come from it. */

/** One field of a form. */
export interface SettingField {
  /** Key in the settings object, e.g. `endpoint`. */
  name: string;
  /** Label on the screen, e.g. `CRM Username`. */
  title: string;
  help: string;
  kind: 'text' | 'url' | 'secret' | 'choice';
  placeholder: string;
  required: boolean;
  /** Of a `choice`: what can be chosen; the first is the usual one. */
  choices?: { value: string; label: string }[];
  /** Shown, and wanted, only while another field has one of these values. */
  showWhen?: { field: string; values: string[] };
}

/** Whether a field belongs to what was chosen; a choice not made yet counts as its first. */
export function isShown(
  field: Pick<SettingField, 'showWhen'>,
  fields: readonly Pick<SettingField, 'name' | 'choices'>[],
  values: Record<string, unknown>,
): boolean {
  const { showWhen } = field;
  if (showWhen === undefined) return true;
  const chosen = values[showWhen.field];
  const usual = fields.find(({ name }) => name === showWhen.field)?.choices?.[0]?.value ?? '';
  return showWhen.values.includes(typeof chosen === 'string' && chosen !== '' ? chosen : usual);
}

/** Something about what was typed; shown beside the field. */
export interface SettingNote {
  field: string;
  message: string;
}

export type Settings = Record<string, string>;

export type ParsedSettings =
  | {
      ok: true;
      settings: Settings;
      secrets: Settings;
      notes: SettingNote[];
      /** Stored secrets that these settings have no use for; they are to be forgotten. */
      unusedSecrets?: string[];
    }
  | { ok: false; errors: SettingNote[] };
