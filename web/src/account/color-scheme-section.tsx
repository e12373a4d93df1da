import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { SectionCard } from '../ui/section-card.tsx';

const choices = [
  { value: 'auto', label: 'As this computer' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** Kept in this browser, not in the account. */
export function ColorSchemeSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SectionCard title="Colours" lead="For this browser.">
      <SegmentedControl
        aria-label="Colours"
        data={[...choices]}
        value={colorScheme}
        onChange={(value) => setColorScheme(value)}
      />
    </SectionCard>
  );
}
