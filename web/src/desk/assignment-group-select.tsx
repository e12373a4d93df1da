import { Select } from '@mantine/core';

interface AssignmentGroupSelectProps {
  /** Null: they could not be read. */
  groups: readonly { value: string; label: string }[] | null;
  /** What no choice means. */
  placeholder: string;
  /** '' for none. */
  value: string;
  error: React.ReactNode;
  onChange: (value: string) => void;
}

/** The groups of the instance; nothing where there are none to choose from. */
export function AssignmentGroupSelect(props: AssignmentGroupSelectProps) {
  const { groups, placeholder, value, error, onChange } = props;
  if (groups === null || groups.length === 0) return null;
  return (
    <Select
      label="Assignment group"
      placeholder={placeholder}
      searchable
      clearable
      data={groups.map((group) => ({ value: group.value, label: group.label }))}
      value={value === '' ? null : value}
      error={error}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
