import { Select } from '@mantine/core';
import type { SelectProps } from '@mantine/core';
import { memo, useMemo } from 'react';
import { countryOptions } from './country-codes.ts';

/** A country by name; the value is its ISO 3166 alpha-2 code. */
export const CountrySelect = memo(function CountrySelect(props: SelectProps) {
  const options = useMemo(() => countryOptions(), []);
  return (
    <Select
      label="Country"
      placeholder="Type to search"
      nothingFoundMessage="No country of that name"
      {...props}
      data={options}
      searchable
      allowDeselect={false}
      autoSelectOnBlur
    />
  );
});
