import { Select } from '@mantine/core';
import type { SelectProps } from '@mantine/core';
import { memo, useMemo } from 'react';
import { timeZoneLabel, timeZones } from './time-zone.ts';

/** A time zone by its IANA name. A value that this browser does not know stays selectable. */
export const TimeZoneSelect = memo(function TimeZoneSelect(props: SelectProps) {
  const current = typeof props.value === 'string' ? props.value : props.defaultValue;
  const options = useMemo(() => {
    const now = new Date();
    const zones = timeZones();
    const all =
      current === null || current === undefined || zones.includes(current)
        ? zones
        : [current, ...zones];
    return all.map((zone) => ({ value: zone, label: timeZoneLabel(zone, now) }));
  }, [current]);
  return (
    <Select
      label="Time zone"
      placeholder="Type to search"
      nothingFoundMessage="No time zone of that name"
      {...props}
      data={options}
      searchable
      allowDeselect={false}
    />
  );
});
