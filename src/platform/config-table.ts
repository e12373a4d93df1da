import { describeConfig } from './config.ts';

/** Every setting as text for `ringside serve --help`. */
export function settingsText(): string {
  const rows = describeConfig().map(({ name, help, default: standard, file }) => {
    const details = [
      standard === '' ? '' : `default: ${standard}`,
      file ? `or ${name}_FILE` : '',
    ].filter(Boolean);
    return `  ${name}\n      ${help}${details.length === 0 ? '' : ` (${details.join('; ')})`}`;
  });
  return `Settings, from the environment:\n${rows.join('\n')}`;
}

/** Every setting as a Markdown table for docs/. */
export function settingsMarkdown(): string {
  const rows = describeConfig().map(({ name, help, default: standard, file }) => {
    const names = file ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${standard} | ${help} |`;
  });
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}
