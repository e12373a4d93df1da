import type {
  ParsedSettings,
  SettingField,
  SettingNote,
  Settings,
} from '../platform/setting-field.ts';

/** How one field is read: what is mended, what stands in for nothing, what a right value looks like. */
export interface FieldRule {
  mend?(value: string): string;
  usual?: string;
  pattern?: RegExp;
  /** What is said of a value that does not fit the pattern. */
  message?: string;
}

/** Checks and mends what was typed into the fields of a form; as LinkKind.parseSettings. */
export function readTypedSettings(
  fields: readonly SettingField[],
  rules: Readonly<Record<string, FieldRule>>,
  input: Record<string, unknown>,
  storedSecrets: readonly string[],
): ParsedSettings {
  const errors: SettingNote[] = Object.keys(input)
    .filter((name) => !fields.some((field) => field.name === name))
    .map((name) => ({ field: name.slice(0, 64), message: 'There is no such setting.' }));
  const settings: Settings = {};
  const secrets: Settings = {};
  for (const field of fields) {
    const raw = input[field.name] ?? '';
    const rule = rules[field.name] ?? {};
    const value = typeof raw === 'string' ? mended(field, rule, raw) : null;
    const kept = field.kind === 'secret' && storedSecrets.includes(field.name);
    const message =
      value === null ? `${field.title} must be text.` : problem(field, rule, value, kept);
    if (value === null || message !== null)
      errors.push({ field: field.name, message: message ?? '' });
    else if (field.kind !== 'secret') settings[field.name] = value;
    else if (value !== '') secrets[field.name] = value;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings, secrets, notes: [] };
}

function mended(field: SettingField, rule: FieldRule, raw: string): string {
  if (field.kind === 'secret') return raw;
  const value = rule.mend ? rule.mend(raw.trim()) : raw.trim();
  return value === '' ? (rule.usual ?? field.choices?.[0]?.value ?? '') : value;
}

function problem(
  field: SettingField,
  rule: FieldRule,
  value: string,
  kept: boolean,
): string | null {
  if (value === '') return field.required && !kept ? `Enter the ${field.title}.` : null;
  if (value.length > 2000) return `${field.title} is too long.`;
  if (/\p{Cc}/u.test(value)) return `${field.title} holds no line breaks or control characters.`;
  if (field.choices && !field.choices.some((choice) => choice.value === value))
    return `Choose one of ${field.choices.map((choice) => choice.label).join(', ')}.`;
  if (rule.pattern && !rule.pattern.test(value))
    return rule.message ?? `${field.title} is not right.`;
  return null;
}

/** `host`: a name or an address. */
export const hostRule: FieldRule = {
  pattern: /^[\w.:-]{1,255}$/,
  message: 'A host is a name or an address, without http:// and without the port.',
};

export const portRule = (usual: string): FieldRule => ({
  usual,
  pattern: /^(?!0+$)(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
  message: 'A port is a number from 1 to 65535.',
});

/** Names separated by commas or spaces. */
export function namesIn(list: string): string[] {
  return [...new Set(list.split(/[,\s]+/).filter((name) => name !== ''))];
}
