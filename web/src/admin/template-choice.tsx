import { Select } from '@mantine/core';

interface Option {
  value: string;
  label: string;
}

interface TemplateChoiceProps {
  label: string;
  /** What the CRM offers; null where that is not known. */
  list: readonly Option[] | null;
  /** What the template has; null leaves the CRM's default. */
  chosen: Option | null;
  error: string | undefined;
  path: string;
  onChange: (chosen: Option | null) => void;
}

/** A field of a case template, chosen from the CRM's own list. What it has stays on offer, also where the list has it no more. */
export function TemplateChoice({ list, chosen, path, onChange, ...field }: TemplateChoiceProps) {
  const offered = (list ?? []).map(({ value, label }) => ({ value, label }));
  const gone = chosen !== null && offered.every(({ value }) => value !== chosen.value);
  const data = gone
    ? [{ value: chosen.value, label: goneLabel(chosen, list !== null) }, ...offered]
    : offered;
  return (
    <Select
      {...field}
      placeholder="As ServiceNow decides"
      searchable
      clearable
      data={data}
      value={chosen?.value ?? null}
      data-path={path}
      nothingFoundMessage={list === null ? 'The list could not be read.' : 'Nothing like it'}
      onChange={(value) =>
        onChange(offered.find((one) => one.value === value) ?? (value === null ? null : chosen))
      }
    />
  );
}

function goneLabel({ label }: Option, known: boolean): string {
  return known ? `${label} (ServiceNow does not offer it any more)` : label;
}
