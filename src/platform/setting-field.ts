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
}

/** Something about what was typed; shown beside the field. */
export interface SettingNote {
  field: string;
  message: string;
}

export type Settings = Record<string, string>;

export type ParsedSettings =
  | { ok: true; settings: Settings; secrets: Settings; notes: SettingNote[] }
  | { ok: false; errors: SettingNote[] };
