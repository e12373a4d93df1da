import { Radio, Stack } from '@mantine/core';
import { useMe } from '../ui/use-me.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';
import { SingleSignOnSettings } from './single-sign-on-settings.tsx';

/** 'Signing in': who must have a second factor, and single sign-on. */
export function SigningInSection() {
  const { draft, set } = useForm();
  const { secondFactor } = useMe();
  const strict = draft.secondFactorFor !== 'nobody' && !secondFactor.active;
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'signing-in')!}
      lead="Everybody may set up two-factor sign-in in My account. Whoever must and has not is asked to before anything else."
    >
      <Radio.Group
        label="Who must use two-factor sign-in"
        value={draft.secondFactorFor}
        onChange={(value) => set('secondFactorFor', value)}
        description={
          strict
            ? 'This includes you: after Save you set it up before you go on.'
            : 'Somebody who lost the telephone and the recovery codes? Reset it in the menu of their row above.'
        }
      >
        <Stack gap="xs" mt="sm">
          <Radio value="nobody" label="Nobody has to" data-path="secondFactorFor" />
          <Radio value="administrators" label="Administrators" />
          <Radio value="everyone" label="Everyone" />
        </Stack>
      </Radio.Group>
      <SingleSignOnSettings />
    </SectionCard>
  );
}
